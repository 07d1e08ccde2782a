"""The library as others use it: installed, moved elsewhere, found by CMake, linked by a project that knows nothing of this one."""

import json
import os
import shlex
import subprocess
import tempfile
import unittest

import h5py

from installed import BUILD, IS_DEBUG, PROGRAM, SOURCE, WHY_NOT_DEBUG, cached, files_that_name, output_of

FOLDER = tempfile.TemporaryDirectory()
unittest.addModuleCleanup(FOLDER.cleanup)
PREFIX = os.path.join(FOLDER.name, "moved")
EXAMPLES = os.path.join(PREFIX, "share", "doc", "hindlimb", "examples")
CONSUMER = os.path.join(FOLDER.name, "consumer")


def configure(source, build, *definitions):
    return ["cmake", "-G", "Ninja", "-S", source, "-B", build, f"-DCMAKE_PREFIX_PATH={PREFIX}",
            f"-DCMAKE_CXX_COMPILER={cached('CMAKE_CXX_COMPILER')}", *definitions]


@unittest.skipIf(IS_DEBUG, WHY_NOT_DEBUG)
class InstalledLibrary(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        first = os.path.join(FOLDER.name, "first")
        output_of("cmake", "--install", BUILD, "--prefix", first)
        os.rename(first, PREFIX)
        output_of(*configure(os.path.join(SOURCE, "tests", "package"), CONSUMER, f"-DEXAMPLES={EXAMPLES}"))
        output_of("cmake", "--build", CONSUMER)

    def test_names_no_folder_of_the_machine_that_built_it(self):
        self.assertEqual(files_that_name(PREFIX, [SOURCE, BUILD, os.path.join(FOLDER.name, "first")]), [])
        package = os.path.join(PREFIX, "lib", "cmake", "hindlimb")
        self.assertIn("hindlimbConfig.cmake", os.listdir(package))
        self.assertEqual(files_that_name(package, ["/usr/lib", "/usr/include"]), [])

    def test_hands_no_flag_and_no_definition_to_who_links_it(self):
        with open(os.path.join(CONSUMER, "compile_commands.json"), encoding="utf-8") as file:
            commands = json.load(file)
        self.assertGreater(len(commands), 10)
        for command in commands:
            arguments = shlex.split(command["command"])[1:]
            flags = [flag for flag in arguments if flag.startswith("-") and not flag.startswith(("-I", "-isystem"))]
            with self.subTest(command["file"]):
                self.assertEqual(flags, ["-std=gnu++20", "-o", "-c"])

    def test_reads_a_study_and_a_result(self):
        study = os.path.join(PREFIX, "share", "hindlimb", "configs", "miller2018.toml")
        result = os.path.join(FOLDER.name, "miller2018.h5")
        output_of(PROGRAM, "run", study, "-o", result, "--quiet")
        title, digest = output_of(os.path.join(CONSUMER, "everything"), study, result).splitlines()
        self.assertEqual(title, "Massage during regrowth, after Miller et al. 2018")
        self.assertEqual(digest, output_of(PROGRAM, "digest", result).splitlines()[0].split()[0])

    def test_example_prints_what_the_program_makes_of_the_same_study(self):
        result = os.path.join(FOLDER.name, "first_study.h5")
        output_of(PROGRAM, "run", os.path.join(EXAMPLES, "first_study.toml"), "--agents", "-o", result, "--quiet")
        printed = output_of(os.path.join(CONSUMER, "examples", "first_study")).splitlines()
        self.assertEqual(printed, self.rows_of(result) + self.sections_of(result))
        with open(os.path.join(SOURCE, "docs", "api.md"), encoding="utf-8") as page:
            self.assertIn("\n".join(printed), page.read())

    @staticmethod
    def rows_of(result):
        with h5py.File(result) as file:
            areas = file["csa"][0, :, :, 0, :, -1].mean(axis=1)
            arms = [name.decode() for name in file["arm"][:]]
            limbs = [name.decode() for name in file["limb"][:]]
        lines = []
        for a, arm in enumerate(arms):
            for i, limb in enumerate(limbs):
                share = 100 * areas[a, i] / areas[arms.index("RE"), i]
                lines.append(f"{arm:4} {limb:5} day 22: fibre area {areas[a, i]:.1f} um2, {share:.1f} % of untreated")
        return lines

    @staticmethod
    def sections_of(result):
        lines = []
        with h5py.File(result) as file:
            agents = file["agents"]
            kinds = agents["cell_type"].attrs["flag_meanings"].split()
            macrophages = [kind.endswith("macrophage") for kind in kinds]
            for i, (arm, limb, rat) in enumerate(zip(agents["arm"], agents["limb"], agents["animal"])):
                n = sum(macrophages[kind] for kind in agents["cell_type"][agents["cell_snapshot"][:] == i])
                lines.append(f"{arm.decode():4} {limb.decode():5} day {agents['time'][i]:g}: 200 fibres, "
                             f"{n} macrophages in the section of rat {rat}")
        return lines

    def test_says_that_a_project_without_c_must_enable_it(self):
        message = self.refusal("project(consumer LANGUAGES CXX)\nfind_package(hindlimb REQUIRED)")
        self.assertIn("the language C is not enabled; write project(<name> LANGUAGES C CXX)", message)

    def test_of_0_1_is_not_taken_for_0_2(self):
        self.assertIn("compatible with requested version \"0.2\"",
                      self.refusal("project(consumer LANGUAGES CXX)\nfind_package(hindlimb 0.2 REQUIRED)"))

    @staticmethod
    def refusal(text):
        """What CMake says of a project that it cannot configure, on one line."""
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "CMakeLists.txt"), "w", encoding="utf-8") as file:
                file.write(f"cmake_minimum_required(VERSION 3.25)\n{text}\n")
            result = subprocess.run(configure(folder, os.path.join(folder, "build")), capture_output=True, text=True,
                                    timeout=60)
        if result.returncode == 0:
            raise AssertionError(result.stdout)
        return " ".join(result.stderr.split())


if __name__ == "__main__":
    unittest.main()
