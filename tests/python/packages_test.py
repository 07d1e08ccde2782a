"""The packages that CPack makes, unpacked where nothing else of the project is: a .deb and a .tar.gz."""

import glob
import os
import shutil
import subprocess
import tempfile
import unittest

from installed import BUILD, IS_DEBUG, PROGRAM, SOURCE, WHY_NOT_DEBUG, files_of, files_that_name, output_of

FOLDER = tempfile.TemporaryDirectory()
unittest.addModuleCleanup(FOLDER.cleanup)
ROOT = os.path.join(FOLDER.name, "root")
TREE = os.path.join(FOLDER.name, "tree")


def only(pattern):
    [path] = glob.glob(os.path.join(FOLDER.name, pattern))
    return path


@unittest.skipIf(IS_DEBUG, WHY_NOT_DEBUG)
@unittest.skipUnless(shutil.which("dpkg-shlibdeps"), "no dpkg-dev here")
class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        output_of("cpack", "--config", os.path.join(BUILD, "CPackConfig.cmake"), "-B", FOLDER.name, cwd=FOLDER.name)
        cls.deb = only("*.deb")
        os.mkdir(TREE)
        output_of("dpkg", "-x", cls.deb, ROOT)
        output_of("tar", "-xzf", only("*.tar.gz"), "-C", TREE, "--strip-components=1")

    def hindlimb(self, *arguments):
        """The unpacked program, in an empty folder."""
        with tempfile.TemporaryDirectory() as folder:
            return output_of(os.path.join(ROOT, "usr", "bin", "hindlimb"), *arguments, cwd=folder)

    def test_program_runs_the_study_that_comes_with_it(self):
        study = os.path.join(ROOT, "usr", "share", "hindlimb", "configs", "miller2018.toml")
        result, other = os.path.join(FOLDER.name, "unpacked.h5"), os.path.join(FOLDER.name, "built.h5")
        self.hindlimb("run", study, "-o", result)
        output_of(PROGRAM, "run", os.path.join(SOURCE, "configs", "miller2018.toml"), "-o", other)
        self.assertEqual(self.hindlimb("digest", result), output_of(PROGRAM, "digest", other).replace(other, result))

    def test_program_finds_the_facts_that_come_with_it(self):
        for prefix in (os.path.join(ROOT, "usr"), TREE):
            with self.subTest(prefix):
                result = subprocess.run([os.path.join(prefix, "bin", "hindlimb"), "validate", "--set",
                                         "animals.per_arm=8"], cwd=FOLDER.name, capture_output=True, text=True,
                                        timeout=60)
                self.assertIn(result.returncode, (0, 3), result.stderr)  # with so few rats a fact may well fail
                self.assertIn("8 rats in each arm; a verdict needs 1000", result.stderr)

    def test_man_pages_completions_and_scripts_come_with_it(self):
        for prefix in (os.path.join(ROOT, "usr"), TREE):
            for name in ("share/man/man1/hindlimb.1", "share/man/man1/hindlimb-run.1", "share/man/man5/hindlimb-study.5",
                         "share/bash-completion/completions/hindlimb", "share/zsh/site-functions/_hindlimb",
                         *(f"share/hindlimb/scripts/plot_study.{ending}" for ending in ("py", "R", "gp", "m")),
                         "share/hindlimb/configs/templates/own_data.toml"):
                self.assertGreater(os.path.getsize(os.path.join(prefix, name)), 0, name)

    def test_plot_script_draws_with_the_published_points_that_come_with_it(self):
        shared = os.path.join(ROOT, "usr", "share", "hindlimb")
        result, picture = os.path.join(FOLDER.name, "drawn.h5"), os.path.join(FOLDER.name, "drawn.png")
        self.hindlimb("run", os.path.join(shared, "configs", "miller2018.toml"), "-o", result)
        output_of("/usr/bin/python3", "-B", os.path.join(shared, "scripts", "plot_study.py"), result, "-o", picture)
        self.assertTrue(os.path.isfile(picture))

    def test_name_no_folder_of_the_machine_that_built_them(self):
        for folder in (ROOT, TREE):
            self.assertEqual(files_that_name(folder, [SOURCE, BUILD, FOLDER.name]), [])

    def test_have_the_same_files(self):
        unpacked = {os.path.relpath(path, os.path.join(ROOT, "usr")) for path in files_of(ROOT)}
        self.assertEqual(unpacked, {os.path.relpath(path, TREE) for path in files_of(TREE)})
        for name in ("bin/hindlimb", "include/hindlimb/sim/run.hpp", "share/hindlimb/data/facts.csv",
                     "share/doc/hindlimb/README.md", "share/doc/hindlimb/docs/model.md",
                     "share/doc/hindlimb/examples/first_study.cpp", "share/doc/hindlimb/copyright"):
            self.assertIn(name, unpacked)

    def test_program_is_stripped(self):
        self.assertNotIn(".symtab", output_of("readelf", "-SW", os.path.join(ROOT, "usr", "bin", "hindlimb")))

    def test_deb_says_what_it_is_and_what_it_needs(self):
        def field(name):
            return output_of("dpkg-deb", "-f", self.deb, name).strip()
        self.assertEqual(field("Package"), "hindlimb")
        self.assertEqual(field("Section"), "science")
        self.assertIn("library", field("Description"))
        for library in ("libc6", "libdeflate0", "libfmt9", "libhdf5-103", "libhdf5-hl", "libssl3"):
            self.assertIn(library, field("Depends"))
        self.assertNotIn("-dev", field("Depends"))


if __name__ == "__main__":
    unittest.main()
