"""Studies by agents as a user types them: the option, what is refused and why, and runs that are killed on the way."""

import os
import random
import re
import signal
import subprocess
import time
import unittest

import h5py
import numpy as np

from cli_test import BAD_INPUT, OK, PROGRAM, STUDY, Cli, text_of
from sweep_test import KILLED, QUICK_STUDY, STOPPED, contents, faults, needs_faults, plan

SMALL = ("--set", "agents.fibres=40", "--set", "animals.per_arm=2")
KILLS = int(os.environ.get("HINDLIMB_LONG_TESTS", "0")) * 60 or 6


class Agents(Cli):
    def setUp(self):
        super().setUp()
        self.write("study.toml", QUICK_STUDY)

    def run_agents(self, *options, ends=OK, name="x.h5", **how):
        return self.hindlimb("run", "study.toml", "--agents", *SMALL, "-o", name, *options, ends=ends, **how)

    def digest(self, name="x.h5"):
        return self.hindlimb("digest", name).stdout

    def left(self):
        return sorted(name for name in os.listdir(self.folder) if name != "study.toml")


class Option(Agents):
    def test_is_the_same_as_the_key(self):
        self.run_agents()
        self.hindlimb("run", "study.toml", *SMALL, "--set", "fidelity=agents", "-o", "y.h5")
        self.assertEqual(self.digest(), self.digest("y.h5"))

    def test_says_in_the_file_what_was_run(self):
        self.run_agents()
        with h5py.File(self.path("x.h5")) as file:
            self.assertEqual(file.attrs["fidelity"], "agents: sections of 40 fibres of each muscle of each limb")
            self.assertIn('fidelity = "agents"', file.attrs["config"])
            self.assertIn("[agents]\nfibres = 40\n", file.attrs["config"])

    def test_changes_nothing_of_the_mean_field_where_it_is_not_given(self):
        self.hindlimb("run", "study.toml", "-o", "x.h5")
        with h5py.File(self.path("x.h5")) as file:
            self.assertNotIn("agents", file.attrs["config"])
            self.assertNotIn("fidelity", file.attrs)

    def test_gives_the_same_observables_near_those_of_the_mean_field(self):
        self.run_agents("--set", "agents.fibres=2000")
        self.hindlimb("run", "study.toml", *SMALL, "-o", "y.h5")
        with h5py.File(self.path("x.h5")) as agents, h5py.File(self.path("y.h5")) as mean_field:
            self.assertEqual(sorted(agents), sorted(mean_field))
            for name in ("csa", "wet_mass"):
                self.assertEqual(agents[name].shape, mean_field[name].shape)
                difference = np.nanmax(np.abs(agents[name][...] / mean_field[name][...] - 1))
                self.assertLess(difference, 0.05)
                self.assertGreater(difference, 0)

    def test_is_taken_by_sweeps_and_gives_the_run_of_the_study(self):
        self.write("plan.toml", plan(("arm.REM.massage.force_N", [0, 4.5]), rats=2, replicates=1))
        self.hindlimb("sweep", "plan.toml", "--agents", "--set", "agents.fibres=40", "-o", "sweep.h5")
        self.run_agents()
        with h5py.File(self.path("sweep.h5")) as sweep, h5py.File(self.path("x.h5")) as run:
            self.assertEqual(sweep["csa"][1].tobytes(), run["csa"][0].tobytes())
            self.assertNotEqual(sweep["csa"][0].tobytes(), run["csa"][0].tobytes())
        self.hindlimb("verify", "sweep.h5", "--sample", "2")

    def test_does_not_depend_on_the_number_of_threads(self):
        self.run_agents("--threads", "1")
        self.run_agents("--threads", "2", name="y.h5")
        self.assertEqual(self.digest(), self.digest("y.h5"))


class BadInput(Agents):
    def refused(self, *changes):
        options = [word for change in changes for word in ("--set", change)]
        result = self.run_agents(*options, ends=BAD_INPUT)
        self.assertEqual(self.left(), [])
        return result.stderr

    def test_is_told(self):
        cases = {
            "agents.fibres=0": "agents.fibres: is 0, must be from 10 to 1000000; fibres of each section",
            "agents.mcp1_diffusivity_um2_per_s=-1": "agents.mcp1_diffusivity_um2_per_s: is -1, must be from 0 to 1000 um2/s; how fast "
                                                    "MCP-1 spreads",
            "agents.snapshots_d=[3]": "agents.snapshots_d: has day 3, after the end of the study on day 2",
            "agents.snapshots_d=[0.01]": "agents.snapshots_d: has day 0.009722222222222222, which is no whole number "
                                         "of steps of 36 min",
            "agents.step_min=50": "agents.step_min: is 50, and day 1 is recorded, which is no whole number of steps; a "
                                  "step that divides all recorded times, or other times",
            "agents.step_min=15": "agents.step_min: is 15, which cannot be halved; an even number of minutes",
            "parameters.efficiency_time_d=0.02": "agents.step_min: is 36, longer than the fastest time of a fibre, 28.8 "
                                                 "min; a shorter step, or longer",
            "agents.capillary_scale=50": "agents.capillary_scale: gives soleus more capillaries than find room between its "
                                         "fibres: they would take 606 % of it",
            "agents.fiber=1": "agents.fiber: unknown key; did you mean 'fibres'?",
            "solver.precision=f32": "f64 with fidelity = \"agents\"",
        }
        for change, message in cases.items():
            with self.subTest(change=change):
                self.assertIn(message, self.refused(change))

    def test_of_a_checkpoint_of_another_study_is_told_and_nothing_is_lost(self):
        self.write("x.h5.checkpoint", "something else")
        result = self.run_agents(ends=BAD_INPUT)
        self.assertIn("x.h5.checkpoint: is no checkpoint of hindlimb; --force starts anew and drops it", result.stderr)
        self.assertEqual(text_of(self.path("x.h5.checkpoint")), "something else")
        self.run_agents("--force")
        self.assertEqual(self.left(), ["x.h5", "x.h5.sha256"])

    def test_of_an_interval_is_told(self):
        self.assertIn("--checkpoint-every: is 'often', must be a number from 0 to 86400",
                      self.run_agents("--checkpoint-every", "often", ends=BAD_INPUT).stderr)


class Killed(Agents):
    SNAPSHOTS = ("--set", "agents.snapshots_d=[0, 1.5, 2]")

    def go_on(self):
        result = self.run_agents(*self.SNAPSHOTS)
        left = [name for name in self.left() if not re.fullmatch(r"x\.h5(\.sha256)?\.\d+-[0-9a-f]{8}\.part", name)]
        self.assertEqual(left, ["undisturbed.h5", "undisturbed.h5.sha256", "x.h5", "x.h5.sha256"])
        ours, theirs = contents(self.path("x.h5")), contents(self.path("undisturbed.h5"))
        self.assertEqual(ours.keys(), theirs.keys())
        for name in ours:
            if not name.startswith("@"):
                self.assertEqual(ours[name], theirs[name], name)
        self.assertEqual(self.digest(), self.digest("undisturbed.h5"))
        for name in ("x.h5", "x.h5.sha256"):
            os.remove(self.path(name))
        return int((re.search(r"goes on with (\d+) section", result.stderr) or [0, 0])[1])

    def test_at_any_instant_it_goes_on_to_the_same_end(self):
        self.run_agents(*self.SNAPSHOTS, name="undisturbed.h5")
        start = time.monotonic()
        self.run_agents(*self.SNAPSHOTS, "--checkpoint-every", "0")
        length = time.monotonic() - start
        for name in ("x.h5", "x.h5.sha256"):
            os.remove(self.path(name))
        chance = random.Random(5)
        n_resumed = []
        for _ in range(KILLS):
            command = [PROGRAM, "run", "study.toml", "--agents", *SMALL, *self.SNAPSHOTS, "-o", "x.h5",
                       "--checkpoint-every", "0"]
            process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0, length))
            process.kill()
            process.wait()
            if os.path.exists(self.path("x.h5.sha256")) and not os.path.exists(self.path("x.h5.checkpoint")):
                self.assertEqual(self.digest(), self.digest("undisturbed.h5"))  # it was done
                for name in ("x.h5", "x.h5.sha256"):
                    os.remove(self.path(name))
                continue
            n_resumed.append(self.go_on())
        self.assertTrue(any(n_resumed), n_resumed)

    @needs_faults
    def test_in_every_call_at_its_end_it_goes_on(self):
        self.run_agents(*self.SNAPSHOTS, name="undisturbed.h5")
        options = (*self.SNAPSHOTS, "--checkpoint-every", "0", "--threads", "1")
        for at in (1, 2):
            for call in ("rename", "unlink"):
                with self.subTest(call=call, at=at):
                    self.run_agents(*options, ends=KILLED, environment=faults(
                        call, at, hit_by=signal.SIGKILL, path="x.h5.sha256" if call == "rename" else "x.h5.checkpoint"))
                    if not os.path.exists(self.path("x.h5.checkpoint")):
                        self.hindlimb("digest", "x.h5")
                        for name in self.left():
                            if name.startswith("x."):
                                os.remove(self.path(name))
                        continue
                    self.go_on()

    def test_with_force_it_goes_on_too(self):
        self.run_agents(*self.SNAPSHOTS, name="undisturbed.h5")
        self.write("x.h5", "an older file")
        command = [PROGRAM, "run", "study.toml", "--agents", *SMALL, *self.SNAPSHOTS, "-o", "x.h5", "--force",
                   "--checkpoint-every", "0"]
        while True:
            process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(0.1)
            process.kill()
            process.wait()
            if os.path.exists(self.path("x.h5.checkpoint")):
                break
        result = self.run_agents(*self.SNAPSHOTS, "--force")
        self.assertIn("goes on with", result.stderr)
        self.assertEqual(self.digest(), self.digest("undisturbed.h5"))

    @needs_faults
    def test_in_every_call_that_writes_a_checkpoint_it_goes_on(self):
        self.run_agents(*self.SNAPSHOTS, name="undisturbed.h5")
        options = (*self.SNAPSHOTS, "--checkpoint-every", "0", "--threads", "1")
        for at in (1, 2, 3, 7, 40, 41, 42, 43, 44, 45, 46):
            with self.subTest(at=at):
                self.run_agents(*options, ends=KILLED,
                                environment=faults("any", at, hit_by=signal.SIGKILL, path="x.h5.checkpoint"))
                self.go_on()

    def test_when_it_is_told_to_stop_it_keeps_what_it_has(self):
        self.run_agents(*self.SNAPSHOTS, name="undisturbed.h5")
        command = [PROGRAM, "run", "study.toml", "--agents", *SMALL, *self.SNAPSHOTS, "-o", "x.h5",
                   "--checkpoint-every", "86400"]
        process = subprocess.Popen(command, cwd=self.folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                   text=True)
        time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        error = process.communicate(timeout=60)[1]
        self.assertIn(process.returncode, (STOPPED, OK, -signal.SIGTERM))
        if process.returncode == STOPPED:
            self.assertIn("stopped: what is done is in x.h5.checkpoint; the same command goes on from there", error)
        if os.path.exists(self.path("x.h5")):
            self.hindlimb("run", "study.toml", "--agents", *SMALL, *self.SNAPSHOTS, "-o", "x.h5", "--force")
            self.assertEqual(self.digest(), self.digest("undisturbed.h5"))
        else:
            self.go_on()


if __name__ == "__main__":
    unittest.main()
