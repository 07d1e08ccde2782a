"""What the program says when it is given something wrong, word for word: stdout empty, exit code 2, nothing written."""

import os
import resource
import shutil
import stat
import subprocess
import unittest

from cli_test import BAD_INPUT, FACTS, FAILED, NOBODY, PROGRAM, SOURCE, STUDY, Cli, text_of

SWEEP = """[sweep]
study = "study.toml"
replicates = 1

[[sweep.axis]]
key = "arm.REM.massage.force_N"
values = [1.4, 4.5]
"""


class Told(Cli):
    def setUp(self):
        super().setUp()
        shutil.copy(STUDY, self.path("study.toml"))

    def told(self, *arguments, **how):
        """What is said before the last line, which counts."""
        errors = self.refused(*arguments, **how)
        return errors[:errors.rindex("hindlimb: ")]

    def expect(self, *cases):
        for arguments, text in cases:
            with self.subTest(arguments=arguments):
                self.assertEqual(self.told(*arguments), text + "\n")


class CommandLine(Told):
    def test_names_what_is_missing_or_too_much(self):
        self.expect(
            (["run"], "hindlimb run: 0 arguments, but the usage is: hindlimb run STUDY.toml [OPTION ...]"),
            (["run", "study.toml", "--treads", "2"],
             "hindlimb run: there is no option '--treads'; did you mean '--threads'?"),
            (["run", "study.toml", "--frobnicate"],
             "hindlimb run: there is no option '--frobnicate'; `hindlimb run --help` lists the options"),
            (["run", "study.toml", "--threads"],
             "hindlimb run: the required argument for option '--threads' is missing; `hindlimb run --help` lists the "
             "options"),
            (["run", "study.toml", "--checkpoint-every", "often"],
             "--checkpoint-every: is 'often', must be a number from 0 to 86400"),
            (["run", "study.toml", "--out", "x.h5"],
             "hindlimb run: there is no option '--out'; did you mean '--output'?"),
            (["help", "explian"], "hindlimb: 'explian' is no command; did you mean 'explain'?"),
            (["explian"], "hindlimb: 'explian' is no command; did you mean 'explain'?"),
            (["frobnicate"], "hindlimb: 'frobnicate' is no command; `hindlimb --help` lists them"),
            (["man", "rnu"], "hindlimb man: there is no page 'rnu'; did you mean 'run'?"),
            (["man", "bogus"],
             "hindlimb man: there is no page 'bogus'; there are init, run, plan, sweep, status, compare, export, rerun, "
             "verify, digest, validate, fit, check, explain, man, completion, study"))

    def test_refuses_numbers_that_are_none(self):
        self.expect(
            (["run", "study.toml", "--threads=2.5"], "--threads: is '2.5', must be a whole number"),
            (["run", "study.toml", "--threads=0"], "--threads: is '0', must be a number from 1 to 1024"),
            (["run", "study.toml", "--threads=nan"], "--threads: is 'nan', must be a number from 1 to 1024"))

    def test_refuses_outputs_that_cannot_be(self):
        os.mkdir(self.path("folder"))
        self.run_study()
        self.expect(
            (["run", "study.toml", "-o", ""], "--output: is empty, must be a file"),
            (["run", "study.toml", "-o", "folder"], "folder: is a directory, must be a file"),
            (["run", "study.toml", "-o", "none/x.h5"], "none/x.h5: there is no directory 'none'"),
            (["run", "study.toml", "-o", 300 * "x" + ".h5"],
             300 * "x" + ".h5: has a name of 303 bytes, must be at most 200"),
            (["run", "study.toml", "-o", "x.h5"], "x.h5: exists already; --force replaces it, -o FILE writes elsewhere"),
            (["run", "study.toml", "-o", "study.toml", "--force"],
             "study.toml: would be overwritten, and it is read from; -o FILE writes elsewhere"))

    def test_refuses_templates_that_cannot_be_named_so(self):
        self.expect(
            (["init", "-o", "x.toml"], "hindlimb init: has a file to write, but no template; `hindlimb init` lists "
             "them"),
            (["init", "dose", "-o", "x.txt"], "--output: is 'x.txt', must end in .toml"),
            (["init", "dose", "-o", 'x".toml'], "--output: is 'x\".toml', must be without quotes and backslashes"))

    def test_refuses_an_instruction_set_that_is_none(self):
        errors = self.told("run", "study.toml", environment={"HINDLIMB_ISA": "sse9"})
        self.assertRegex(errors, r"^HINDLIMB_ISA: is 'sse9', which is no instruction set; this machine has: baseline")


class Files(Told):
    def test_refuses_what_is_no_study(self):
        os.mkdir(self.path("folder"))
        os.mkfifo(self.path("pipe"))
        self.write("empty.toml", "")
        self.write("x.h5", b"\x89HDF\r\n\x1a\n and so on")
        self.write("sweep.toml", SWEEP)
        self.expect(
            (["check", "none.toml"], "none.toml: there is no such file"),
            (["check", "folder"], "folder: is a directory, must be a TOML file"),
            (["check", "pipe"], "pipe: is no regular file"),
            (["check", "empty.toml"], "empty.toml: is empty"),
            (["check", "x.h5"], "x.h5: is an HDF5 file, must be text"),
            (["run", "sweep.toml"], "sweep.toml: describes a sweep, not a single run; `hindlimb sweep` runs it, "
             "`hindlimb plan` says what that takes"),
            (["fit", "study.toml"], "study.toml: is no plan of a fit; `hindlimb init own-data` writes one to start from"),
            (["sweep", "study.toml"], "study.toml: sweep: is missing; `hindlimb run` runs a study without [sweep]"))

    def test_say_which_command_reads_a_plan_of_a_fit(self):
        shutil.copy(os.path.join(SOURCE, "configs", "fit_reference.toml"), self.path("plan.toml"))
        self.expect((["check", "plan.toml"], "plan.toml: describes a fit, not a study; `hindlimb fit` runs it"))

    def test_refuses_a_table_of_facts_without_rows(self):
        self.write("facts.csv", text_of(FACTS).splitlines()[0] + "\n")
        study = os.path.join(SOURCE, "configs", "validation.toml")
        self.expect((["validate", study, "--facts", "facts.csv"], "facts.csv: has no rows, so there are no facts"))

    def test_says_that_the_published_facts_are_not_those_of_another_study(self):
        self.expect((["validate", "study.toml"],
                     "study.toml: has other arms or days than the published facts speak of; give the facts to hold it "
                     "against with --facts FILE"))

    def test_refuses_what_is_no_result(self):
        os.mkdir(self.path("folder"))
        for command in ("compare", "digest", "export", "status", "rerun", "verify"):
            options = {"export": ["--csv"], "rerun": ["--run", "1"]}.get(command, [])
            self.expect(
                ([command, "none.h5", *options], "none.h5: no such file"),
                ([command, "folder", *options], "folder: is a directory, not a file"))
        for command in ("compare", "digest", "status"):
            self.expect(([command, "study.toml"], "study.toml: is not an HDF5 file"))

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("setpriv"), "root alone may become somebody else")
    def test_says_of_what_it_may_not_read_or_write_why(self):
        os.chmod(self.folder, 0o755)
        shutil.copy(PROGRAM, self.path("hindlimb"))  # wherever the checkout is, somebody else may run this one
        for name, rights in (("study.toml", 0o644), ("secret.toml", 0o600), ("secret.h5", 0o600)):
            shutil.copy(STUDY, self.path(name))
            os.chmod(self.path(name), rights)
        for arguments, text in (
                (["check", "secret.toml"], "secret.toml: cannot be read: Permission denied\n"),
                (["compare", "secret.h5"], "secret.h5: cannot be read: Permission denied\n"),
                (["run", "study.toml", "-o", "x.h5"], "x.h5: the directory '.' cannot be written to\n"),
                (["run", "study.toml"], "results: cannot be made: Permission denied\n"),
                (["init", "dose"], "dose.toml: the directory '.' cannot be written to\n")):
            with self.subTest(arguments=arguments):
                result = subprocess.run([*NOBODY, "./hindlimb", *arguments], cwd=self.folder, capture_output=True,
                                        text=True, timeout=60)
                self.assertEqual((result.returncode, result.stdout, result.stderr),
                                 (BAD_INPUT, "", text + "hindlimb: 1 error, nothing was run\n"))

    def test_says_that_the_disk_is_full_and_leaves_nothing_behind(self):
        os.mkdir(self.path("disk"))
        self.run_study()
        commands = {"run": f"{PROGRAM} run study.toml -o disk/x.h5",
                    "export": f"{PROGRAM} export x.h5 --csv -o disk/x.csv"}
        for name, command in commands.items():
            script = f"mount -t tmpfs -o size=40k tmpfs disk && {command}; echo ends $?; ls -A disk"
            result = subprocess.run(["unshare", "-m", "sh", "-c", script], cwd=self.folder, capture_output=True,
                                    text=True, timeout=60)
            if "ends" not in result.stdout or "mount:" in result.stderr:
                self.skipTest("no file system may be mounted here")
            with self.subTest(name):
                self.assertRegex(result.stderr, r"^hindlimb: disk/x\.\w+: cannot be written: No space left on device\n$")
                self.assertTrue(result.stdout.endswith(f"ends {FAILED}\n"), result.stdout)


class Studies(Told):
    def test_say_where_they_name_a_file_that_is_not_there_and_what_else_is_wrong(self):
        text = text_of(STUDY) + '[parameters]\nfile = "none.toml"\ndrive_mx = 0.3\n'
        self.write("study.toml", text)
        line = text.count("\n")
        self.expect((["check", "study.toml"],
                     f"study.toml:{line - 1}: parameters.file: there is no file 'none.toml'\n"
                     f"{line - 1:>5} | file = \"none.toml\"\n"
                     "      |        ^~~~~~~~~~~\n"
                     f"study.toml:{line}: parameters.drive_mx: unknown parameter; did you mean 'drive_max'?\n"
                     f"{line:>5} | drive_mx = 0.3\n"
                     "      | ^~~~~~~~"))

    def test_of_a_sweep_or_a_fit_are_told_where_they_are_named(self):
        self.write("plan.toml", '[sweep]\nstudy = "none.toml"\n[[sweep.axis]]\nkey = "seed"\nvalues = [1]\n')
        self.write("list.toml", '[sweep]\ndesign = "list"\nfile = "none.csv"\nstudy = "study.toml"\n')
        self.write("fit.toml", text_of(os.path.join(SOURCE, "configs", "fit_reference.toml")))
        for command, name, text in (("plan", "plan.toml", "plan.toml:2: sweep.study: there is no file 'none.toml'\n"),
                                    ("plan", "list.toml", "list.toml:3: sweep.file: there is no file 'none.csv'\n"),
                                    ("fit", "fit.toml", r"fit.toml:\d+: study: there is no file 'validation.toml'\n")):
            self.assertRegex(self.told(command, name), "^" + text)
    def test_mark_keys_and_values(self):
        self.write("study.toml", """seed = "7"
[animals]
per_arm = 2.5
\ttreads = 2 # μ
[[arm]]
name = "RE"
[[arm.phase]]
name = "reload"
load = { left = 1, right = 3 }
duration_d = -8
""")
        self.assertEqual(self.told("run", "study.toml"), """\
study.toml:1: seed: is text, must be a whole number; start of all random draws
    1 | seed = "7"
      |        ^~~
study.toml:3: animals.per_arm: is 2.5, must be a whole number; rats in each arm
    3 | per_arm = 2.5
      |           ^~~
study.toml:4: animals.treads: unknown key; known here: per_arm, pairing, sex, age_months, body_mass_g, set_point_cv, unloading_response_cv, massage_response_cv, limb_correlation
    4 |  treads = 2 # μ
      |  ^~~~~~
study.toml:9: arm.RE.phase.reload.load: right is 3, must be from 0 to 2; weight borne by the limbs: 1 cage weight bearing, 0 suspended, between them partial weight bearing; a number, or one for each limb
    9 | load = { left = 1, right = 3 }
      |        ^~~~~~~~~~~~~~~~~~~~~~~
study.toml:10: arm.RE.phase.reload.duration_d: is -8, must be > 0 and <= 36500 d; length of the phase; an arm's last phase may leave it out and then lasts to the end of the longest arm
   10 | duration_d = -8
      |              ^~
""")

    def test_cannot_give_orders_to_a_terminal(self):
        self.write("study.toml", r'"\u001b[2J" = 1' + "\n" + text_of(STUDY))
        self.assertIn(r"study.toml:1: \x1b[2J: unknown key", self.told("check", "study.toml"))

    def test_suggest_keys_in_capitals(self):
        self.write("study.toml", text_of(STUDY).replace("force_N", "FORCE_N"))
        self.assertIn("unknown key; did you mean 'force_N'?", self.told("check", "study.toml"))

    def test_are_read_whatever_their_line_ends_and_marks(self):
        self.write("windows.toml", b"\xef\xbb\xbf" + text_of(STUDY).replace("\n", "\r\n").encode())
        self.hindlimb("run", "windows.toml", "-o", "y.h5", "--quiet")
        self.assertEqual(self.digest("y.h5"), self.digest(self.run_study()))

    def test_refuse_changes_that_do_not_fit(self):
        self.expect(
            (["check", "study.toml", "--set", "seed"],
             "--set: 'seed' must be KEY=VALUE, such as animals.per_arm=20"),
            (["check", "study.toml", "--set", "seed.a=3"], "--set: seed.a: 'seed' is a whole number, not a table"),
            (["check", "study.toml", "--set", "a..b=3"], "--set: a..b: has an empty part between dots"),
            (["check", "study.toml", "--set", "arm.REMM.massage.force_N=3"],
             "--set: arm.REMM.massage.force_N: there is no arm 'REMM'; did you mean 'REM'?"),
            (["check", "study.toml", "--set", "arm.RE.phase.reload.load={left=1,rigth=0}"],
             "--set: arm.RE.phase.reload.load: has a 'rigth', must have 'left' and 'right' alone; weight borne by the "
             "limbs: 1 cage weight bearing, 0 suspended, between them partial weight bearing; a number, or one for each "
             "limb"))

    def test_of_agents_say_what_cannot_be(self):
        def agents(*changes):
            return ["check", "study.toml", "--set", "fidelity=agents", *(part for c in changes for part in ("--set", c))]

        self.expect(
            (agents("solver.precision=f32", "solver.rtol=3e-5", "solver.atol=3e-5"),
             "--set: solver.precision: is f32, which is for screening by the mean field; f64 with fidelity = \"agents\""),
            (agents("agents.fibres=0"), "--set: agents.fibres: is 0, must be from 10 to 1000000; fibres of each section"),
            (agents("agents.step_min=7"),
             "--set: agents.step_min: is 7, which cannot be halved; an even number of minutes\n"
             "--set: agents.step_min: is 7, and day 1 is recorded, which is no whole number of steps; a step that divides "
             "all recorded times, or other times"))


class Sweeps(Told):
    def setUp(self):
        super().setUp()
        self.write("sweep.toml", SWEEP)

    def test_mark_a_key_that_is_unknown_and_a_value_that_is_wrong(self):
        self.write("sweep.toml", SWEEP.replace("force_N", "forse_N"))
        self.assertEqual(self.told("plan", "sweep.toml"), """\
sweep.toml:6: arm.REM.massage.forse_N: unknown key; did you mean 'force_N'?
    6 | key = "arm.REM.massage.forse_N"
      |       ^~~~~~~~~~~~~~~~~~~~~~~~~
""")
        self.write("sweep.toml", SWEEP.replace("4.5", "-4.5"))
        self.assertEqual(self.told("plan", "sweep.toml"), """\
sweep.toml:7: arm.REM.massage.force_N: is -4.5, must be from 0 to 100 N; compressive force; 0 is no massage
    7 | values = [1.4, -4.5]
      |                ^~~~
""")

    def test_refuse_the_file_of_another_and_say_how_to_go_on(self):
        self.hindlimb("sweep", "sweep.toml", "-o", "x.h5", "--quiet")
        self.write("sweep.toml", SWEEP.replace("4.5", "7"))
        self.expect((["sweep", "sweep.toml", "-o", "x.h5"],
                     "x.h5: holds another study or sweep; --extend adds runs to a sweep, --force starts anew, -o FILE "
                     "writes elsewhere"))
        self.write("sweep.toml", SWEEP.replace('replicates = 1', 'replicates = 1\n[sweep.set]\n"solver.rtol" = 1e-6'))
        self.expect((["sweep", "sweep.toml", "-o", "x.h5", "--extend"],
                     "x.h5: has 2 runs, of which 2 are not in this sweep; --extend adds values, replicates and axes, and "
                     "takes nothing away; --force starts anew"))

    def test_refuse_keys_of_a_set_without_quotes(self):
        self.write("sweep.toml", SWEEP.replace("replicates = 1", "replicates = 1\n[sweep.set]\nanimals.per_arm = 20"))
        self.assertEqual(self.told("plan", "sweep.toml"), """\
sweep.toml:5: sweep.set.animals: is a table; put the whole key in quotes: "animals.per_arm" = 20
    5 | animals.per_arm = 20
      | ^~~~~~~
""")

    def test_refuse_runs_that_are_none(self):
        self.hindlimb("sweep", "sweep.toml", "-o", "x.h5", "--quiet")
        self.expect(
            (["rerun", "x.h5", "--run", "1.5"], "--run: is '1.5', must be a whole number"),
            (["rerun", "x.h5", "--run", "99"], "--run: is '99', must be a number from 1 to 2"))

    def test_compare_what_was_kept_and_nothing_else(self):
        self.write("sweep.toml", SWEEP.replace("replicates = 1", 'replicates = 1\nkeep = "final"'))
        self.hindlimb("sweep", "sweep.toml", "-o", "x.h5", "--quiet")
        self.expect(
            (["compare", "x.h5", "--day", "14"], "x.h5: keeps the end of each arm alone; leave out --day"),
            (["compare", "x.h5", "--along", "forse_N"],
             "--along: forse_N: is no axis of this sweep; known here: massage_force_N"))
        self.write("sweep.toml", SWEEP.replace("replicates = 1", 'replicates = 1\nkeep = "summary"'))
        self.hindlimb("sweep", "sweep.toml", "-o", "y.h5", "--quiet")
        self.expect((["compare", "y.h5"],
                     "y.h5: keeps nothing but the summary of each point, and no rats; read its group 'summary', or run the "
                     "sweep with keep = \"final\""))


class Outputs(Told):
    def test_that_cannot_be_written_are_told(self):
        self.run_study()
        with open("/dev/full", "w", encoding="utf-8") as full:
            for arguments in (["compare", "x.h5"], ["explain"], ["check", "study.toml"], ["status", "x.h5"]):
                result = subprocess.run([PROGRAM, *arguments], cwd=self.folder, stdout=full, stderr=subprocess.PIPE,
                                        text=True, timeout=60)
                self.assertEqual((result.returncode, result.stderr),
                                 (FAILED, "hindlimb: standard output: cannot be written: No space left on device\n"),
                                 arguments)

    def test_are_files_and_take_the_place_of_nothing_else(self):
        self.run_study()
        os.mkfifo(self.path("pipe"))
        self.expect((["run", "study.toml", "--force", "-o", "pipe"], "pipe: is a device or a pipe, must be a file"),
                    (["export", "x.h5", "--csv", "--force", "-o", "pipe"], "pipe: is a device or a pipe, must be a file"))
        self.assertTrue(stat.S_ISFIFO(os.stat(self.path("pipe")).st_mode))

    def test_that_may_not_grow_are_told(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
        result = subprocess.run([PROGRAM, "run", "study.toml", "-o", "x.h5"], cwd=self.folder, capture_output=True,
                                text=True, timeout=60, preexec_fn=limit)
        self.assertEqual((result.returncode, result.stderr), (FAILED, "hindlimb: x.h5: cannot be written: File too large\n"))
        self.assertEqual(os.listdir(self.folder), ["study.toml"])


class Warnings(Told):
    """What is said of a result that is there, but less than it seems."""

    def test_tell_of_screening(self):
        result = self.hindlimb("run", "study.toml", "-o", "x.h5", "--set", "solver.precision=f32", "--set",
                               "solver.rtol=3e-5", "--set", "solver.atol=3e-5")
        self.assertRegex(result.stderr, r"^hindlimb: for screening: ")

    def test_tell_of_simulations_that_failed(self):
        result = self.hindlimb("run", "study.toml", "-o", "x.h5", "--set", "solver.max_steps=3", ends=FAILED)
        self.assertRegex(result.stderr,
                         r"^hindlimb: some simulations failed and are NaN in the file: arm WB, animal 1, "
                         r"gastrocnemius_medial, left limb: needs more steps than solver\.max_steps after day ")


if __name__ == "__main__":
    unittest.main()
