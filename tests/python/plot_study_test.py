"""Pictures of studies by Python, R, gnuplot and Octave: legible, the right numbers behind them, what is refused."""

import csv
import contextlib
import functools
import io
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from unittest import mock

import h5py
import numpy
from matplotlib import pyplot

from legible import LegibleTest, drawn_texts
from sections_example import PROGRAM, SCRIPTS, ScriptTest

import plot_study  # noqa: E402  (sections_example knows where it is)
import protocol
import published
import result_files
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
ODD_NAME = 'k_$9,"x"\\foo$'
MEASUREMENTS = "own_data_measurements.csv"
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
    elif name in ("long_name", "odd_name"):
        arm = LONG_NAME if name == "long_name" else ODD_NAME
        with open(f"{CONFIGS}/miller2018.toml", encoding="utf-8") as study, \
                open(path_of(f"{name}.toml"), "w", encoding="utf-8") as file:
            file.write(re.sub("(?m)^title = .*", "title = 'of $x_1^2$ rats'", study.read())
                       .replace('name = "REM"', f"name = '{arm}'"))
        command = ["run", path_of(f"{name}.toml")]
    elif name == "own_data":
        subprocess.run([PROGRAM, "init", "own-data"], cwd=FOLDER.name, check=True, capture_output=True)
        command = ["run", path_of("own_data.toml")]
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
        self.assert_refused("muscle 'sOlaeus' is not in the file; did you mean 'soleus'? There are: "
                            "gastrocnemius_medial, soleus", result("own_data"), "--muscle", "sOlaeus")
        self.assert_refused(f"{FOLDER.name}: is a directory, not a file", FOLDER.name)
        with mock.patch("builtins.open", side_effect=PermissionError(13, "Permission denied")):
            self.assert_refused("x.h5: cannot be read: Permission denied", "x.h5")
        none = path_of("none.h5")
        self.assert_refused(f"{none}: no such file; 'hindlimb run' makes one", none)
        self.assert_refused(f"{table('miller2018')}: not a study's result file; 'hindlimb run' makes one",
                            table("miller2018"))
        nowhere = path_of("nowhere/x.png")
        self.assert_refused(f"{nowhere}: No such file or directory", result("miller2018"), "-o", nowhere)

    def test_points_to_the_other_script_where_there_are_no_time_courses(self):
        for keep in ("final", "summary"):
            path = path_of(f"{keep}.h5")
            result("sweep")
            with open(path_of("sweep.toml"), encoding="utf-8") as file, open(path_of(f"{keep}.toml"), "w") as other:
                other.write(file.read().replace('"series"', f'"{keep}"'))
            subprocess.run([PROGRAM, "sweep", path_of(f"{keep}.toml"), "-o", path, "--quiet"], check=True)
            self.assert_refused(f"{path}: has no time courses; of a sweep that keeps none scripts/plot_sweep.py draws "
                                "the ends of arms", path)

    def copy_of(self, name, change):
        """Without a checksum; change: of the bytes."""
        with open(result(name), "rb") as file, open(path_of("copy.h5"), "wb") as copy:
            copy.write(change(file.read()))
        return path_of("copy.h5")

    def test_refuses_a_file_that_is_not_what_its_checksum_says(self):
        path = self.copy_of("miller2018", lambda content: content[:90000] + b"changed" + content[90007:])
        shutil.copy(result("miller2018") + ".sha256", path + ".sha256")
        self.addCleanup(os.remove, path + ".sha256")
        says = f"{path}: changed or broken: its SHA-256 is not the one in 'copy.h5.sha256'"
        self.assert_refused(says, path)
        done = subprocess.run(["Rscript", os.path.join(SCRIPTS, "plot_study.R"), path], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (1, "", f"plot_study.R: {says}\n"))

    def test_refuses_a_broken_file_without_a_checksum(self):
        path = self.copy_of("miller2018", lambda content: content[:90000])
        self.assert_refused(f"{path}: cannot be read: it is broken", path)

    def test_tries_a_file_without_a_checksum_in_another_process(self):
        path = self.copy_of("miller2018", lambda content: content)
        with open(path_of("crash"), "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\nkill -SEGV $$\n")
        os.chmod(file.name, 0o755)
        with mock.patch("sys.executable", file.name):
            self.assert_refused(f"{path}: cannot be read: it is broken", path, "--observables", "csa")
            self.draw(result("miller2018"), "--observables", "csa")  # which has one
        with mock.patch("subprocess.run", side_effect=subprocess.TimeoutExpired("python3", 20)):
            self.assertFalse(result_files.can_be_read(path))

    def test_gives_long_names_room_but_the_panel_more(self):
        together = self.draw(result("long_name"), "--observables", "csa,wet_mass")
        for axes in together.axes:
            self.assertGreater(axes.get_window_extent().width / together.dpi, 3.5)
        self.assert_legible(together)
        self.assert_legible(self.draw(result("long_name"), "--observables", "csa,wet_mass", "--grid"))

    def test_never_makes_two_names_equal(self):
        long = "of_a_very_long_name_that_is_too_long_for_any_heading_of_a_panel"
        self.assertEqual(result_files.short_names([long, "RE"]),
                         {long: "of_a_very_long_name_that_i…_for_any_heading_of_a_panel", "RE": "RE"})
        twin = long.replace("too_long", "TOO_LONG")
        self.assertEqual(result_files.short_names([long, twin]), {long: long, twin: twin})
        self.assertEqual(plot_study.in_lines("first_and_second_and_third massaged"),
                         "first_and_second_\nand_third massaged")

    def test_draws_names_as_they_are(self):
        for options in ((), ("--grid",)):
            figure = self.draw(result("odd_name"), "--observables", "csa", *options)
            texts = self.texts(figure)
            self.assertIn("of $x_1^2$ rats: gastrocnemius medial", texts)
            self.assertTrue(any(text.startswith(ODD_NAME) for text in texts), texts)
            self.assertFalse(any(text.get_parse_math() for text in drawn_texts(figure)))

    def own_points(self, observable, muscle="gastrocnemius_medial", path=None):
        study = plot_study.open_study(result("own_data")).isel(run=0).sel(muscle=muscle)
        curves = plot_study.curves_of(study[observable], study.massaged, protocol.Protocol(study))
        points = published.published(path or path_of(MEASUREMENTS), observable, muscle, curves, study.time.values, None)
        return points, {(curve.arm, curve.limb): curve.mean for curve in curves}

    def own_table(self, *rows):
        with open(path_of("own.csv"), "w", encoding="utf-8") as file:
            file.write("# mine\narm,reference,limb,muscle,protocol,day_unloading,day_reloading,quantity,unit,value,"
                       "error,low,high,kind,source\n" + "\n".join(rows) + "\n")
        return file.name

    def test_puts_measurements_of_ones_own_on_the_arm_that_they_refer_to(self):
        points, means = self.own_points("csa")
        self.assertEqual([(point.day, point.curve.arm, point.curve.limb) for point in points],
                         [(14, "untreated", ""), (21, "untreated", ""), (21, "massage", "massaged"),
                          (21, "massage", "contralateral")])
        control, untreated = means["control", ""], means["untreated", ""]
        numpy.testing.assert_allclose([(point.value, point.error) for point in points],
                                      [(0.62 * control[14], 0.035 * control[14]),
                                       (0.75 * control[21], 0.03 * control[21]),
                                       (1.15 * untreated[21], 0.03 * untreated[21]),
                                       (1.11 * untreated[21], 0.03 * untreated[21])])
        self.assertTrue(all(point.hollow and not point.is_band and point.source == "mine" for point in points))
        mass = self.own_points("wet_mass", "soleus")
        self.assertAlmostEqual(mass[0][0].value, 0.6 * mass[1]["control", ""][14])

    def test_takes_each_kind_of_number_from_a_table_of_facts(self):
        path = self.own_table(
            "untreated,,both,all,suspension,7,,csa,um2,2000,50,,,pass,a",
            "untreated,control day 7,left,gastrocnemius_medial,suspension,14,,csa_ratio,ratio,0.7,0.1,,,pass,b",
            "massage,untreated day 14,right,gastrocnemius_medial,reloading,14,7,csa_ratio,percent,20,,,,pass,c",
            "massage,untreated,massaged,gastrocnemius_medial,reloading,14,7,csa_change,percent,,,10,30,pass,d",
            "untreated,control,both,soleus,suspension,14,,csa_change,percent,-30,,,,pass,other muscle",
            "untreated,control,both,all,suspension; age_months=30,14,,csa_change,percent,-30,,,,pass,other rats",
            "massage,untreated,difference,all,reloading,14,7,csa_change,percent,1,,,,pass,no limb",
            "untreated,control,both,all,suspension,14,,csa_ratio_max,ratio,1,,,,pass,no day",
            "untreated,control,both,all,suspension,14,,csa_change,percent,,,,,pass,no number",
            "untreated,control,both,all,suspension,99,,csa_change,percent,-30,,,,pass,after the end",
            "nobody,control,both,all,suspension,14,,csa_change,percent,-30,,,,pass,no arm",
            "untreated,control,both,all,suspension,14,,csa_change,percent,,,-40,-30,predict,not measured")
        points, means = self.own_points("csa", path=path)
        self.assertEqual([point.source for point in points], ["a", "b", "c", "d"])
        untreated = means["untreated", ""]
        numpy.testing.assert_allclose([point.value for point in points],
                                      [2000, 0.7 * means["control", ""][7], 1.2 * untreated[14], 1.2 * untreated[21]])
        self.assertEqual([point.hollow for point in points], [False, True, True, True])
        self.assertEqual([point.is_band for point in points], [False, False, False, True])
        self.assertAlmostEqual(points[3].error, 0.1 * untreated[21])
        self.assertEqual([point.curve.limb for point in points], ["", "", "massaged", "massaged"])

    def test_draws_measurements_of_ones_own(self):
        figure = self.draw(result("own_data"), "--data", path_of(MEASUREMENTS), "--observables", "csa")
        self.assert_legible(figure)
        self.assertIn("measured: mine", self.texts(figure))
        facts = os.path.join(os.environ["HINDLIMB_SOURCE"], "data", "facts.csv")
        texts = self.texts(self.draw(result("miller2018"), "--data", facts, "--observables", "csa"))
        self.assertIn("measured: Miller 2018, JPhysiol", texts)
        self.assertTrue(any("low to high, and their middle" in text for text in texts), texts)

    def test_says_so_where_no_measurement_is_of_what_is_drawn(self):
        result("own_data")
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            self.draw(result("own_data"), "--data", path_of(MEASUREMENTS), "--observables", "rna")
        self.assertEqual(said.getvalue(),
                         f"{path_of(MEASUREMENTS)}: no row is about these curves, so no point is drawn\n")

    def test_refuses_other_tables(self):
        path, like = path_of("other.csv"), "data/observations.csv or that of 'hindlimb init own-data'"
        for content, says in ((b"a,b\n1,2\n", f"no column 'muscle'; tables that can be drawn are like {like}"),
                              (b"", f"no column 'muscle'; tables that can be drawn are like {like}"),
                              (b"arm,muscle,limb\n", f"no column 'quantity'; tables that can be drawn are like {like}"),
                              (b"\xff,b\n", "not a table with commas between its cells: 'utf-8' codec can't decode "
                                             "byte 0xff in position 0: invalid start byte")):
            with open(path, "wb") as file:
                file.write(content)
            self.assert_refused(f"{path}: {says}", result("miller2018"), "--data", path)

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

    def call(self, *arguments, script=None, **how):
        return subprocess.run([*self.command, script or self.script(), *arguments], capture_output=True, text=True,
                              timeout=120, cwd=FOLDER.name, env={**os.environ, "LC_ALL": "C.UTF-8"}, **how)

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
            drawn = abs(pixels - colour).max(axis=2) < 40
            self.assertGreater(drawn.sum(), 1000, f"{limb} limb")
            self.assertLess(drawn.sum(axis=0).max(), 70, f"an upright line, {limb} limb")
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

    def assert_says(self, done, says):
        """One line that begins so."""
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertTrue(done.stderr.startswith(f"plot_study.{self.ending}: {says}"), done.stderr)
        self.assertEqual(done.stderr.rstrip("\n").count("\n"), 0, done.stderr)

    def test_refuses_what_is_not_there(self):
        given, study = self.input("miller2018"), os.path.join(CONFIGS, "miller2018.toml")
        os.makedirs(path_of("folder.png"), exist_ok=True)
        for arguments, says in ((("none.h5",), "none.h5: no such file; 'hindlimb "), ((study,), f"{study}: not a "),
                                ((FOLDER.name,), f"{FOLDER.name}: is a directory, not a file"),
                                ((given, ""), "observable '' is not in the file; there are: csa"),
                                ((given, "csa_by_type"),
                                 "observable 'csa_by_type': name one type, such as csa_by_type.I; there are: csa_by_type.I"),
                                ((given, "csa", "x.png", "edl", "more"), "'more' is one word too many; see --help"),
                                ((given, "csa", "x.png", ""), "muscle '' is not in the file; there are:"),
                                ((given, "csa", "folder.png"), "folder.png: cannot be written: Is a directory"),
                                ((given, "csaa"), "observable 'csaa' is not in the file; there are: csa"),
                                ((given, "csa", "x.png", "soleus"), "muscle 'soleus' is not in the file; there are:"),
                                ((given, "csa", "x.pdf"), "x.pdf: must end in .png"),
                                ((given, "csa", "nowhere/x.png"),
                                 "nowhere/x.png: cannot be written: No such file or directory")):
            with self.subTest(arguments=arguments):
                self.assert_says(self.call(*arguments), says)

    def test_says_what_may_not_be_read_or_written(self):
        nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        script, secret, table_or_file = (path_of(f"{name}.{self.ending}") for name in ("script", "secret", "given"))
        shutil.copy(self.script(), script)
        for path, mode in ((secret, 0), (table_or_file, 0o644)):
            shutil.copy(self.input("miller2018"), path)
            os.chmod(path, mode)
        os.makedirs(path_of("locked"), exist_ok=True)
        os.chmod(path_of("locked"), 0o555)
        os.chmod(FOLDER.name, 0o755)
        self.assert_says(self.call(secret, "csa", "/tmp/x.png", script=script, **nobody),
                         f"{secret}: cannot be read: Permission denied")
        self.assert_says(self.call(table_or_file, "csa", "locked/x.png", script=script, **nobody),
                         "locked/x.png: cannot be written: Permission denied")


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
        self.assert_says(self.call(path), f"{path}: has one time and no course; plot_sweep.py draws ends of arms")

    def test_refuses_a_table_without_rows(self):
        path = path_of("rows.csv")
        with open(table("miller2018"), encoding="utf-8") as whole:
            header = whole.readline()
        for content, says in ((header, "has no rows beneath its header, so there is nothing to draw"),
                              ("", "not a table made by: hindlimb export RESULT.h5 --csv")):
            with open(path, "w", encoding="utf-8") as file:
                file.write(content)
            self.assert_says(self.call(path), f"{path}: {says}")

    def renamed(self, name):
        """The table with another name for REM."""
        with open(table("miller2018"), encoding="utf-8") as file:
            text = file.read().replace(",REM,", f",{name},")
        with open(path_of("renamed.csv"), "w", encoding="utf-8") as file:
            file.write(text)
        return path_of("renamed.csv")

    def test_draws_arms_with_any_signs(self):
        for name in ("$x_{9}^2$", "#1", "it's", "NaN", "%s@`date`"):
            with self.subTest(name=name):
                self.drawn(self.renamed(name), "csa")


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

    def test_refuses_arms_that_gnuplot_cannot_read(self):
        for name in ('"R,1"', '"say ""R"""', "R\\n"):
            path = self.renamed(name)
            self.assert_says(self.call(path, "csa"), f"{path}: gnuplot cannot read names with commas, quotation marks "
                                                     "or backslashes; plot_study.py draws them")


class Octave(OfTables, unittest.TestCase):
    command, ending = ("octave-cli",), "m"
    numbers = """source("{script}");
[days, middle, sd] = course(only(rows, strcmp(rows.arm, "REM") & strcmp(rows.limb, "right")));
printf("= %g %.12g %.12g %.12g\\n", [days, middle - sd, middle, middle + sd]');
"""

    def test_draws_commas_quotation_marks_and_backslashes(self):
        self.drawn(table("odd_name"), "csa")
        self.drawn(self.renamed("back\\slash\\n\\"), "csa")

    def test_refuses_a_broken_table(self):
        with open(table("miller2018"), encoding="utf-8") as whole, open(path_of("broken.csv"), "w") as file:
            file.write(whole.read()[:90000] + "\n")
        self.assert_says(self.call(file.name), f"{file.name}: a row is not whole: export it again")


if __name__ == "__main__":
    unittest.main()
