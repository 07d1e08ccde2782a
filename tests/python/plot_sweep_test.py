"""The pictures of sweeps: that there are any and that they are legible, the numbers behind them, what is refused."""

import contextlib
import csv
import functools
import io
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import h5py
import numpy
from matplotlib import pyplot

from legible import LegibleTest, drawn_texts

PROGRAM = os.environ["HINDLIMB"]
SOURCE = os.environ["HINDLIMB_SOURCE"]
STUDY = os.path.join(SOURCE, "configs", "miller2018.toml")
SCRIPT = os.path.join(SOURCE, "scripts", "plot_sweep.py")

sys.path.insert(0, os.path.dirname(SCRIPT))
import plot_sweep  # noqa: E402

LEFT, RIGHT = 0, 1  # the right limb is massaged
RE, REM = 2, 3
FORCE = '[[sweep.axis]]\nkey = "arm.REM.massage.force_N"\nvalues = [0, 1.4, 4.5]\n'
EVERY = '[[sweep.axis]]\nkey = "arm.REM.massage.every_d"\nvalues = [1, 2]\n'
FIRST = '[[sweep.axis]]\nkey = "arm.REM.massage.first_d"\nvalues = [0, 0.5]\n'
SEX = '[[sweep.axis]]\nkey = "animals.sex"\nvalues = ["male", "female"]\n'
DURATION = '[[sweep.axis]]\nkey = "arm.{}.phase.reload.duration_d"\nvalues = [8, 10]\n'

folder = tempfile.TemporaryDirectory()
unittest.addModuleCleanup(folder.cleanup)
plot_sweep.open_sweep = functools.cache(plot_sweep.open_sweep)  # which is most of the time


class Sweeps(LegibleTest):
    """Small sweeps, simulated when first asked for; what is drawn stays open as a figure until the end of the test."""

    def setUp(self):
        self.addCleanup(pyplot.close, "all")

    @classmethod
    def path(cls, name):
        return os.path.join(folder.name, name)

    @classmethod
    def simulate(cls, name, *axes, design='design = "grid"', keep="final", replicates=2):
        """A small sweep of the main study: 4 rats in an arm and replicate."""
        if os.path.exists(cls.path(f"{name}.h5")):
            return cls.path(f"{name}.h5")
        with open(cls.path(f"{name}.toml"), "w", encoding="utf-8") as file:
            file.write(f'[sweep]\nstudy = "{STUDY}"\n{design}\nreplicates = {replicates}\nkeep = "{keep}"\n'
                       '[sweep.set]\n"animals.per_arm" = 4\n"record.times_d" = [0, 14, 18, 22]\n'
                       '"record.observables" = ["csa", "csa_by_type", "wet_mass"]\n')
            file.writelines(axes)
        return cls.run_sweep(cls.path(f"{name}.toml"), name)

    @classmethod
    def run_sweep(cls, file, name):
        subprocess.run([PROGRAM, "sweep", file, "-o", cls.path(f"{name}.h5"), "--quiet"], check=True,
                       stderr=subprocess.DEVNULL if name == "failed" else None)
        return cls.path(f"{name}.h5")

    @classmethod
    def grid(cls):
        return cls.simulate("grid", FORCE, EVERY, FIRST)

    def pictured(self, *arguments):
        with mock.patch.object(sys, "argv", ["plot_sweep.py", *arguments]):
            return plot_sweep.pictured(plot_sweep.arguments())

    def draw(self, *arguments):
        """Draws into picture.png, and gives the figure."""
        out, picture = io.StringIO(), self.path("picture.png")
        command = ["plot_sweep.py", *arguments, "-o", picture]
        with mock.patch.object(sys, "argv", command), contextlib.redirect_stdout(out):
            plot_sweep.main()
        self.assertEqual(out.getvalue(), f"wrote {picture}\n")
        return pyplot.gcf()

    def notes(self, *arguments):
        return self.pictured(*arguments).plan.notes

    def csa(self, path):
        """(run, arm, rat, limb) at the end, and the coordinates of the runs."""
        with h5py.File(path) as file:
            coordinates = {name: v[()] for name, v in file.items() if getattr(v, "shape", ()) == file["point"].shape}
            return file["csa"][:, :, :, 0, :].astype(float), coordinates


class Shipped(Sweeps):
    def test_draws_both_without_options(self):
        for name, axes, panels in (
            ("sweep_dose_timing", ("massage_force_N", "massage_every_d"), ("massage_first_d", 4)),
            ("sweep_crossover", ("crossover_humoral_gain", "crossover_neural_gain"), ("massage_force_N", 4)),
        ):
            with self.subTest(sweep=name):
                path = self.run_sweep(os.path.join(SOURCE, "configs", f"{name}.toml"), name)
                plan = self.pictured(path).plan
                self.assertEqual((plan.x.name, plan.y.name), axes)
                self.assertEqual((plan.panels.name, len(plan.shown)), panels)
                figure = self.draw(path)
                self.assert_legible(figure)
                with open(self.path("picture.png"), "rb") as file:
                    head = file.read(24)
                self.assertEqual(head[:8], b"\x89PNG\r\n\x1a\n")
                width, height = (int.from_bytes(head[k:k + 4], "big") for k in (16, 20))
                self.assertEqual([width, height], [int(inches * 150) for inches in figure.get_size_inches()])
                self.assertTrue(1000 < width < 2000 and 1000 < height < 2000, (width, height))
                pixels = pyplot.imread(self.path("picture.png"))[::5, ::5, :3]
                self.assertGreater(pixels.std(), 0.1)
                self.assertGreater(len(numpy.unique(pixels.reshape(-1, 3), axis=0)), 100)


class Pictures(Sweeps):
    def test_are_legible_whatever_is_drawn(self):
        sex = self.simulate("sex", SEX, FORCE)
        for arguments in (
            (self.grid(), "--axes", "massage_force_N"),
            (self.grid(), "--axes", "massage_every_d", "--effect", "massaged", "difference"),
            (self.grid(), "--where", "massage_first_d=0", "--effect", "difference", "--observable", "csa_by_type.I"),
            (self.grid(), "--arm", "RE", "--observable", "wet_mass"),
            (sex,),
            (sex, "--axes", "animals_sex"),
            (sex, "--axes", "animals.sex,massage_force_N"),
            (self.sobol(),),
            (self.sobol(), "--axes", "massage_bout_min"),
        ):
            with self.subTest(arguments=arguments[1:]):
                self.assert_legible(self.draw(*arguments))

    def sobol(self):
        axes = ('[[sweep.axis]]\nkey = "arm.REM.massage.force_N"\ndistribution = "uniform"\nlow = 0\nhigh = 11\n',
                '[[sweep.axis]]\nkey = "arm.REM.massage.bout_min"\ndistribution = "log-uniform"\nlow = 1\nhigh = 60\n')
        return self.simulate("sobol", *axes, design='design = "sobol"\npoints = 64', replicates=1)

    def test_draw_names_as_they_are(self):
        with open(STUDY, encoding="utf-8") as study, open(self.path("odd_study.toml"), "w", encoding="utf-8") as file:
            file.write(study.read().replace('"REM"', '"$R$"'))
        with mock.patch.dict(globals(), STUDY=file.name):
            figure = self.draw(self.simulate("odd", FORCE.replace("REM", "$R$")))
        texts = [text.get_text() for text in drawn_texts(figure)]
        self.assertTrue(any("arm $R$: mean of" in text for text in texts), texts)
        self.assertFalse(any(text.get_parse_math() for text in drawn_texts(figure)))

    def test_write_every_value_into_its_cell(self):
        picture = self.pictured(self.grid())
        figure = self.draw(self.grid())
        plan = picture.plan
        cells = plot_sweep.heat_map(picture.table, "massaged", plan.x, plan.y, plan.panels.place == 0)
        written = {(round(text.get_position()[1]), round(text.get_position()[0])): text.get_text()
                   for text in figure.axes[0].texts}
        self.assertEqual(written, {(j, i): f"{value:.1f}" for (j, i), value in numpy.ndenumerate(cells)})

    def test_share_one_scale_between_the_limbs_centred_on_no_change(self):
        figure = self.draw(self.grid())
        norms = [axes.collections[0].norm for axes in figure.axes[:6]]  # two rows: massaged, contralateral, difference
        self.assertEqual(norms[0].vmax, norms[2].vmax)
        self.assertLess(norms[4].vmax, norms[0].vmax)
        for norm in norms:
            self.assertEqual(norm.vmin, -norm.vmax)

    def test_label_axes_with_meaning_and_unit(self):
        texts = [text.get_text() for text in self.draw(self.grid()).texts]
        self.assertIn("compressive force (N)", texts)
        self.assertIn("start of the first bout, from the start of the phase: 0.5 d", texts)
        self.assertIn("mean fibre cross-sectional area, gastrocnemius medial, day 22", texts)
        axes = plot_sweep.axes_of(plot_sweep.open_sweep(self.simulate("sex", SEX, FORCE)).root)
        self.assertEqual([axis.title() for axis in axes], ["sex of all rats", "compressive force (N)"])

    def test_are_bins_where_values_do_not_repeat(self):
        picture = self.pictured(self.sobol())
        force = picture.plan.x
        self.assertEqual(picture.plan.notes, ["compressive force: 4 bins of about equal numbers of points",
                                              "length of a bout: 4 bins of about equal numbers of points"])
        self.assertEqual(numpy.bincount(force.place).tolist(), [16, 16, 16, 16])
        csa, runs = self.csa(self.sobol())
        forces, minutes = runs["massage_force_N"], runs["massage_bout_min"]
        for k in range(4):
            inside = forces[force.place == k]
            self.assertTrue((force.edges[k] <= inside).all() and (inside <= force.edges[k + 1]).all())
            self.assertAlmostEqual(force.middles[k], inside.mean())
        low, high = picture.plan.y.edges[1:3]
        chosen = (forces >= force.edges[3]) & (minutes >= low) & (minutes < high)
        expected = 100 * (csa[chosen, REM, :, RIGHT].mean() / csa[chosen, RE, :, RIGHT].mean() - 1)
        cells = plot_sweep.heat_map(picture.table, "massaged", force, picture.plan.y, numpy.ones(64, bool))
        self.assertAlmostEqual(cells[1, 3], expected)
        curves = self.pictured(self.sobol(), "--axes", "massage_force_N").plan
        self.assertEqual(curves.notes, ["compressive force: 10 bins of about equal numbers of points",
                                        "mean over length of a bout (1 to 59 min)"])
        self.assertTrue(set(numpy.bincount(curves.x.place)) <= {6, 7})

    def test_are_categories_in_the_order_of_the_file_for_texts(self):
        plan = self.pictured(self.simulate("sex", SEX, FORCE), "--axes", "animals_sex").plan
        self.assertEqual(plan.x.values.tolist(), ["male", "female"])
        self.assertEqual((plan.y, plan.panels.name), (None, "massage_force_N"))
        self.assertEqual(self.pictured(self.simulate("sex", SEX, FORCE)).plan.panels.name, "animals_sex")

    def test_say_what_is_fixed_averaged_over_and_goes_along(self):
        self.assertEqual(self.notes(self.grid(), "--axes", "massage_every_d"),
                         ["mean over start of the first bout, from the start of the phase (0, 0.5 d)"])
        self.assertEqual(self.notes(self.grid(), "--where", "massage_first_d=0.5", "arm.REM.massage.every_d=2"),
                         ["start of the first bout, from the start of the phase: 0.5 d",
                          "time from the start of a bout to the start of the next: 2 d"])
        keys = 'keys = ["arm.REM.massage.every_d", "arm.REM.massage.bouts"]'
        together = f"[[sweep.axis]]\n{keys}\nvalues = [[1, 4], [2, 2]]\n"
        plan = self.pictured(self.simulate("together", together, FORCE)).plan
        self.assertEqual((plan.x.name, plan.y.name, plan.panels), ("massage_every_d", "massage_force_N", None))
        self.assertEqual(plan.notes, ["number of bouts goes along with it: 2, 4"])

    def test_leave_out_runs_that_failed_and_say_so(self):
        steps = '[[sweep.axis]]\nkey = "solver.max_steps"\nvalues = [100, 1000]\n'
        picture = self.pictured(self.simulate("failed", steps, FORCE))
        self.assertEqual(picture.plan.notes, ["6 of 12 runs failed and are left out"])
        self.assertEqual((picture.plan.x.name, picture.plan.y), ("massage_force_N", None))


class Numbers(Sweeps):
    def cells(self, path, effect, *arguments):
        picture = self.pictured(path, *arguments)
        runs = numpy.ones(len(picture.table.days), bool)
        return plot_sweep.heat_map(picture.table, effect, picture.plan.x, picture.plan.y, runs)

    def by_hand(self, path, limb, **where):
        csa, runs = self.csa(path)
        chosen = numpy.all([runs[name] == value for name, value in where.items()], axis=0)
        return 100 * (csa[chosen, REM, :, limb].mean() / csa[chosen, RE, :, limb].mean() - 1)

    def test_are_the_change_from_the_same_limb_of_untreated_rats(self):
        massaged = self.by_hand(self.grid(), RIGHT, massage_force_N=4.5, massage_every_d=1, massage_first_d=0.5)
        contralateral = self.by_hand(self.grid(), LEFT, massage_force_N=4.5, massage_every_d=1, massage_first_d=0.5)
        self.assertGreater(massaged, contralateral + 1)
        for effect, expected in (("massaged", massaged), ("contralateral", contralateral),
                                 ("difference", massaged - contralateral)):
            self.assertAlmostEqual(self.cells(self.grid(), effect, "--where", "massage_first_d=0.5")[0, 2], expected)

    def test_are_means_over_the_axes_that_are_not_drawn(self):
        cells = self.cells(self.grid(), "massaged", "--axes", "massage_first_d,massage_force_N")
        self.assertAlmostEqual(cells[1, 1], self.by_hand(self.grid(), RIGHT, massage_force_N=1.4, massage_first_d=0.5))

    def test_are_of_the_limb_that_other_runs_massage_where_the_force_is_0(self):
        for effect in ("massaged", "contralateral", "difference"):
            self.assertEqual(self.cells(self.grid(), effect)[:, 0].tolist(), [0, 0])
        picture = self.pictured(self.grid())
        csa, _ = self.csa(self.grid())
        numpy.testing.assert_array_equal(picture.table.values["massaged"], csa[:, REM, :, RIGHT])

    def test_agree_with_compare(self):
        path = self.simulate("single", FORCE, EVERY, replicates=1)
        run = self.path("run.h5")
        subprocess.run([PROGRAM, "run", STUDY, "-o", run, "--quiet", "--set", "animals.per_arm=4", "--set",
                        "arm.REM.massage.force_N=1.4", "--set", "arm.REM.massage.every_d=1"], check=True)
        table = subprocess.run([PROGRAM, "compare", run, "--csv"], check=True, capture_output=True, text=True).stdout
        percent = {row["limb"]: float(row["value"]) for row in csv.DictReader(io.StringIO(table))
                   if (row["observable"], row["arm"], row["quantity"]) == ("csa", "REM", "percent_of_untreated")}
        for effect, limb in (("massaged", "right"), ("contralateral", "left")):
            self.assertAlmostEqual(self.cells(path, effect)[0, 1], percent[limb] - 100, places=3)

    def test_are_the_same_of_a_summary(self):
        path = self.simulate("summary", FORCE, EVERY, FIRST, keep="summary")
        for effect in ("massaged", "contralateral", "difference"):
            numpy.testing.assert_allclose(self.cells(path, effect), self.cells(self.grid(), effect), rtol=0, atol=1e-4)
        figure = self.draw(path, "--axes", "massage_force_N")
        self.assertNotIn("95 % interval over rats", [text.get_text() for text in drawn_texts(figure)])

    def test_of_curves_are_means_over_rats_with_students_interval(self):
        picture = self.pictured(self.grid(), "--axes", "massage_force_N", "--where", "massage_first_d=0")
        table, plan = picture.table, picture.plan
        csa, runs = self.csa(self.grid())
        chosen = (runs["massage_force_N"] == 4.5) & (runs["massage_first_d"] == 0)
        self.assertEqual(plan.panels.name, "massage_every_d")
        everywhere = numpy.ones(len(table.days), bool)  # over both intervals between bouts

        def interval_of(numbers):
            rats = numpy.concatenate([numbers[chosen & (runs["replicate"] == r)].mean(axis=0) for r in (1, 2)])
            self.assertEqual(rats.shape, (8,))
            return rats.mean(), 2.364624 * rats.std(ddof=1) / numpy.sqrt(8)

        change = csa[:, REM] - csa[:, RE]
        for effect, numbers in (("massaged", csa[:, REM, :, RIGHT]), ("contralateral", csa[:, REM, :, LEFT]),
                                ("untreated", csa[:, RE].mean(axis=2)),
                                ("difference", change[..., RIGHT] - change[..., LEFT])):
            with self.subTest(effect=effect):
                found = plot_sweep.curve(table, effect, plan.x, everywhere)[:, 2]
                numpy.testing.assert_allclose(found, interval_of(numbers), rtol=1e-5)

    def test_of_students_distribution_are_those_of_the_tables(self):
        for freedom, t in ((1, 12.7062), (2, 4.30265), (3, 3.18245), (7, 2.36462), (30, 2.04227), (999, 1.96234)):
            self.assertAlmostEqual(plot_sweep.student_t(freedom), t, delta=1e-4)
        self.assertAlmostEqual(plot_sweep.student_t(10, 0.99), 3.16927, delta=1e-4)

    def test_of_one_rat_have_no_interval(self):
        mean, half = plot_sweep.interval(numpy.array([2.0, numpy.nan]))
        self.assertEqual(mean, 2.0)
        self.assertTrue(numpy.isnan(half))

    def test_are_of_the_day_that_is_asked_for(self):
        path = self.simulate("series", FORCE, EVERY, keep="series")
        with h5py.File(path) as file:
            csa = file["csa"][:, :, :, 0, :, 2].astype(float)
            chosen = (file["massage_force_N"][()] == 4.5) & (file["massage_every_d"][()] == 2)
        expected = 100 * (csa[chosen, REM, :, RIGHT].mean() / csa[chosen, RE, :, RIGHT].mean() - 1)
        self.assertAlmostEqual(self.cells(path, "massaged", "--day", "18")[1, 2], expected)
        self.assertIn("day 18", self.pictured(path, "--day", "18").subject)

    def test_are_of_the_end_of_each_run_and_compared_where_the_untreated_arm_ends_as_well(self):
        for keep in ("final", "series"):
            together = self.pictured(self.simulate(f"all_{keep}", DURATION.format("*"), FORCE, keep=keep))
            self.assertEqual(together.table.untreated, "RE")
            self.assertTrue(together.subject.endswith("last day of each run, day 22 to 24"), together.subject)
            alone = self.pictured(self.simulate(f"one_{keep}", DURATION.format("REM"), FORCE, keep=keep))
            self.assertEqual(alone.table.untreated, "")
            self.assertEqual(alone.plan.notes,
                             ["arm RE has no numbers on the same days, so nothing is compared with it"])
            csa, runs = self.csa(self.simulate("one_final", DURATION.format("REM"), FORCE))
            chosen = (runs["massage_force_N"] == 4.5) & (runs["arm_REM_phase_reload_duration_d"] == 10)
            cells = plot_sweep.heat_map(alone.table, "massaged", alone.plan.x, alone.plan.y, numpy.ones(12, bool))
            self.assertAlmostEqual(cells[2, 1], csa[chosen, REM, :, RIGHT].mean(), places=3)


class Refused(Sweeps):
    def assert_refused(self, message, *arguments):
        with self.subTest(arguments=arguments), self.assertRaises(SystemExit) as ended:
            self.draw(*arguments)
        self.assertEqual(ended.exception.code, f"plot_sweep.py: {message}")

    def test_what_is_not_in_the_file(self):
        grid = self.grid()
        there = "massage_force_N, massage_every_d, massage_first_d"
        for message, *arguments in (
            (f"axis 'dose' is not in the file; there are: {there}", "--axes", "dose"),
            (f"axis 'dose' is not in the file; there are: {there}", "--where", "dose=1"),
            ("massage_force_N '3' is not in the file; there are: 0, 1.4, 4.5", "--where", "massage_force_N=3"),
            ("observable 'mass' is not in the file; did you mean 'wet_mass'? There are: csa, csa_by_type.I, "
             "csa_by_type.IIa, csa_by_type.IIx, csa_by_type.IIb, wet_mass", "--observable", "mass"),
            ("muscle 'soleus' is not in the file; there are: gastrocnemius_medial", "--muscle", "soleus"),
            ("arm 'R' is not in the file; did you mean 'RE'? There are: WB, HS, RE, REM", "--arm", "R"),
            ("day '18' is not in the file, which has the end of each arm alone; there are: 22", "--day", "18"),
            ("axis 'massage_force_N' has but one value here; there are: massage_every_d, massage_first_d",
             "--axes", "massage_force_N", "--where", "massage_force_N=0"),
            ("--effect difference: in arm RE no limb is massaged", "--arm", "RE", "--effect", "difference"),
        ):
            self.assert_refused(message, grid, *arguments)
        series = self.simulate("series", FORCE, EVERY, keep="series")
        self.assert_refused("day '15' is not in the file; there are: 0, 14, 18, 22", series, "--day", "15")
        self.assert_refused("arm HS has no numbers on day 22", series, "--day", "22", "--arm", "HS")
        self.assert_refused("a single point is left, so there is nothing to draw along", series,
                            "--where", "massage_force_N=0", "massage_every_d=1")

    def test_what_makes_no_sense(self):
        grid = self.grid()
        self.assert_refused("--where massage_force_N: must be NAME=VALUE", grid, "--where", "massage_force_N")
        for names in ("massage_force_N,massage_force_N", "massage_force_N,massage_every_d,massage_first_d"):
            self.assert_refused(f"--axes {names}: must be one name or two", grid, "--axes", names)

    def test_a_file_that_is_no_sweep(self):
        study, text, none = (self.path(name) for name in ("study.h5", "text.h5", "none.h5"))
        subprocess.run([PROGRAM, "run", STUDY, "-o", study, "--quiet"], check=True)
        with open(text, "w", encoding="utf-8") as file:
            file.write("no HDF5")
        self.assert_refused(f"{study}: not a sweep; scripts/plot_study.py draws a study", study)
        self.assert_refused(f"{text}: not a sweep's result file; 'hindlimb sweep' makes one", text)
        self.assert_refused(f"{none}: no such file; 'hindlimb sweep' makes one", none)
        self.assert_refused(f"{folder.name}: is a directory, not a file", folder.name)

    def test_a_file_that_was_changed(self):
        path = self.path("changed.h5")
        shutil.copy(self.grid(), path)
        with open(path + ".sha256", "w", encoding="utf-8") as file:
            file.write(f"{'0' * 64}  changed.h5\n")
        self.assert_refused(f"{path}: changed or broken: its SHA-256 is not the one in 'changed.h5.sha256'", path)

    def test_ends_with_1_and_says_why_on_stderr(self):
        picture = os.path.join(folder.name, "nowhere", "x.png")
        command = [sys.executable, "-B", SCRIPT, self.grid(), "-o", picture]
        result = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertEqual(result.stderr, f"plot_sweep.py: {picture}: No such file or directory\n")


if __name__ == "__main__":
    unittest.main()
