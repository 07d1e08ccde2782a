"""Pictures of studies by Python, R, gnuplot and Octave: legible, the right numbers behind them, what is refused."""

import csv
import functools
import os
import shutil
import subprocess
import tempfile
import unittest

import h5py
import numpy
from matplotlib import pyplot

from legible import LegibleTest, drawn_texts
from sections_example import PROGRAM, SCRIPTS, ScriptTest

import plot_study  # noqa: E402  (sections_example knows where it is)
import protocol
import published
from result_files import values_of

CONFIGS = os.path.join(os.environ["HINDLIMB_SOURCE"], "configs")
SWEEP = f"""
[sweep]
study = "{CONFIGS}/miller2018.toml"
keep = "series"
[[sweep.axis]]
key = "arm.REM.massage.force_N"
values = [0, 4.5]
"""
LONG_NAME = "REM_mit_Massage_für_das_größere_Übel_vom_ersten_Tag_der_Wiederbelastung_an"
COLOURS = {"left": (0, 114, 178), "right": (213, 94, 0)}  # Okabe-Ito: blue, vermillion
RE, REM, RIGHT = 2, 3, 1

FOLDER = tempfile.TemporaryDirectory()
unittest.addModuleCleanup(FOLDER.cleanup)
plot_study.open_study = functools.cache(plot_study.open_study)  # which is much of the time


def path_of(name):
    return os.path.join(FOLDER.name, name)


@functools.cache
def result(name):
    path = path_of(f"{name}.h5")
    if name == "sweep":
        with open(path_of("sweep.toml"), "w", encoding="utf-8") as file:
            file.write(SWEEP)
        command = ["sweep", path_of("sweep.toml")]
    elif name == "long_name":
        with open(f"{CONFIGS}/miller2018.toml", encoding="utf-8") as study, \
                open(path_of("long_name.toml"), "w", encoding="utf-8") as file:
            file.write(study.read().replace('name = "REM"', f'name = "{LONG_NAME}"'))
        command = ["run", path_of("long_name.toml")]
    else:
        command = ["run", f"{CONFIGS}/{name}.toml", *(["--set", "animals.per_arm=3"] if name == "validation" else [])]
    subprocess.run([PROGRAM, *command, "-o", path, "--quiet"], check=True)
    return path


@functools.cache
def table(name):
    path = path_of(f"{name}.csv")
    observables = "csa" if name == "validation" else "csa,csa_by_type"  # which has no others
    subprocess.run([PROGRAM, "export", result(name), "--csv", "--observables", observables, "-o", path], check=True)
    return path


class Python(ScriptTest, LegibleTest):
    script = plot_study

    def setUp(self):
        self.addCleanup(pyplot.close, "all")

    def draw(self, *arguments):
        picture = path_of("python.png")
        self.assertEqual(self.run_script(*arguments, "-o", picture), f"wrote {picture}\n")
        self.assertGreater(pyplot.imread(picture)[..., :3].std(), 0.05)
        return pyplot.gcf()

    def texts(self, figure):
        return [text.get_text() for text in drawn_texts(figure)]

    def test_is_legible_whatever_is_drawn(self):
        for arguments, n_panels in (
            ((result("miller2018"),), 2),
            ((result("miller2018"), "--observables", "csa"), 1),
            ((result("miller2018"), "--observables", "rna,csa_by_type"), 5),
            ((result("miller2018"), "--grid", "--observables", "csa_by_type.IIx,myofibrillar_kdeg_d2o"), 2 * 4 * 2),
            ((result("validation"), "--observables", "csa"), 7 * 2),
            ((result("long_reloading"), "--observables", "wet_mass", "--muscle", "soleus"), 6 * 2),
            ((result("sweep"), "--run", "2", "--no-data"), 2),
        ):
            with self.subTest(arguments=arguments):
                figure = self.draw(*arguments)
                self.assertEqual(sum(axes.get_visible() for axes in figure.axes), n_panels)
                self.assert_legible(figure)

    def test_has_axes_with_units_and_a_legend(self):
        texts = self.texts(self.draw(result("miller2018")))
        for text in ("mean fibre cross-sectional area (µm²)", "muscle wet mass (mg)", "time (d)", "REM massaged",
                     "simulated: mean of 8 rats", "± 1 SD over rats", "published: Miller 2018, JPhysiol"):
            self.assertIn(text, texts)
        texts = self.texts(self.draw(result("miller2018"), "--grid", "--observables", "csa"))
        for text in ("mean fibre cross-sectional area (µm²)", "time (d)", "WB", "left limb", "right limb",
                     "massaged limb", "same limb of RE", "bout of massage", "published: Miller 2018, JPhysiol"):
            self.assertIn(text, texts)

    def test_gives_each_arm_and_limb_a_panel_when_one_would_hold_too_many(self):
        figure = self.draw(result("validation"), "--observables", "csa")
        self.assertEqual([axes.get_title() for axes in figure.axes if axes.get_title()],
                         ["WB", "HS", "RE", "REM", "WBM", "HSM", "TRAIN"])
        self.assertEqual(len(self.draw(result("validation"), "--observables", "csa", "--no-grid").axes), 1)

    def test_takes_curves_for_many_by_their_colours_or_by_those_that_end_early(self):
        study = plot_study.open_study(result("miller2018")).isel(run=0, muscle=0)
        picture = plot_study.Picture(study, "", None)
        curves = picture.curves("csa")  # WB, HS, RE, REM of two limbs
        early, late = curves[1], curves[2]
        for these, are_many in ((curves, False), ([late] * 6, False), ([late] * 7, True), ([late, early], False),
                                ([late, early, early], True)):
            self.assertEqual(picture.are_many(these), are_many, [curve.label for curve in these])

    def test_draws_means_over_rats_of_each_limb(self):
        study = plot_study.open_study(result("miller2018")).isel(run=0, muscle=0)
        with h5py.File(result("miller2018")) as file:
            csa, by_type = file["csa"][0, :, :, 0].astype(float), file["csa_by_type"][0, :, :, 0].astype(float)
        curve = plot_study.curve_of_limb(values_of(study, "csa"), study.massaged, "REM", RIGHT)
        self.assertEqual(curve.limb, "massaged")
        numpy.testing.assert_allclose(curve.mean, csa[REM, :, RIGHT].mean(axis=0), rtol=1e-6)
        numpy.testing.assert_allclose(curve.sd, csa[REM, :, RIGHT].std(axis=0, ddof=1), rtol=1e-5)
        curves = plot_study.curves_of(values_of(study, "csa_by_type.IIa"), study.massaged, protocol.Protocol(study))
        self.assertEqual([curve.label for curve in curves], ["WB", "HS", "RE", "REM massaged", "REM contralateral"])
        numpy.testing.assert_allclose(curves[2].mean, by_type[RE, :, :, 1].mean(axis=(0, 1)), rtol=1e-6)
        numpy.testing.assert_allclose(curves[3].mean, by_type[REM, :, RIGHT, 1].mean(axis=0), rtol=1e-6)

    def test_puts_published_changes_on_the_simulated_arm_that_they_are_relative_to(self):
        study = plot_study.open_study(result("miller2018")).isel(run=0, muscle=0)
        described = protocol.Protocol(study)
        curves = plot_study.curves_of(study.csa, study.massaged, described)
        data = os.path.join(os.environ["HINDLIMB_SOURCE"], "data", "observations.csv")
        points = published.published(data, "csa", "gastrocnemius_medial", curves, study.time.values, described)
        point = next(point for point in points if point.curve.limb == "massaged")
        with open(data, encoding="utf-8") as file:
            row = next(row for row in csv.DictReader(file) if row["study"] == point.source and row["limb"] == "massaged"
                       and row["quantity"] == "fibre_CSA_change")
        self.assertEqual(point.day, 22)
        self.assertAlmostEqual(point.value, curves[2].mean[-1] * (1 + float(row["value"]) / 100), places=3)

    def test_refuses_what_is_not_in_the_file(self):
        self.assert_refused("muscle 'soleus' is not in the file; there are: gastrocnemius_medial", result("miller2018"),
                            "--muscle", "soleus")
        self.assert_refused("observable 'csa_by_type.V' is not in the file; there are: csa, wet_mass",
                            result("validation"), "--observables", "csa,csa_by_type.V")
        self.assert_refused("--run 3: the file has runs 1 to 2", result("sweep"), "--run", "3")
        none = path_of("none.h5")
        self.assert_refused(f"{none}: no such file; 'hindlimb run' makes one", none)
        self.assert_refused(f"{table('miller2018')}: not a study's result file; 'hindlimb run' makes one",
                            table("miller2018"))
        nowhere = path_of("nowhere/x.png")
        self.assert_refused(f"{nowhere}: No such file or directory", result("miller2018"), "-o", nowhere)


    def test_says_what_it_has_written(self):
        shutil.copy(result("miller2018"), path_of("study.h5"))
        script = os.path.join(SCRIPTS, "plot_study.py")
        for arguments, name in (((), "study.png"), (("-o", path_of("other")), "other.png"),
                                (("-o", path_of("x.pdf")), "x.pdf")):
            done = subprocess.run(["/usr/bin/python3", "-B", script, path_of("study.h5"), *arguments],
                                  capture_output=True, text=True, timeout=60, check=True)
            self.assertEqual(done.stdout, f"wrote {path_of(name)}\n")
            self.assertTrue(os.path.isfile(path_of(name)))


class OtherTool:
    """What the scripts for R, gnuplot and Octave have in common; each of them is called with words in an order."""

    command, ending, numbers = (), "", ""

    @classmethod
    def script(cls):
        return os.path.join(SCRIPTS, f"plot_study.{cls.ending}")

    def call(self, *arguments, script=None):
        return subprocess.run([*self.command, script or self.script(), *arguments], capture_output=True, text=True,
                              timeout=120, cwd=FOLDER.name, env={**os.environ, "LC_ALL": "C.UTF-8"})

    def drawn(self, *arguments):
        """Pixels of a picture with both colours of limbs and a page that cuts nothing off."""
        picture = path_of(f"{self.ending}.png")
        done = self.call(*arguments[:2], picture, *arguments[2:])
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, f"wrote {picture}\n", ""))
        pixels = (pyplot.imread(picture)[..., :3] * 255).round().astype(int)
        height, width = pixels.shape[:2]
        self.assertTrue(600 < width < 3000 and 500 < height < 3000, (width, height))
        frame = numpy.concatenate([pixels[:4].reshape(-1, 3), pixels[-4:].reshape(-1, 3), pixels[:, :4].reshape(-1, 3),
                                   pixels[:, -4:].reshape(-1, 3)])
        self.assertTrue((frame == 255).all(), "something leaves the page")
        for limb, colour in COLOURS.items():
            n = (abs(pixels - colour).max(axis=2) < 40).sum()
            self.assertGreater(n, 1000, f"{limb} limb")
        return pixels

    def test_draws_the_main_study(self):
        self.drawn(self.input("miller2018"), "csa")

    def test_draws_seven_arms_and_any_muscle(self):
        self.drawn(self.input("validation"), "csa", "edl")

    def test_keeps_a_long_name_on_the_page(self):
        self.drawn(self.input("long_name"), "csa")

    def test_draws_one_rat_and_the_first_run_of_a_sweep(self):
        self.drawn(self.input("long_reloading"), "csa_by_type.IIa")
        self.drawn(self.input("sweep"), "csa")

    def test_draws_means_and_standard_deviations(self):
        driver = path_of(f"driver.{self.ending}")
        with open(driver, "w", encoding="utf-8") as file:
            file.write(self.numbers.format(script=self.script()))
        done = self.call(self.input("miller2018"), "csa", path_of("driver.png"), script=driver)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("= ")]
        with h5py.File(result("miller2018")) as file:
            csa = file["csa"][0, REM, :, 0, RIGHT].astype(float)
            days = file["time"][()]
        mean, sd = csa.mean(axis=0), csa.std(axis=0, ddof=1)
        numpy.testing.assert_allclose(numpy.array(rows, float), numpy.transpose([days, mean - sd, mean, mean + sd]),
                                      rtol=1e-6, atol=1e-9)

    def test_says_what_it_needs(self):
        for option in ("--help", "-h"):
            done = self.call(option)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertTrue(done.stdout.startswith(f"usage: {self.command[0]} "), done.stdout)
            self.assertIn("OBSERVABLE", done.stdout)
        done = self.call()
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertTrue(done.stderr.startswith("usage: "), done.stderr)

    def test_refuses_what_is_not_there(self):
        given, study = self.input("miller2018"), os.path.join(CONFIGS, "miller2018.toml")
        for arguments, says in ((("none.h5",), "none.h5"), ((study,), "miller2018.toml"),
                                ((given, "csaa"), "observable 'csaa' is not in the file; there are: csa"),
                                ((given, "csa", "x.png", "soleus"), "muscle 'soleus' is not in the file; there are:"),
                                ((given, "csa", "x.pdf"), "x.pdf: must end in .png"),
                                ((given, "csa", "nowhere/x.png"), "")):
            with self.subTest(arguments=arguments):
                done = self.call(*arguments)
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertIn(says, done.stderr)
                self.assertNotEqual(done.stderr, "")


class R(OtherTool, unittest.TestCase):
    command, ending, input = ("Rscript",), "R", staticmethod(result)
    numbers = """source("{script}")
course <- courses(values_of(study, observable, muscle))[, , "right", "REM"]
cat(sprintf("= %g %.12g %.12g %.12g\\n", study$dim$time$vals, course[1, ], course[2, ], course[3, ]), sep = "")
"""


class OfTables(OtherTool):
    input = staticmethod(table)

    def test_refuses_a_table_with_one_time(self):
        path = path_of("ends.csv")
        with open(table("miller2018"), encoding="utf-8") as whole, open(path, "w", encoding="utf-8") as ends:
            ends.writelines(line for line in whole if line.startswith("run,") or line.split(",")[5] == "22")
        done = self.call(path)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("ends.csv: has one time and no course; plot_sweep.py draws ends of arms", done.stderr)


class Gnuplot(OfTables, unittest.TestCase):
    command, ending = ("gnuplot", "-c"), "gp"
    numbers = """call "{script}" ARG1 ARG2 ARG3
block = -1; was_blank = 1
do for [k = 1:|$courses|] {{
  is_blank = strlen($courses[k]) == 0
  if (was_blank && !is_blank) {{ block = block + 1 }}
  if (!is_blank && block == 7) {{ print "= ".$courses[k] }}
  was_blank = is_blank
}}
"""

    def test_refuses_arms_that_gnuplot_takes_for_one(self):
        with open(table("miller2018"), encoding="utf-8") as file:
            text = file.read().replace(",RE,", ',"R,1",').replace(",REM,", ',"R,2",')
        with open(path_of("comma.csv"), "w", encoding="utf-8") as file:
            file.write(text)
        done = self.call(path_of("comma.csv"))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("names of arms with commas are one to gnuplot", done.stderr)


class Octave(OfTables, unittest.TestCase):
    command, ending = ("octave-cli",), "m"
    numbers = """source("{script}");
[days, middle, sd] = course(only(rows, strcmp(rows.arm, "REM") & strcmp(rows.limb, "right")));
printf("= %g %.12g %.12g %.12g\\n", [days, middle - sd, middle, middle + sd]');
"""


if __name__ == "__main__":
    unittest.main()
