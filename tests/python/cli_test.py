"""The program as a user types it: what it prints, what it refuses and why, what it leaves behind, how it ends."""

import csv
import hashlib
import io
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import h5py

PROGRAM = os.environ["HINDLIMB"]
SOURCE = os.environ["HINDLIMB_SOURCE"]
STUDY = os.path.join(SOURCE, "configs", "miller2018.toml")
FACTS = os.path.join(SOURCE, "data", "facts.csv")
OBSERVATIONS = os.path.join(SOURCE, "data", "observations.csv")
COMMANDS = ("run", "plan", "sweep", "status", "compare", "export", "rerun", "verify", "digest", "validate", "fit",
            "check", "explain", "init", "man", "completion")

OK, FAILED, BAD_INPUT, FACT_FAILED = 0, 1, 2, 3
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


class Cli(unittest.TestCase):
    """Every test has an empty folder of its own, in which the program is started."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.folder = directory.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return name

    def changed(self, source, *changes, name="study.toml"):
        """A file of the project in which each text is replaced, wherever it stands."""
        content = text_of(source)
        for old, new in changes:
            self.assertIn(old, content)
            content = content.replace(old, new)
        return self.write(name, content)

    def hindlimb(self, *arguments, ends=OK, before=(), environment=None):
        result = subprocess.run([*before, PROGRAM, *arguments], cwd=self.folder, capture_output=True, text=True,
                                timeout=60, env={**os.environ, **(environment or {})})
        self.assertEqual(result.returncode, ends, (arguments, result.stdout, result.stderr))
        self.assertNotIn("\x1b", result.stdout + result.stderr)
        self.assertNotIn("\r", result.stdout + result.stderr)
        return result

    def refused(self, *arguments, says=(), **how):
        """Bad input: said on stderr, nothing on stdout, nothing left behind."""
        left_behind = sorted(os.listdir(self.folder))
        result = self.hindlimb(*arguments, ends=BAD_INPUT, **how)
        for part in says:
            self.assertIn(part, result.stderr)
        self.assertRegex(result.stderr, r"\nhindlimb: \d+ errors?, nothing was run\n$")
        self.assertEqual(result.stdout, "")
        self.assertEqual(sorted(os.listdir(self.folder)), left_behind)
        return result.stderr

    def run_study(self, name="x.h5", *options):
        self.hindlimb("run", STUDY, "-o", name, "--quiet", *options)
        return name

    def digest(self, name):
        return self.hindlimb("digest", name).stdout


class Program(Cli):
    def test_explains_a_command_by_help_before_or_after_it(self):
        self.assertEqual(self.hindlimb("help", "run").stdout, self.hindlimb("run", "--help").stdout)

    def test_explains_every_command(self):
        for command in COMMANDS:
            for option in ("--help", "-h"):
                with self.subTest(command=command, option=option):
                    text = self.hindlimb(command, option).stdout
                    self.assertTrue(text.startswith(f"usage: hindlimb {command} "))
                    self.assertIn(f"examples:\n  hindlimb {command}", text)
                    self.assertIn("--help", text)

    def test_lists_its_commands_and_exit_codes(self):
        for option in ("--help", "-h", "help"):
            text = self.hindlimb(option).stdout
            for command in COMMANDS:
                self.assertIn(f"\n  {command} ", text)
            self.assertIn("exit codes: 0 ok", text)

    def test_without_arguments_helps_and_ends_as_for_bad_input(self):
        self.assertEqual(self.hindlimb(ends=BAD_INPUT).stdout, self.hindlimb("--help").stdout)

    def test_tells_its_version(self):
        self.assertRegex(self.hindlimb("--version").stdout, r"^hindlimb \d+\.\d+\.\d+ git ")

    def test_guesses_what_a_command_was_meant_to_be(self):
        self.refused("rn", says=["'rn' is no command; did you mean 'run'?"])
        self.refused("validdate", says=["did you mean 'validate'?"])

    def test_refuses_options_and_arguments_that_it_does_not_know(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                self.refused(command, "--frobnicate", "2", says=["--frobnicate", f"`hindlimb {command} --help`"])
                self.refused(command, "a", "b", says=["the usage is: hindlimb " + command])


class Run(Cli):
    def test_writes_the_result_where_it_is_told_and_says_so(self):
        text = self.hindlimb("run", STUDY, "-o", "x.h5").stdout
        self.assertIn("4 arms, 8 rats in each, 1 muscle, 22 d: 32 simulations", text)
        self.assertIn("written to x.h5", text)
        self.assertEqual(sorted(os.listdir(self.folder)), ["x.h5", "x.h5.sha256"])

    def test_writes_to_results_when_it_is_not_told(self):
        self.hindlimb("run", STUDY)
        self.assertEqual(sorted(os.listdir(self.path("results"))), ["miller2018.h5", "miller2018.h5.sha256"])

    def test_is_silent_when_asked(self):
        result = self.hindlimb("run", STUDY, "-o", "x.h5", "--quiet")
        self.assertEqual((result.stdout, result.stderr), ("", ""))

    def test_replaces_a_file_only_when_forced(self):
        self.run_study()
        before = self.digest("x.h5")
        self.refused("run", STUDY, "-o", "x.h5", "--set", "seed=3", says=["x.h5: exists already", "--force", "-o FILE"])
        self.assertEqual(self.digest("x.h5"), before)
        self.run_study("x.h5", "--set", "seed=3", "--force")
        self.assertNotEqual(self.digest("x.h5"), before)

    def test_refuses_numbers_of_threads_that_make_no_sense(self):
        for threads in ("0", "-1", "nan", "inf", "2.5", "two", "1e9", ""):
            with self.subTest(threads=threads):
                self.refused("run", STUDY, "-o", "x.h5", f"--threads={threads}", says=["--threads"])

    def test_has_the_same_digest_for_any_number_of_threads(self):
        digests = {self.digest(self.run_study(f"{threads}.h5", "--threads", threads)) for threads in ("1", "2", "7")}
        self.assertEqual(len(digests), 1)

    def test_has_another_digest_for_another_seed(self):
        self.assertNotEqual(self.digest(self.run_study()), self.digest(self.run_study("y.h5", "--set", "seed=3")))

    def test_refuses_places_where_nothing_can_be_written(self):
        os.mkdir(self.path("folder"))
        self.refused("run", STUDY, "-o", "none/x.h5", says=["none/x.h5: there is no directory 'none'"])
        self.refused("run", STUDY, "-o", "folder", says=["folder: is a directory"])

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("setpriv"), "root alone may become somebody else")
    def test_refuses_a_directory_that_is_not_its_own(self):
        # The program and the study as somebody who may read them, wherever the checkout is.
        os.chmod(self.folder, 0o755)
        shutil.copy(PROGRAM, self.path("hindlimb"))
        shutil.copy(STUDY, self.path("study.toml"))
        os.chmod(self.path("study.toml"), 0o644)
        result = subprocess.run([*NOBODY, "./hindlimb", "run", "study.toml", "-o", "x.h5"], cwd=self.folder,
                                capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, BAD_INPUT, result.stderr)
        self.assertIn("x.h5: the directory '.' cannot be written to", result.stderr)
        self.assertFalse(os.path.exists(self.path("x.h5")))

    def test_takes_paths_with_spaces_and_letters_of_any_language(self):
        folder = "Größe und Länge μm 筋肉"
        os.mkdir(self.path(folder))
        shutil.copy(STUDY, self.path(f"{folder}/étude 1.toml"))
        text = self.hindlimb("run", f"{folder}/étude 1.toml", "-o", f"{folder}/x y.h5").stdout
        self.assertIn(f"written to {folder}/x y.h5", text)
        self.assertEqual(self.digest(f"{folder}/x y.h5"), self.digest(self.run_study()))
        self.hindlimb("compare", f"{folder}/x y.h5")

    def test_writes_the_same_numbers_in_a_language_with_decimal_commas(self):
        self.run_study()
        made = subprocess.run(["localedef", "-f", "UTF-8", "-i", "de_DE", self.path("de_DE.UTF-8")], capture_output=True)
        if made.returncode > 1:
            self.skipTest("there is no German locale to be made")
        # glibc itself leaks 33 bytes when LOCPATH is set
        german = {"LC_ALL": "de_DE.UTF-8", "LOCPATH": self.folder, "ASAN_OPTIONS": "detect_leaks=0"}
        comma = subprocess.run(["locale", "decimal_point"], capture_output=True, text=True, env={**os.environ, **german})
        self.assertEqual(comma.stdout, ",\n")
        self.hindlimb("run", STUDY, "-o", "y.h5", "--set", "animals.body_mass_g=400.0", environment=german)
        self.assertEqual(self.digest("x.h5"), self.digest("y.h5"))
        tables = [self.hindlimb("compare", "x.h5", "--csv", environment=each).stdout for each in ({}, german)]
        self.assertEqual(*tables)

    def test_ends_in_failure_when_its_output_is_not_read(self):
        self.run_study()
        for arguments in (("explain",), ("compare", "x.h5", "--csv"), ("run", STUDY, "-o", "y.h5")):
            with self.subTest(arguments=arguments):
                reader, writer = os.pipe()
                os.close(reader)
                result = subprocess.run([PROGRAM, *arguments], cwd=self.folder, stdout=writer, stderr=subprocess.PIPE,
                                        timeout=60)
                os.close(writer)
                self.assertIn(result.returncode, (FAILED, -signal.SIGPIPE))
        self.digest("y.h5")  # was whole before anything was said

    def test_says_in_file_and_exit_code_that_simulations_failed(self):
        result = self.hindlimb("run", STUDY, "-o", "x.h5", "--set", "solver.max_steps=3", ends=FAILED)
        self.assertIn("some simulations failed and are NaN in the file", result.stderr)
        self.digest("x.h5")


class Check(Cli):
    def test_accepts_every_study_of_the_project_without_running_it(self):
        for name in ("miller2018", "validation", "mass_balance", "reference"):
            with self.subTest(name=name):
                self.assertIn(": ok; ", self.hindlimb("check", os.path.join(SOURCE, "configs", name + ".toml")).stdout)
        self.assertEqual(os.listdir(self.folder), [])

    def test_spells_out_a_study_that_is_the_same_study(self):
        self.write("whole.toml", self.hindlimb("check", STUDY, "--resolved").stdout)
        self.hindlimb("run", "whole.toml", "-o", "x.h5")
        self.assertEqual(self.digest("x.h5"), self.digest(self.run_study("y.h5")))

    def refused_with(self, changes, *says):
        study = self.changed(STUDY, *changes)
        for command in (("check", study), ("run", study, "-o", "x.h5"), ("run", study)):
            errors = self.refused(*command, says=says)
        return errors

    def test_refuses_an_unknown_key(self):
        self.refused_with([("seed = 2018", "sed = 2018")], "study.toml:4: sed: unknown key; did you mean 'seed'?")

    def test_refuses_a_value_of_the_wrong_type(self):
        self.refused_with([("per_arm = 8", 'per_arm = "8"')], "study.toml:8: animals.per_arm: is text, must be a whole")

    def test_refuses_numbers_that_make_no_sense(self):
        for value, what in (("-8", "is -8, must be > 0"), ("1e300", "is 1e+300, must be > 0 and <= 36500 d")):
            with self.subTest(value=value):
                self.refused_with([("duration_d = 8", f"duration_d = {value}")],
                                  f"study.toml:36: arm.RE.phase.reload.duration_d: {what}", "length of the phase")
        for value in ("nan", "inf", "-inf"):
            with self.subTest(value=value):
                self.refused_with([("force_N = 4.5", f"force_N = {value}")],
                                  f"study.toml:51: arm.REM.massage.force_N: is {value}, must be", "compressive force")
        self.refused_with([("per_arm = 8", "per_arm = 1000000000000")],
                          "study.toml:8: animals.per_arm: is 1000000000000, must be from 1 to 1000000")

    def test_refuses_bouts_that_do_not_fit(self):
        self.refused_with([("every_d = 2\n", "every_d = 0.01\n")], "study.toml:48: arm.REM.massage: ", "overlap")
        self.refused_with([("bouts = 4", "bouts = 40")], "study.toml:48: arm.REM.massage: the last bout ends on day",
                          "fewer bouts")

    def test_refuses_massage_of_what_there_is_not(self):
        self.refused_with([('limb = "right"', 'limb = "middle"')],
                          "study.toml:49: arm.REM.massage.limb: is 'middle', must be one of left, right, both")
        self.refused_with([('phase = "reload"', 'phase = "relod"')], "study.toml:50: arm.REM.massage.phase: names "
                          "'relod', which the arm does not have; did you mean 'reload'?")

    def test_refuses_two_arms_of_one_name(self):
        self.refused_with([('name = "HS"', 'name = "WB"')], "study.toml:20: arm.WB: there are two arms of this name")

    def test_says_everything_that_is_wrong_at_once(self):
        errors = self.refused_with([("seed = 2018", "sed = 2018"), ("per_arm = 8", 'per_arm = "8"'),
                                    ("force_N = 4.5", "force_N = nan")], "study.toml:4: ", "study.toml:8: ",
                                   "study.toml:51: ")
        self.assertTrue(errors.endswith("\nhindlimb: 3 errors, nothing was run\n"))

    def test_refuses_what_is_no_study(self):
        os.mkdir(self.path("folder"))
        for name, what in ((self.write("empty.toml", ""), "empty.toml: is empty"),
                           (self.write("binary.toml", bytes(range(256)) * 16), "binary.toml:1"),
                           (self.write("large.toml", text_of(STUDY) + "#" * 1_000_000), "at most 1000000 are read"),
                           ("folder", "folder: is a directory, must be a TOML file"),
                           ("none.toml", "none.toml: there is no such file")):
            with self.subTest(name=name):
                self.refused("check", name, says=[what])
                self.refused("run", name, "-o", "x.h5", says=[what])

    def test_refuses_changes_that_make_no_sense(self):
        for change, what in (("animals.per_arm=0", "must be from 1"), ("arm.REMM.massage.force_N=3", "REMM"),
                             ("sed=3", "did you mean 'seed'?"), ("seed", "seed")):
            with self.subTest(change=change):
                self.refused("check", STUDY, "--set", change, says=["--set", what])


class Explain(Cli):
    def test_lists_every_key(self):
        lines = self.hindlimb("explain").stdout.splitlines()
        self.assertGreater(len(lines), 100)
        for key in ("seed", "animals.per_arm", "arm.massage.force_N", "parameters.drive_max"):
            self.assertTrue(any(line.startswith(key + " ") for line in lines), key)

    def test_knows_keys_as_they_are_written_in_a_study(self):
        text = self.hindlimb("explain", "arm.REM.massage.force_N").stdout
        self.assertTrue(text.startswith("arm.massage.force_N\n"))
        for label in ("meaning", "unit     N", "range    0 to 100", "default  4.5", "source", "example  force_N = 4.5"):
            self.assertIn("\n  " + label, text)
        text = self.hindlimb("explain", "parameters.soleus.postural_share").stdout
        self.assertTrue(text.startswith("parameters.postural_share\n"))

    def test_knows_a_fibre_type_of_an_observable(self):
        whole = self.hindlimb("explain", "csa_by_type").stdout
        self.assertEqual(self.hindlimb("explain", "csa_by_type.IIa").stdout, whole)
        for name in ("csa_by_type.III", "csa_by_typeIIa", ".IIa"):
            self.refused("explain", name, says=["unknown key"])

    def test_guesses_what_a_key_was_meant_to_be(self):
        self.refused("explain", "arm.massage.forse_N", says=["unknown key; did you mean 'arm.massage.force_N'?"])
        self.refused("explain", "forse_N", says=["forse_N: unknown key; did you mean 'force_N'?"])
        self.refused("explain", "massagee", says=["did you mean 'massage'?"])
        self.refused("explain", "wet_mas", says=["did you mean 'wet_mass'?"])

    def test_knows_a_parameter_by_its_name_alone(self):
        whole = self.hindlimb("explain", "parameters.drive_max").stdout
        self.assertRegex(whole, r"(?s)^parameters\.drive_max\n.*\n  default  1\.\d+\n  source   fitted, 95 % ")
        self.assertEqual(self.hindlimb("explain", "drive_max").stdout, whole)
        for name in ("soleus.postural_share", "parameters.soleus.postural_share"):
            self.assertIn("in [parameters.soleus] of that muscle alone", self.hindlimb("explain", name).stdout)

    def test_knows_observables_and_what_is_computed_of_them(self):
        text = self.hindlimb("explain", "csa").stdout
        for part in ("meaning  mean fibre cross-sectional area\n", "unit     um2\n", 'example  observables = ["csa"]\n'):
            self.assertIn("  " + part, text)
        text = self.hindlimb("explain", "wet_mass_change").stdout
        self.assertIn("muscle wet mass: its change from the reference arm", text)
        self.assertIn("unit     %\n", text)
        lines = self.hindlimb("explain", "--observables").stdout.splitlines()
        self.assertIn("csa ", lines[0])
        self.assertGreater(len(lines), 30)

    def test_lists_the_keys_of_a_table_by_its_name_alone(self):
        for name, key, n in (("massage", "arm.massage.force_N", 9), ("label", "arm.label.first_d", 2),
                             ("axis", "sweep.axis.values", 11), ("datum", "datum.reference_day", 14)):
            with self.subTest(name=name):
                lines = self.hindlimb("explain", name).stdout.splitlines()
                self.assertEqual(len(lines), n)
                self.assertTrue(any(line.startswith(key + " ") for line in lines))

    def test_lists_what_an_ambiguous_name_may_be(self):
        lines = self.hindlimb("explain", "every_d").stdout.splitlines()
        self.assertIn("'every_d' may be one of these", lines[0])
        self.assertEqual([line.split()[0] for line in lines[1:]],
                         ["arm.massage.every_d", "arm.training.every_d", "record.every_d"])
        self.assertIn("\n  also     fit.seed, sweep.seed\n", self.hindlimb("explain", "seed").stdout)
        text = self.hindlimb("explain", "title").stdout
        self.assertIn("at the top of a study\n", text)
        self.assertIn("at the top of a fit\n", text)

    def test_knows_keys_of_fits_and_sweeps_as_errors_write_them(self):
        for asked, key in (("datum.3.row", "datum.row"), ("sweep.axis.2.values", "sweep.axis.values"),
                           ("arm.REM.training.2.load", "arm.training.load"), ("arm.REM.label.phase", "arm.label.phase")):
            self.assertTrue(self.hindlimb("explain", asked).stdout.startswith(key + "\n"))

    def test_says_everything_of_every_key(self):
        labels = ["meaning", "type", "unit", "range", "default", "source", "example", "stands"]
        for key in ("seed", "arm.phase.load", "compare.control", "sweep.axis.low", "datum.row", "agents.snapshots_d"):
            with self.subTest(key=key):
                lines = self.hindlimb("explain", key).stdout.splitlines()[1:]
                self.assertEqual([line.split()[0] for line in lines if not line.startswith("  also ")], labels)
                self.assertTrue(all(len(line) > len("  meaning  ") for line in lines))


class Results(Cli):
    """Commands that read a result file."""

    def setUp(self):
        super().setUp()
        self.run_study()

    def refused_by_all(self, name, *says):
        for command in ("compare", "digest"):
            self.refused(command, name, says=says)

    def test_are_compared_on_their_last_day_or_another(self):
        self.assertIn("REM", self.hindlimb("compare", "x.h5").stdout)
        table = csv.DictReader(io.StringIO(self.hindlimb("compare", "x.h5", "--day", "18", "--csv").stdout))
        self.assertEqual({row["day_d"] for row in table}, {"18"})

    def test_are_compared_as_a_table_for_other_programs(self):
        rows = list(csv.DictReader(io.StringIO(self.hindlimb("compare", "x.h5", "--csv").stdout)))
        self.assertEqual({row["observable"] for row in rows}, {"csa", "wet_mass"})
        means = [row for row in rows if row["quantity"] == "mean"]
        self.assertEqual(len(means), 2 * 4 * 2)
        with h5py.File(self.path("x.h5")) as file:
            mean = file["csa"][0, 0, :, 0, 0, -1].astype(float).mean()
        self.assertAlmostEqual(float(means[0]["value"]), mean, delta=1e-9 * mean)

    def test_are_compared_fibre_type_by_fibre_type(self):
        rows = csv.DictReader(io.StringIO(self.hindlimb("compare", "x.h5", "--observable", "csa_by_type", "--csv").stdout))
        means = {(row["observable"], row["arm"], row["limb"]): float(row["value"] or "nan")
                 for row in rows if row["quantity"] == "mean"}
        with h5py.File(self.path("x.h5")) as file:
            areas = file["csa_by_type"][0].astype(float).mean(axis=1)  # arm, muscle, limb, fibre type, time
            types = [name.decode() for name in file["fibre_type"][:]]
        self.assertEqual(len(means), 4 * 2 * len(types))
        for number, name in enumerate(types):
            self.assertAlmostEqual(means[f"csa_by_type.{name}", "WB", "right"], areas[0, 0, 1, number, -1], places=6)

    def test_are_compared_by_one_fibre_type(self):
        whole = self.hindlimb("compare", "x.h5", "--csv", "--observable", "csa_by_type").stdout.splitlines()
        one = self.hindlimb("compare", "x.h5", "--csv", "--observable", "csa_by_type.IIa").stdout.splitlines()
        self.assertEqual(one, [line for line in whole if line == whole[0] or line.startswith("csa_by_type.IIa,")])
        self.assertGreater(len(one), 1)
        self.refused("compare", "x.h5", "--observable", "csa_by_type.III", says=["was not recorded"])

    def test_shows_what_there_is_where_neither_area_nor_mass_was_recorded(self):
        self.hindlimb("run", STUDY, "-o", "rna.h5", "--quiet", "--set", 'record.observables=["rna"]')
        self.assertIn("total RNA", self.hindlimb("compare", "rna.h5").stdout)

    def test_are_not_compared_on_a_day_or_by_an_observable_that_was_not_recorded(self):
        self.refused("compare", "x.h5", "--day", "18.3", says=["18.3 was not recorded; recorded days are 0, 1, 2"])
        for day in ("nan", "-1", "tomorrow"):
            self.refused("compare", "x.h5", f"--day={day}", says=["--day"])
        self.refused("compare", "x.h5", "--observable", "csaa", "--observable", "mas",
                     says=["--observable: csaa: was not recorded; did you mean 'csa'?",
                           "--observable: mas: was not recorded; recorded are csa, csa_by_type, wet_mass, "])

    def test_are_refused_when_they_were_changed(self):
        with open(self.path("x.h5"), "r+b") as file:
            file.seek(9000)
            byte = file.read(1)
            file.seek(9000)
            file.write(bytes([byte[0] ^ 1]))
        self.refused_by_all("x.h5", "x.h5: changed or broken", "x.h5.sha256")

    def test_are_read_without_their_checksum_and_said_to_have_none(self):
        os.remove(self.path("x.h5.sha256"))
        for command in ("compare", "digest", "status"):
            self.assertEqual(self.hindlimb(command, "x.h5").stderr,
                             "hindlimb: x.h5 has no checksum 'x.h5.sha256' beside it, so nobody knows whether it is as it "
                             "was written\n")
        self.refused("verify", "x.h5", says=["has no checksum 'x.h5.sha256' beside it"])

    def test_are_read_or_refused_but_never_crash_when_they_are_broken_and_have_no_checksum(self):
        with open(self.path("x.h5"), "rb") as file:
            whole = file.read()
        draw = random.Random(7)
        ends = set()
        for number in range(50):
            broken = bytearray(whole)
            for _ in range(draw.choice((1, 4))):
                broken[draw.randrange(min(len(broken), 65536))] ^= draw.randrange(1, 256)
            self.write("broken.h5", bytes(broken))
            result = subprocess.run([PROGRAM, "digest", "broken.h5"], cwd=self.folder, capture_output=True, timeout=60)
            self.assertIn(result.returncode, (OK, BAD_INPUT), (number, result.stderr))
            self.assertIn(b"broken.h5", result.stderr)
            ends.add(result.returncode)
        self.assertEqual(ends, {OK, BAD_INPUT})
        for name, content in (("cut.h5", whole[:7000]), ("text.h5", b"time,csa\n1,2\n"), ("none.h5", b"")):
            self.refused("digest", self.write(name, content), says=[name + ": "])

    def test_are_refused_when_they_are_not_there(self):
        self.refused_by_all("none.h5", "none.h5: no such file")

    def test_are_refused_when_another_program_made_them(self):
        with h5py.File(self.path("foreign.h5"), "w") as file:
            file["a"] = [1, 2]
        with open(self.path("foreign.h5"), "rb") as file:
            self.write("foreign.h5.sha256", hashlib.sha256(file.read()).hexdigest() + "  foreign.h5\n")
        self.refused_by_all("foreign.h5", "foreign.h5: is HDF5, but not a result of hindlimb")


class Validate(Cli):
    FEW = ("--set", "animals.per_arm=50")

    def validate(self, *arguments, ends):
        study = os.path.join(SOURCE, "configs", "validation.toml")
        return self.hindlimb("validate", study, "--facts", FACTS, *self.FEW, *arguments, ends=ends).stdout

    def test_fails_with_a_code_of_its_own_when_a_parameter_is_wrong(self):
        text = self.validate("--set", "parameters.drive_max=0", ends=FACT_FAILED)
        self.assertRegex(text, r"(?m)^ *8 .*  FAIL  ")
        self.assertRegex(text, r"[1-9]\d* failed")

    def test_prints_the_same_for_any_number_of_threads(self):
        texts = {self.validate("--threads", threads, "--markdown", ends=OK) for threads in ("1", "3")}
        self.assertEqual(len(texts), 1)

    def test_refuses_a_broken_table_of_facts_cell_by_cell(self):
        study = os.path.join(SOURCE, "configs", "validation.toml")
        facts = self.changed(FACTS, (",csa_cv,", ",csa_cw,"), ("-46,-30", "-46x,-30"),
                             ("8,massage in reloading,REM,", "8,massage in reloading,REMM,"), name="facts.csv")
        self.refused("validate", study, "--facts", facts,
                     says=["facts.csv:3: csa_cw: is no quantity", "facts.csv:4: low: is '-46x', must be a number",
                           "arm: is 'REMM'; did you mean 'REM'?", "hindlimb: 4 errors"])
        self.refused("validate", study, "--facts", "none.csv", says=["none.csv"])
        self.refused("validate", study, "--facts", self.write("empty.csv", ""), says=["empty.csv"])


PLAN = """
title = "Two parameters, three rows"
study = "study.toml"
observations = "observations.csv"

[fit]
seed = 7
starts = 3

[[parameter]]
name = "drive_max"
start = 1.3
low = 0.1
high = 5

[[parameter]]
name = "humoral_gain"
start = 0.7
low = 0.05
high = 8

[[datum]]
row = "O0001"
quantity = "csa_change"
arm = "HS"
limb = "both"
muscle = "gastrocnemius_medial"
day = 14
reference = "WB"
noise = 8

[[datum]]
row = "O0002"
quantity = "csa_change"
arm = "REM"
limb = "massaged"
muscle = "gastrocnemius_medial"
day = 22
reference = "RE"
noise = 3

[[datum]]
row = "O0003"
quantity = "csa_change"
arm = "REM"
limb = "contralateral"
muscle = "gastrocnemius_medial"
day = 22
reference = "RE"
noise = 3
"""


class Fit(Cli):
    def setUp(self):
        super().setUp()
        shutil.copy(STUDY, self.path("study.toml"))
        shutil.copy(OBSERVATIONS, self.path("observations.csv"))
        self.write("plan.toml", PLAN)

    def test_refuses_broken_plans(self):
        for old, new, what in (("drive_max", "drive_maxx", "'drive_maxx' is no parameter; did you mean 'drive_max'?"),
                               ("O0001", "O9999", "there is no row 'O9999'"),
                               ('"csa_change"', '"csa_chang"', "csa_chang: is no quantity"),
                               ('"HS"', '"HSS"', "the study has no arm 'HSS'; did you mean 'HS'?"),
                               ("low = 0.1", "low = 2", "drive_max starts at 1.3, outside its bounds 2 to 5"),
                               ("starts = 3", "starts = 0", "plan.toml:8: fit.starts: is 0, must be from 1"),
                               ("day = 14", "day = 99", "day: is 99, after the end of arm 'HS'"),
                               ("seed = 7", "sed = 7", "plan.toml:7: fit.sed: unknown key; did you mean 'seed'?"),
                               ('study = "study.toml"\n', "", "study: is missing"),
                               ("study.toml", "none.toml", "plan.toml:3: study: there is no file 'none.toml'"),
                               ("observations.csv", "none.csv", "plan.toml:4: observations: there is no file 'none.csv'")):
            with self.subTest(new=new):
                self.write("plan.toml", PLAN.replace(old, new))
                self.refused("fit", "plan.toml", "-o", "x.h5", says=[what])

    def test_goes_on_after_it_was_killed_and_ends_as_if_it_had_not_been(self):
        self.hindlimb("fit", "plan.toml", "-o", "whole.h5", "--threads", "1", "--quiet")
        self.refused("compare", "whole.h5", says=["whole.h5: is the result of a fit, which has no runs"])
        self.assertFalse(os.path.exists(self.path("whole.h5.journal")))
        command = [PROGRAM, "fit", "plan.toml", "-o", "killed.h5", "--threads", "1", "--quiet"]
        with subprocess.Popen(command, cwd=self.folder) as process:
            while process.poll() is None and not self.has_begun("killed.h5.journal"):
                time.sleep(0.001)
            process.kill()
        self.assertEqual(process.returncode, -signal.SIGKILL)
        self.assertFalse(os.path.exists(self.path("killed.h5")))
        kept = text_of(self.path("killed.h5.journal"))
        self.assertGreater(len(kept.splitlines()), 1)
        self.hindlimb("fit", "plan.toml", "-o", "killed.h5", "--threads", "2", "--quiet")
        for ending in (".toml", ".md"):
            self.assertEqual(text_of(self.path("killed" + ending)), text_of(self.path("whole" + ending)))
        self.assertFalse(os.path.exists(self.path("killed.h5.journal")))

    def test_ends_with_75_on_a_signal_and_goes_on(self):
        command = [PROGRAM, "fit", "plan.toml", "-o", "stopped.h5", "--threads", "1", "--quiet"]
        with subprocess.Popen(command, cwd=self.folder, stderr=subprocess.PIPE, text=True) as process:
            while process.poll() is None and not self.has_begun("stopped.h5.journal"):
                time.sleep(0.001)
            process.terminate()
            self.assertEqual(process.stderr.read(), "hindlimb: stopped; the same command goes on from here\n")
        self.assertEqual(process.returncode, 75)
        self.hindlimb("fit", "plan.toml", "-o", "stopped.h5", "--quiet")

    def test_never_writes_over_what_it_reads(self):
        plan = text_of(self.path("plan.toml"))
        self.hindlimb("fit", "plan.toml", "-o", "plan.h5", "--force", ends=2)
        self.assertEqual(text_of(self.path("plan.toml")), plan)

    def has_begun(self, journal):
        """Whether one step of the fit is done and kept."""
        return os.path.exists(self.path(journal)) and " .\n" in text_of(self.path(journal))


if __name__ == "__main__":
    unittest.main()
