"""What is asked of sweeps besides running them: plan, check, status, rerun, verify, compare, explain."""

import csv
import hashlib
import io
import os
import re
import unittest

import h5py
import numpy as np

from cli_test import FAILED, OK, STUDY
from sweep_test import BLOCKS, FORCE, FORCES, GAIN, GAINS, OTHER, QUICK_STUDY, SMALL, Sweeps, plan, plan_of_miller


class Commands(Sweeps):
    def change(self, change, name="x.h5"):
        """Changes a result by somebody who puts the right checksum beside it."""
        with h5py.File(self.path(name), "r+") as file:
            change(file)
        with open(self.path(name), "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        with open(self.path(name + ".sha256"), "w", encoding="utf-8") as file:
            file.write(f"{digest}  {name}\n")

    def said(self, *arguments, ends=OK):
        return self.hindlimb(*arguments, ends=ends).stdout


class Plan(Commands):
    def test_says_axes_runs_simulations_time_and_disk_and_leaves_nothing(self):
        self.write("plan.toml", SMALL)
        self.assertRegex(
            self.said("plan", "plan.toml"),
            r"^plan\.toml: Two arms, two days\n"
            r"  axis         massage_force_N \[N\]: 0, 4\.5\n               arm\.REM\.massage\.force_N\n"
            r"  axis         crossover_neural_gain: 0, 1\n               crossover\.neural_gain\n"
            r"  design       grid, 4 points, 2 replicates\n"
            r"  runs         8: 2 arms, 3 rats in each, 1 muscle\n"
            r"  simulations  48 \(a rat in an arm, both limbs\)\n"
            r"  time         about [\d.e+-]+ s on \d+ threads?; \d runs took [\d.e+-]+ s on one\n"
            r"  disk         about [\d.]+ [kM]B for the result, and [\d.]+ [kM]B for the working store while it runs\n$")
        self.assertEqual(self.left(), [])

    def assert_planned(self, *plans):
        """Within three tenths of the file that each of them makes."""
        for text in plans:
            with self.case(text):
                self.sweep(text)
                there = os.path.getsize(self.path("x.h5"))
                size, unit = re.search(r"about ([\d.]+) (kB|MB) for the result", self.said("plan", "plan.toml")).groups()
                self.assertLess(abs(float(size) * {"kB": 1e3, "MB": 1e6}[unit] / there - 1), 0.3, (size, unit, there))

    def test_says_the_disk_whatever_is_kept_of_however_many_rats(self):
        forces = (FORCE, [0.1 * k for k in range(40)])
        self.assert_planned(
            BLOCKS, plan((FORCE, [1])), plan((FORCE, [1]), replicates=1), plan(forces, rats=2, replicates=1),
            plan(forces, head='keep = "summary"', replicates=30), plan(forces, head='keep = "final"', rats=40),
            plan(forces, head='compress = "none"', rats=40), plan(forces, rats=400, replicates=1),
            plan_of_miller(FORCES, GAINS), plan_of_miller(FORCES, rats=200, head='keep = "summary"'))

    def test_says_the_disk_of_files_with_all_observables(self):
        self.write("study.toml", QUICK_STUDY.replace('observables = ["csa", "wet_mass"]', ""))
        few = '"record.times_d" = [0, 14, 22]'
        self.assert_planned(
            plan((FORCE, [0, 4.5])), plan((FORCE, list(range(12))), study="miller2018.toml", rats=2, replicates=1),
            plan((FORCE, [0.01 * k for k in range(400)]), study="miller2018.toml", rats=2, replicates=1, changes=few))

    def test_leaves_nothing_among_temporary_files_and_says_if_it_has_no_place_for_them(self):
        self.write("plan.toml", BLOCKS)
        os.mkdir(self.path("tmp"))
        self.hindlimb("plan", "plan.toml", environment={"TMPDIR": self.path("tmp")})
        self.assertEqual(os.listdir(self.path("tmp")), [])
        self.refused("plan", "plan.toml", environment={"TMPDIR": self.path("none")},
                     says=["TMPDIR: names no folder for temporary files: "])

    def test_sums_up_values_that_are_many(self):
        self.write("plan.toml", '[sweep]\nstudy = "study.toml"\ndesign = "sobol"\npoints = 100\n[[sweep.axis]]\n'
                                f'key = "{FORCE}"\ndistribution = "uniform"\nlow = 1\nhigh = 3\n')
        self.assertRegex(self.said("plan", "plan.toml"), r"massage_force_N \[N\]: 100 values from 1\.0\d* to 2\.9\d*\n")

    def test_goes_on_with_the_threads_it_is_told(self):
        self.write("plan.toml", SMALL)
        self.assertIn(" on 7 threads; ", self.said("plan", "plan.toml", "--threads", "7"))

    def test_goes_on_with_the_cores_it_may_run_on(self):
        self.write("plan.toml", SMALL)
        core = str(min(os.sched_getaffinity(0)))
        result = self.hindlimb("plan", "plan.toml", before=["taskset", "-c", core])
        self.assertIn(" on 1 thread; ", result.stdout)


class Check(Commands):
    def test_says_points_and_runs(self):
        self.write("plan.toml", SMALL)
        self.assertEqual(self.said("check", "plan.toml"),
                         "plan.toml: ok; 4 points, 2 runs in each; `hindlimb plan` says what that takes\n")

    def test_prints_what_is_the_same_sweep(self):
        for text in (SMALL, plan(head='design = "list"\nfile = "points.csv"')):
            with self.case(text):
                self.write("points.csv", f"{FORCE},{GAIN}\n0,1\n4.5,0.3\n")
                self.write("plan.toml", text)
                self.write("resolved.toml", self.said("check", "plan.toml", "--resolved"))
                first, second = (self.said("digest", self.swept(name)) for name in ("plan.toml", "resolved.toml"))
                self.assertEqual(first, second)

    def swept(self, name):
        self.hindlimb("sweep", name, "-o", name + ".h5", "-q")
        return name + ".h5"


class Status(Commands):
    def test_of_a_file_says_how_its_runs_went(self):
        self.put_result(SMALL)
        text = self.said("status", "x.h5")
        self.assertRegex(text, r"^x\.h5: finished, [\d.]+ kB\n  title          Two arms, two days\n")
        self.assertIn("\n  runs           8: 8 ok, 0 with failed simulations, 0 not run\n", text)
        self.assertIn("\n  axis           massage_force_N (arm.REM.massage.force_N)\n", text)

    def test_names_the_first_run_of_each_reason_for_which_runs_failed(self):
        self.sweep(plan(("solver.max_steps", [1, 100000]), replicates=3))
        self.assertTrue(self.said("status", "x.h5").endswith(
            "  runs           6: 3 ok, 3 with failed simulations, 0 not run\n"
            "  axis           solver_max_steps (solver.max_steps)\n"
            "  failed         3 runs: needs more steps than solver.max_steps\n"
            "    run 1 (point 1, replicate 1; solver_max_steps = 1): arm HS, animal 1, soleus, left limb: "
            "needs more steps than solver.max_steps after day 0.008891; and 11 more\n"
            "  --failed names all runs and all that failed in them\n"))

    def test_tells_reasons_apart_by_what_the_messages_say(self):
        self.put_result(plan((FORCE, [0, 4.5])))
        failure = "arm A; and B, animal {}, soleus, left limb: {} after day {}"
        messages = [failure.format(1, "became infinite or not a number", 0.5),
                    failure.format(2, "needs steps too small for the clock", 0.1),
                    failure.format(3, "became infinite or not a number", 1) + "; and 38 more", "what nobody foresaw"]

        def change(file):
            file["status"][:] = 1
            file["message"][:] = messages
        self.change(change)
        text = self.said("status", "x.h5")
        self.assertEqual(re.findall(r"^  failed         (.*)$", text, re.M),
                         ["2 runs: became infinite or not a number", "1 run: needs steps too small for the clock",
                          "1 run: what nobody foresaw"])
        self.assertEqual(re.findall(r"^    run (\d)", text, re.M), ["1", "2", "4"])

    def test_names_all_runs_and_all_that_failed_in_them_when_asked(self):
        self.sweep(plan(("solver.max_steps", [1]), replicates=13))
        text = self.said("status", "x.h5", "--failed")
        with h5py.File(self.path("x.h5")) as file:
            messages = file["message"].asstr()[:]
        self.assertEqual(re.findall(r"^  run (\d+) \(.*?\): (.*)$", text, re.M),
                         [(str(run + 1), message) for run, message in enumerate(messages)])

    def test_does_not_read_the_numbers_of_runs_that_failed(self):
        self.sweep(plan(("solver.max_steps", [1]), replicates=2))

        def change(file):
            del file["csa"].attrs["coordinates"]
            file["csa"].id.write_direct_chunk((0,) * 6, b"no chunk")
        self.change(change)
        self.assertEqual(self.said("status", "x.h5", "--failed").count("  run "), 2)

    def test_of_a_sweep_that_is_not_finished_says_how_far_it_is(self):
        self.write("plan.toml", BLOCKS)
        self.attempt(size_limit=20000)
        for name in ("x.h5", "x.h5.work"):
            self.assertRegex(self.said("status", name), r"^x\.h5\.work: not finished, [\d.]+ kB\n  sweep          Two arms, "
                                                        r"two days \(plan\.toml\)\n  runs           \d+ of 24 are there")

    def test_of_nothing_is_refused(self):
        self.refused("status", "none.h5", says=["none.h5: no such file"])


class Rerun(Commands):
    def test_repeats_every_run_to_the_bit_from_the_file_alone(self):
        self.put_result(SMALL)
        for name in ("study.toml", "miller2018.toml"):
            self.put(name, b"")
        for run in range(1, 9):
            self.assertRegex(self.said("rerun", "x.h5", "--run", str(run)),
                             rf"^run {run} \(point .*\): 72 numbers, every bit the same\n$")

    def test_says_which_numbers_differ_and_ends_with_1(self):
        self.put_result(SMALL)

        def change(file):
            file["csa"][2, 0, 0, 0, 0, 1] += 1
        self.change(change)
        self.assertRegex(self.said("rerun", "x.h5", "--run", "3", ends=FAILED),
                         r"^run 3 \(.*\): differs\n  csa: 1 of 36 numbers differ, by up to 1(\.0\d*)? um2\n$")
        self.said("rerun", "x.h5", "--run", "4")

    def test_sees_a_coordinate_that_was_changed(self):
        self.put_result(SMALL)

        def change(file):
            file["massage_force_N"][7] = 4.4
        self.change(change)
        text = self.said("rerun", "x.h5", "--run", "8", ends=FAILED)
        self.assertRegex(text, r"  run_key: is [0-9a-f]{32}, was [0-9a-f]{32}\n")
        self.assertIn("numbers differ", text)

    def test_repeats_the_run_of_a_study_too(self):
        self.hindlimb("run", STUDY, "-o", "s.h5", "-q")
        self.assertRegex(self.said("rerun", "s.h5"), r"^run 1 .*every bit the same\n$")

    def test_repeats_axes_of_every_kind(self):
        axes = (("animals.sex", ["male", "female"]), ("arm.REM.phase.reload.duration_d", [1, 1.5]),
                ("arm.REM.phase.reload.load.right", [0.5, 1]), ("parameters.soleus.postural_share", [0.3]),
                ("parameters.drive_max", [0.7]))
        for keep in ("series", "final"):
            with self.case(keep):
                self.sweep(plan(*axes, head=f'keep = "{keep}"', changes='"muscles" = ["soleus"]'))
                self.assertIn("16 of 16 runs repeated, all the same\n", self.said("verify", "x.h5", "--sample", "99"))

    def test_where_summaries_alone_are_kept_is_refused(self):
        self.put_result(plan((FORCE, [0, 4.5]), head='keep = "summary"'))
        self.refused("rerun", "x.h5", "--run", "2", says=[
            "x.h5: keeps summaries alone: there are no numbers of runs to compare; `hindlimb verify` repeats all runs of a "
            "point and compares its summary"])

    def test_of_no_run_or_another_model_is_refused(self):
        self.put_result(SMALL)
        for run in ("0", "9", "1.5", "one"):
            self.refused("rerun", "x.h5", "--run", run, says=["--run: is '" + run])
        self.change(lambda file: file.attrs.__setitem__("model_version", "2"))
        self.refused("rerun", "x.h5", says=["was made by model_version 2, and this is"])


class Verify(Commands):
    def test_repeats_runs_drawn_at_random(self):
        self.put_result(SMALL)
        text = self.said("verify", "x.h5", "--sample", "3")
        self.assertRegex(text, r"^x\.h5: SHA-256 as beside it, [0-9a-f]{64}\n(run \d .*every bit the same\n){3}"
                               r"3 of 8 runs repeated, all the same\n$")
        draws = {tuple(re.findall(r"^run (\d)", self.said("verify", "x.h5", "--sample", "3"), re.M)) for _ in range(20)}
        self.assertGreater(len(draws), 1)

    def test_finds_a_wrong_run_and_ends_with_1(self):
        self.put_result(SMALL)

        def change(file):
            file["wet_mass"][:] *= 1.5
        self.change(change)
        self.assertIn("8 of 8 runs repeated, 8 not the same\n",
                      self.said("verify", "x.h5", "--sample", "8", ends=FAILED))

    def test_repeats_points_where_summaries_alone_are_kept(self):
        for more in ("", '"record.precision" = "f8"'):
            with self.case(more):
                self.sweep(plan((FORCE, [0, 4.5]), (GAIN, [0, 1]), head='keep = "summary"', changes=more))
                # 7 statistics, 2 arms, 2 limbs, 3 times, 2 observables
                self.assertRegex(self.said("verify", "x.h5", "--sample", "3"),
                                 r"^x\.h5: SHA-256 .*\n(point \d \(massage_force_N = [\d.]+ N, crossover_neural_gain = \d; "
                                 r"2 runs\): 168 numbers of its summary, every bit the same\n){3}"
                                 r"3 of 4 points repeated, all the same\n$")

    def test_repeats_points_of_which_some_rats_failed(self):
        statuses = []
        for steps in range(40, 80, 2):
            with self.case(steps):
                self.sweep(plan((FORCE, [0, 4.5]), rats=4, head='keep = "summary"', changes=f'"solver.max_steps" = {steps}'))
                self.assertIn("2 of 2 points repeated, all the same\n", self.said("verify", "x.h5"))
                with h5py.File(self.path("x.h5")) as file:
                    statuses.append(set(file["status"][:].tolist()))
        self.assertIn({0, 1}, statuses)

    def test_finds_a_summary_that_was_changed(self):
        self.put_result(plan((FORCE, [0, 4.5]), head='keep = "summary"'))

        def change(file):
            file["summary/csa"][1, 4, 1, 0, 1, 2] *= 1 + 1e-15
        self.change(change)
        text = self.said("verify", "x.h5", ends=FAILED)
        self.assertRegex(text, r"\npoint 1 .*: 168 numbers of its summary, every bit the same\n")
        self.assertRegex(text, r"\npoint 2 .*: differs\n  csa: 1 of 84 numbers differ, by up to \S+ um2\n")
        self.assertTrue(text.endswith("2 of 2 points repeated, 1 not the same\n"))

    def test_finds_a_changed_byte(self):
        self.put_result(SMALL)
        with open(self.path("x.h5"), "r+b") as file:
            file.seek(5000)
            file.write(b"x")
        self.refused("verify", "x.h5", says=["changed or broken"])


class Compare(Commands):
    def rows(self, *options):
        return list(csv.DictReader(io.StringIO(self.said("compare", "x.h5", "--csv", *options))))

    def test_along_an_axis_gives_means_over_rats(self):
        self.put_result(plan(FORCES, (GAIN, [0, 1])))
        rows = self.rows("--along", "massage_force_N", "--observable", "csa", "--day", "2")
        with h5py.File(self.path("x.h5")) as file:
            csa, force = file["csa"][()][:, 1, :, 0, :, -1].astype(float), file["massage_force_N"][()]
        for value in (0, 1.4, 4.5, 11):
            at = csa[force == value].reshape(2, 2, 3, 2).mean(axis=0).reshape(6, 2)  # points before replicates
            mean = {row["quantity"]: float(row["mean"]) for row in rows if float(row["value"]) == value}
            np.testing.assert_allclose([mean["massaged"], mean["contralateral"]], [at[:, 1].mean(), at[:, 0].mean()],
                                       rtol=1e-12)
            self.assertAlmostEqual(mean["difference"], mean["massaged"] - mean["contralateral"], 9)

    def test_takes_one_value_of_another_axis_the_dose_0_too(self):
        self.put_result(plan(FORCES, (GAIN, [0, 1])))
        for force in ("0", "4.5"):
            values = {row["value"] for row in self.rows("--along", "crossover_neural_gain", "--where",
                                                        f"massage_force_N={force}")}
            self.assertEqual(values, {"0", "1"})

    def test_says_over_what_it_averages(self):
        self.put_result(SMALL)
        text = self.said("compare", "x.h5")
        self.assertIn("massage_force_N [N]  n ", text)
        self.assertIn("of each rat the mean over crossover_neural_gain; --where NAME=VALUE takes one value", text)
        self.assertNotIn("of each rat", self.said("compare", "x.h5", "--where", "crossover_neural_gain=1"))

    def test_of_what_is_not_there_is_refused(self):
        self.put_result(SMALL)
        self.refused("compare", "x.h5", "--along", "force", says=["--along: force: is no axis of this sweep"])
        self.refused("compare", "x.h5", "--where", "massage_force_N=7", says=["no run has the value '7'; values are 0, 4.5"])
        self.refused("compare", "x.h5", "--where", "massage_force_N", says=["must be NAME=VALUE"])
        self.refused("compare", "x.h5", "--day", "7", says=["7 was not recorded"])
        self.hindlimb("run", STUDY, "-o", "s.h5", "-q")
        self.refused("compare", "s.h5", "--along", "massage_force_N", says=["belongs to a sweep, and this is one run"])

    def test_of_summaries_alone_is_refused(self):
        self.put_result(plan((FORCE, [0, 4.5]), head='keep = "summary"'))
        self.refused("compare", "x.h5", says=["keeps nothing but the summary of each point"])


class Explain(Commands):
    def test_knows_the_keys_of_a_sweep(self):
        self.assertIn("random, latin-hypercube, sobol, morris, list", self.said("explain", "sweep.design"))
        self.assertIn("sweep.axis.values", self.said("explain", "sweep"))


class NotASweep(Commands):
    def test_is_told_apart_by_every_command(self):
        for command in ("sweep", "plan"):
            self.refused(command, "study.toml", says=["study.toml: sweep: is missing; `hindlimb run`"])
        self.write("plan.toml", OTHER)
        self.refused("run", "plan.toml", says=["describes a sweep, not a single run; `hindlimb sweep` runs it"])


if __name__ == "__main__":
    unittest.main()
