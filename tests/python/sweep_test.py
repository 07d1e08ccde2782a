"""The life of a sweep: started, stopped, killed, out of disk, damaged, extended, read. Never a wrong number."""

import contextlib
import functools
import hashlib
import json
import os
import random
import re
import resource
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import h5py
import numpy
import xarray

from cli_test import BAD_INPUT, FAILED, NOBODY, OK, PROGRAM, STUDY, Cli, text_of

STOPPED = 75
KILLED = -signal.SIGKILL
NOT_RUN = 2
RESUMED = r"goes on with (\d+) of \d+ runs in "
FAILING_CALLS = os.environ.get("HINDLIMB_FAILING_CALLS")
LONG = bool(os.environ.get("HINDLIMB_LONG_TESTS"))
NO_ROOM = {"ENOSPC": (28, "No space left on device"), "EDQUOT": (122, "Disk quota exceeded"),
           "EFBIG": (27, "File too large")}
BROKEN = {"EIO": (5, "Input/output error"), "EROFS": (30, "Read-only file system")}

FORCE = "arm.REM.massage.force_N"
GAIN = "crossover.neural_gain"  # 0 in the study
UNDISTURBED = tempfile.TemporaryDirectory()

QUICK_STUDY = """
title = "Two arms, two days"
seed = 2018
muscles = ["soleus"]

[[arm]]
name = "HS"
[[arm.phase]]
name = "suspension"
load = 0.0
duration_d = 1

[[arm]]
name = "REM"
[[arm.phase]]
name = "suspension"
load = 0.0
duration_d = 1
[[arm.phase]]
name = "reload"
load = 1.0
duration_d = 1
[[arm.massage]]
limb = "right"
phase = "reload"
force_N = 4.5
frequency_Hz = 0.5
bout_min = 30
first_d = 0
every_d = 1
bouts = 1

[record]
times_d = [0, 1, 2]
observables = ["csa", "wet_mass"]
"""


def plan(*axes, study="study.toml", rats=3, replicates=2, head="", changes=""):
    """A sweep of a study over some keys and their values."""
    lines = ["[sweep]", f'study = "{study}"', f"replicates = {replicates}", head, "[sweep.set]",
             f'"animals.per_arm" = {rats}', changes]
    for key, values in axes:
        lines += ["[[sweep.axis]]", f'key = "{key}"', f"values = {json.dumps(values)}"]
    return "\n".join(lines) + "\n"


def plan_of_miller(*axes, days=(0, 14, 22), changes="", **more):
    """The same of the study of the project: four arms, 22 days."""
    record = f'"record.times_d" = {list(days)}\n"record.observables" = ["csa", "wet_mass"]\n'
    return plan(*axes, study="miller2018.toml", changes=record + changes, **more)


FORCES = (FORCE, [0, 1.4, 4.5, 11])
GAINS = (GAIN, [0, 1, 2])
SMALL = plan((FORCE, [0, 4.5]), (GAIN, [0, 1]))
WIDER = plan((FORCE, [0, 1.4, 4.5]), (GAIN, [0, 1]))
OTHER = plan((FORCE, [1, 2, 3]))
BLOCKS = plan(FORCES, GAINS, rats=20)  # 24 runs in many blocks
KILLS = plan(FORCES, GAINS, rats=400, replicates=4)  # a second of work, in many blocks


def put_studies(folder):
    shutil.copy(STUDY, os.path.join(folder, "miller2018.toml"))
    with open(os.path.join(folder, "study.toml"), "w", encoding="utf-8") as file:
        file.write(QUICK_STUDY)


@functools.cache
def undisturbed(text):
    """The result of a sweep that nothing disturbs."""
    folder = os.path.join(UNDISTURBED.name, hashlib.sha256(text.encode()).hexdigest()[:16])
    os.mkdir(folder)
    put_studies(folder)
    with open(os.path.join(folder, "plan.toml"), "w", encoding="utf-8") as file:
        file.write(text)
    command = [PROGRAM, "sweep", "plan.toml", "-o", "x.h5"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)
    return os.path.join(folder, "x.h5")


@functools.cache
def digest_of(path):
    return subprocess.run([PROGRAM, "digest", path], check=True, capture_output=True, text=True, timeout=60).stdout


def contents(path):
    """All that equal sweeps share, to the bit."""
    found = {}

    def take(name, thing):
        if isinstance(thing, h5py.Dataset) and name != "wall_time":
            values = thing[()]
            bits = values.tolist() if values.dtype == object else values.tobytes()
            found[name] = (str(thing.dtype), thing.shape, bits)

    with h5py.File(path) as file:
        file.visititems(take)
        for name, value in file.attrs.items():
            if name not in ("date_created", "history"):
                found["@" + name] = str(value)
    return found


def bytes_of(path):
    with open(path, "rb") as file:
        return file.read()


def faults(call, at, error=0, hit_by=0, once=False, half=False, path=".h5"):
    """An environment in which a call of the system fails, or a signal comes with it."""
    return {"LD_PRELOAD": FAILING_CALLS, "ASAN_OPTIONS": "verify_asan_link_order=0", "FAIL_CALL": call,
            "FAIL_AT": str(at), "FAIL_ERRNO": str(error), "FAIL_SIGNAL": str(int(hit_by)), "FAIL_ONCE": str(int(once)),
            "FAIL_HALF": str(int(half)), "FAIL_PATH": path}


needs_faults = unittest.skipUnless(FAILING_CALLS, "HINDLIMB_FAILING_CALLS does not name the library")


class Sweeps(Cli):
    """Each test has a folder with the study; what else is found there is what the program left behind."""

    def setUp(self):
        self.inputs = {"study.toml", "miller2018.toml"}
        super().setUp()
        put_studies(self.folder)

    def write(self, name, content):
        self.inputs.add(name)
        return super().write(name, content)

    def left(self):
        return sorted(set(os.listdir(self.folder)) - self.inputs)

    def clear(self):
        for name in self.left():
            path = self.path(name)
            if os.path.isdir(path):
                shutil.rmtree(path)
            else:
                os.remove(path)

    @contextlib.contextmanager
    def case(self, *what, **more):
        """A part of a test that leaves its folder clean for the next, however it ends."""
        with self.subTest(*what, **more):
            yield
        self.clear()

    def put(self, name, content):
        """Something in the way."""
        with open(self.path(name), "wb") as file:
            file.write(content)

    def command(self, name="x.h5", options=(), file="plan.toml", threads=1):
        return ["sweep", file, "-o", name, "--threads", str(threads), *options]

    def sweep(self, text=None, *options, ends=OK, name="x.h5", threads=1, environment=None, **how):
        if text is not None:
            self.write("plan.toml", text)
        return self.hindlimb(*self.command(name, options, threads=threads), ends=ends, environment=environment, **how)

    def attempt(self, *options, environment=None, size_limit=None, name="x.h5"):
        """A sweep that may end in any way but a crash."""
        limit = None
        if size_limit is not None:
            def limit():
                resource.setrlimit(resource.RLIMIT_FSIZE, (size_limit, size_limit))
        result = subprocess.run([PROGRAM, *self.command(name, options)], cwd=self.folder, capture_output=True,
                                text=True, timeout=60, preexec_fn=limit, env={**os.environ, **(environment or {})})
        self.assertIn(result.returncode, (OK, FAILED, BAD_INPUT, STOPPED), result.stderr)
        return result

    def put_result(self, text, name="x.h5"):
        """A finished sweep, without waiting for it."""
        path = undisturbed(text)
        shutil.copy(path, self.path(name))
        self.put(name + ".sha256", (hashlib.sha256(bytes_of(path)).hexdigest() + f"  {name}\n").encode())

    def begin(self, text, *options, at=9, name="x.h5"):
        """Leaves a store with a block or more: the process is killed in its at-th write."""
        self.sweep(text, *options, ends=KILLED, name=name, environment=faults("write", at, hit_by=signal.SIGKILL))
        self.assertGreater(os.path.getsize(self.path(name + ".work")), 500)

    def n_resumed(self, result):
        found = re.search(RESUMED, result.stderr)
        return int(found[1]) if found else 0

    def assert_no_needless_part(self, result):
        """A checksum waits where its file is in its place and it is not."""
        left = self.left()
        parts = [name for name in left if name.endswith(".part")]
        waits = result in left and result + ".sha256" not in left
        self.assertIn(parts, [[], [result + ".sha256.part"]] if waits else [[]])

    def assert_as_undisturbed(self, text, name="x.h5", beside=()):
        """A result and its checksum are left, and its numbers, labels and texts are those of an undisturbed sweep."""
        self.assertEqual(self.left(), sorted([name, name + ".sha256", *beside]))
        self.assertEqual(text_of(self.path(name + ".sha256")),
                         hashlib.sha256(bytes_of(self.path(name))).hexdigest() + f"  {os.path.basename(name)}\n")
        ours, theirs = contents(self.path(name)), contents(undisturbed(text))
        self.assertEqual([key for key in theirs if ours.get(key) != theirs[key]], [])
        self.assertEqual(ours.keys(), theirs.keys())

    def calls(self, text, *options, path=None):
        """Every call that writes anything, in their order: [(call, path)]."""
        log = self.path("calls.log")
        self.sweep(text, *options, environment={**faults("any", 0, path=path or self.folder), "FAIL_LOG": log})
        made = [line.split(" ", 1) for line in text_of(log).splitlines()]
        os.remove(log)
        return made


class Undisturbed(Sweeps):
    def test_leaves_the_result_and_its_checksum_and_says_so(self):
        result = self.sweep(SMALL)
        self.assertRegex(result.stdout, r"4 points, 2 replicates: 8 of 8 runs in .* s.*\nwritten to x\.h5 \(.* kB\)\n$")
        self.assertEqual(result.stderr, "")
        self.assert_as_undisturbed(SMALL)
        subprocess.run(["sha256sum", "-c", "--status", "x.h5.sha256"], cwd=self.folder, check=True)

    def test_is_silent_when_asked(self):
        result = self.sweep(SMALL, "--quiet")
        self.assertEqual((result.stdout, result.stderr), ("", ""))

    def test_is_whole_though_nobody_can_read_what_it_says(self):
        self.write("plan.toml", BLOCKS)
        for closed in (" >&-", " 2>&-", " <&- >&- 2>&-"):
            with self.case(closed=closed):
                if FAILING_CALLS:
                    self.begin(BLOCKS)
                subprocess.run(shlex.join([PROGRAM, *self.command()]) + closed, cwd=self.folder, shell=True, timeout=60)
                self.assert_as_undisturbed(BLOCKS)

    def test_writes_to_results_when_it_is_not_told(self):
        self.write("plan.toml", SMALL)
        self.hindlimb("sweep", "plan.toml")
        self.assertEqual(sorted(os.listdir(self.path("results"))), ["plan.h5", "plan.h5.sha256"])

    def test_has_the_same_contents_for_any_number_of_threads(self):
        for threads in (1, 2, 8):
            for text in (SMALL, BLOCKS):
                self.sweep(text, threads=threads)
                self.assertEqual(self.digest("x.h5"), digest_of(undisturbed(text)))
                self.assert_as_undisturbed(text)
                self.clear()

    def test_is_told_apart_from_another_sweep_by_its_digest(self):
        digests = {digest_of(undisturbed(text)) for text in (SMALL, OTHER, BLOCKS, plan(FORCES), plan(GAINS))}
        self.assertEqual(len(digests), 5)

    def test_says_that_it_is_finished_when_it_is(self):
        self.sweep(SMALL)
        before = bytes_of(self.path("x.h5")), os.stat(self.path("x.h5")).st_mtime_ns
        self.assertEqual(self.sweep(SMALL).stdout, "x.h5: is finished; nothing to do\n")
        self.assertEqual(self.sweep(SMALL, "--extend").stdout, "x.h5: is finished; nothing to do\n")
        self.assertEqual(self.sweep(SMALL, "--quiet").stdout, "")
        self.assertEqual((bytes_of(self.path("x.h5")), os.stat(self.path("x.h5")).st_mtime_ns), before)
        self.assert_as_undisturbed(SMALL)

    def test_refuses_to_replace_another_sweep_unless_it_is_forced(self):
        self.sweep(OTHER)
        before = bytes_of(self.path("x.h5"))
        self.write("plan.toml", SMALL)
        hints = ["x.h5: holds another study or sweep", "--extend adds runs", "--force starts anew", "-o FILE"]
        self.refused(*self.command(), says=hints)
        self.assertEqual(bytes_of(self.path("x.h5")), before)
        self.assert_as_undisturbed(OTHER)
        self.sweep(SMALL, "--force")
        self.assert_as_undisturbed(SMALL)
        self.sweep(SMALL, name="y.h5")
        self.assert_as_undisturbed(SMALL, "y.h5", beside=["x.h5", "x.h5.sha256"])

    def test_is_another_sweep_with_another_seed(self):
        self.sweep(SMALL)
        self.refused(*self.command(options=("--set", "seed=3")), says=["x.h5: holds another study or sweep"])
        self.sweep(SMALL, "--set", "seed=3", "--force")
        self.assertNotEqual(self.digest("x.h5"), digest_of(undisturbed(SMALL)))

    def test_does_not_take_the_place_of_a_single_run(self):
        self.run_study("x.h5")
        before = bytes_of(self.path("x.h5"))
        self.write("plan.toml", SMALL)
        self.refused(*self.command(), says=["x.h5: holds another study or sweep"])
        self.refused(*self.command(options=["--extend"]), says=["x.h5: cannot be extended: it is no sweep"])
        self.assertEqual(bytes_of(self.path("x.h5")), before)

    def test_does_not_touch_what_it_cannot_read_unless_it_is_forced(self):
        whole = bytes_of(undisturbed(SMALL))
        checksum = bytes_of(undisturbed(SMALL) + ".sha256")
        flipped = whole[:9000] + bytes([whole[9000] ^ 1]) + whole[9001:]
        right = hashlib.sha256(whole[:5000]).hexdigest().encode() + b"  x.h5\n"
        self.write("plan.toml", SMALL)
        for what, content, beside, says in (
                ("truncated", whole[:-100], checksum, "x.h5: changed or broken"),
                ("truncated, with a checksum", whole[:5000], right, "x.h5: "),
                ("flipped", flipped, checksum, "x.h5: changed or broken"),
                ("empty", b"", checksum, "x.h5: changed or broken"),
                ("foreign", b"my notes", checksum, "x.h5: changed or broken"),
                ("without checksum", whole, None, "x.h5: has no checksum 'x.h5.sha256' beside it"),
                ("with a broken checksum", whole, b"12345", "x.h5.sha256: is not a checksum"),
                ("with the checksum of another", whole, b"0" * 64 + b"  x.h5\n", "x.h5: changed or broken")):
            with self.case(what):
                self.put("x.h5", content)
                if beside is not None:
                    self.put("x.h5.sha256", beside)
                for options in ((), ("--extend",), ("--partial",)):
                    self.refused(*self.command(options=options), says=[says, "--force replaces it, -o FILE"])
                    self.assertEqual(bytes_of(self.path("x.h5")), content)
                self.sweep(None, "--force")
                self.assert_as_undisturbed(SMALL)

    def test_does_not_both_keep_and_drop(self):
        self.write("plan.toml", SMALL)
        self.refused(*self.command(options=("--extend", "--force")), says=["--extend: keeps what --force would drop"])


class Places(Sweeps):
    """Where the result cannot be."""

    def test_are_refused_where_there_is_no_directory(self):
        self.write("plan.toml", SMALL)
        self.refused(*self.command("none/x.h5"), says=["none/x.h5: there is no directory 'none'"])
        self.refused(*self.command("study.toml/x.h5"), says=["study.toml/x.h5: there is no directory 'study.toml'"])
        self.refused(*self.command(""), says=["--output: is empty"])

    def test_are_refused_where_they_are_no_files(self):
        self.write("plan.toml", SMALL)
        os.mkdir(self.path("folder"))
        self.refused(*self.command("folder"), says=["folder: is a directory"])
        self.refused(*self.command("folder/"), says=["folder/: is a directory"])
        self.refused(*self.command("/dev/null"), says=["/dev/null: is a device or a pipe, must be a file"])

    def test_may_not_be_what_the_sweep_is_read_from(self):
        changes = '"parameters.file" = "parameters.toml"'
        self.write("plan.toml", plan(head='design = "list"\nfile = "points.csv"', changes=changes))
        self.write("points.csv", f"{FORCE}\n1\n2\n")
        self.write("parameters.toml", "[parameters]\ndrive_max = 1.5\n")
        names = ("plan.toml", "study.toml", "points.csv", "parameters.toml")
        kept = {name: bytes_of(self.path(name)) for name in names}
        for name in kept:
            for options in ((), ("--force",)):
                with self.case(name=name, options=options):
                    result = self.attempt(*options, name=name)
                    now = {name: bytes_of(self.path(name)) for name in kept}
                    for each, content in kept.items():
                        self.put(each, content)
                    self.assertEqual(now, kept)
                    self.assertEqual(result.returncode, BAD_INPUT)

    def test_are_told_where_a_directory_is_in_the_way(self):
        for name in ("x.h5.work", "x.h5.part", "x.h5.sha256.part"):
            with self.case(name):
                os.mkdir(self.path(name))
                self.write("plan.toml", SMALL)
                result = self.attempt()
                self.assertIn(result.returncode, (FAILED, BAD_INPUT))
                self.assertRegex(result.stderr, r"x\.h5.*directory")
                self.assertNotIn("x.h5", self.left())
                os.rmdir(self.path(name))
                self.sweep()
                self.assert_as_undisturbed(SMALL)

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("setpriv"), "root alone may become somebody else")
    def test_lose_nothing_when_they_may_not_be_written_any_more(self):
        if not FAILING_CALLS:
            self.skipTest("HINDLIMB_FAILING_CALLS does not name the library")
        os.chmod(self.folder, 0o755)
        shutil.copy(PROGRAM, self.path("hindlimb"))
        self.inputs.add("hindlimb")
        self.begin(BLOCKS)
        stored = bytes_of(self.path("x.h5.work"))
        for name in ("plan.toml", "study.toml"):
            os.chmod(self.path(name), 0o644)

        def as_nobody():
            result = subprocess.run([*NOBODY, "./hindlimb", *self.command()], cwd=self.folder, capture_output=True,
                                    text=True, timeout=60)
            self.assertEqual(self.left(), ["x.h5.work"])
            self.assertEqual(bytes_of(self.path("x.h5.work")), stored)
            return result

        result = as_nobody()
        self.assertEqual(result.returncode, BAD_INPUT, result.stderr)
        self.assertIn("x.h5: the directory '.' cannot be written to", result.stderr)
        os.chmod(self.folder, 0o777)
        os.chmod(self.path("x.h5.work"), 0o644)
        result = as_nobody()
        self.assertIn(result.returncode, (FAILED, BAD_INPUT), result.stderr)
        self.assertIn("x.h5.work: cannot be written: Permission denied", result.stderr)
        self.assertGreater(self.n_resumed(self.sweep()), 0)
        self.assert_as_undisturbed(BLOCKS)

    def test_have_names_with_spaces_and_letters_of_any_language(self):
        folder = "Größe 筋肉"
        os.mkdir(self.path(folder))
        self.inputs.add(folder)
        name = f"{folder}/x y.h5"
        if FAILING_CALLS:
            self.begin(BLOCKS, name=name)
        self.sweep(BLOCKS, name=name)
        self.assertEqual(sorted(os.listdir(self.path(folder))), ["x y.h5", "x y.h5.sha256"])
        self.assertEqual(self.digest(name), digest_of(undisturbed(BLOCKS)))


class Stopped(Sweeps):
    @needs_faults
    def test_by_a_signal_it_stores_and_goes_on(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.case(number=number):
                result = self.sweep(BLOCKS, ends=STOPPED, environment=faults("write", 4, hit_by=number))
                said = re.search(r"^hindlimb: stopped: (\d+) of 24 runs are stored in x\.h5\.work; "
                                 r"the same command goes on from there\n$", result.stderr)
                self.assertTrue(said, result.stderr)
                self.assertEqual(self.left(), ["x.h5.work"])
                resumed = self.sweep()
                self.assertEqual(self.n_resumed(resumed), int(said[1]))
                self.assertIn(f": {24 - int(said[1])} of 24 runs in ", resumed.stdout)
                self.assertEqual(self.digest("x.h5"), digest_of(undisturbed(BLOCKS)))
                self.assert_as_undisturbed(BLOCKS)

    def test_from_outside_it_finishes_the_blocks_in_flight_and_no_more(self):
        self.write("plan.toml", KILLS)
        n_before = 0
        for number in (signal.SIGTERM, signal.SIGINT):
            size = self.stored_size()
            with subprocess.Popen([PROGRAM, *self.command(threads=2)], cwd=self.folder, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, text=True) as process:
                while process.poll() is None and self.stored_size() < size + 1000:
                    time.sleep(0.001)
                process.send_signal(number)
                stderr = process.stderr.read()
            self.assertEqual(process.returncode, STOPPED, stderr)
            n_stored = int(re.search(r"stopped: (\d+) of 48 runs .* the same command goes on from there\n$", stderr)[1])
            self.assertTrue(n_before < n_stored < 48)
            n_before = n_stored
            self.assertEqual(self.left(), ["x.h5.work"])
        self.assertEqual(self.n_resumed(self.sweep(threads=2)), n_stored)
        self.assert_as_undisturbed(KILLS)

    def stored_size(self):
        work = self.path("x.h5.work")
        return os.path.getsize(work) if os.path.exists(work) else 0

    def test_by_a_second_signal_of_any_kind_it_ends_at_once(self):
        self.write("plan.toml", plan_of_miller((FORCE, [0, 4.5]), rats=20000))
        for second in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.case(second=second), subprocess.Popen([PROGRAM, *self.command()], cwd=self.folder,
                                                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as sweep:
                while not os.path.exists(self.path("x.h5.work")):
                    time.sleep(0.001)
                time.sleep(0.15)  # else no block is in flight yet
                sweep.send_signal(signal.SIGINT)
                time.sleep(0.1)  # else they may come as one
                sweep.send_signal(second)
                self.assertEqual(sweep.wait(timeout=60), -second)

    @needs_faults
    def test_while_the_file_is_assembled_it_loses_nothing(self):
        made = [call for call, path in self.calls(SMALL)]
        self.clear()
        for at in range(1, made.count("pwrite"), 12):
            with self.case(at=at):
                result = self.attempt(environment=faults("pwrite", at, hit_by=signal.SIGTERM))
                self.assertIn(result.returncode, (OK, STOPPED), result.stderr)
                if result.returncode == STOPPED:
                    self.assertIn("stopped: 8 of 8 runs are stored in x.h5.work", result.stderr)
                    self.assertEqual(self.left(), ["x.h5.work"])
                    self.assertIn(": 0 of 8 runs in ", self.sweep().stdout)
                self.assert_as_undisturbed(SMALL)

    @needs_faults
    def test_with_force_it_goes_on_as_it_says(self):
        self.put_result(OTHER)
        result = self.sweep(BLOCKS, "--force", ends=STOPPED, environment=faults("write", 4, hit_by=signal.SIGTERM))
        self.assertIn("the same command goes on from there", result.stderr)
        self.assertGreater(self.n_resumed(self.sweep(None, "--force")), 0)
        self.assert_as_undisturbed(BLOCKS)

    @needs_faults
    def test_it_keeps_an_old_result_until_the_new_one_is_whole(self):
        self.put_result(OTHER)
        self.sweep(BLOCKS, "--force", ends=STOPPED, environment=faults("write", 4, hit_by=signal.SIGTERM))
        self.assert_as_undisturbed(OTHER, beside=["x.h5.work"])


class Killed(Sweeps):
    """SIGKILL at any instant."""

    N_RANDOM = 10
    STRIDE = 15

    def test_at_random_it_goes_on_and_ends_as_if_it_had_not_been(self):
        started = time.monotonic()
        self.sweep(KILLS, threads=2)
        whole = time.monotonic() - started
        self.clear()
        chance = random.Random(1)
        n_kills = 0
        while n_kills < self.N_RANDOM:
            n_before = 0
            while True:
                with subprocess.Popen([PROGRAM, *self.command(threads=chance.choice((1, 2, 8)))], cwd=self.folder,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
                    try:
                        _, stderr = process.communicate(timeout=chance.uniform(0, whole / 2))
                    except subprocess.TimeoutExpired:
                        process.kill()
                        _, stderr = process.communicate()
                found = re.search(RESUMED, stderr)
                if found:
                    self.assertGreaterEqual(int(found[1]), n_before)
                    n_before = int(found[1])
                if process.returncode == OK:
                    break
                self.assertEqual(process.returncode, KILLED, stderr)
                n_kills += 1
            self.assertEqual(self.digest("x.h5"), digest_of(undisturbed(KILLS)))
            self.assert_as_undisturbed(KILLS)
            self.clear()

    def places(self, text, *options, pick=lambda call: True):
        """Which call, of those that change a file: all, but of the many that write some."""
        made = [(at, call, os.path.basename(path)) for at, (call, path) in enumerate(self.calls(text, *options), 1)]
        self.clear()
        writes = [at for at, call, path in made if "write" in call]
        some = {*writes[::self.STRIDE], *writes[-2:]}
        return [(at, call, path) for at, call, path in made if pick(call) and (at in some or "write" not in call)]

    def killed(self, at, *options, half=False, path=None):
        environment = faults("any", at, hit_by=signal.SIGKILL, half=half, path=path or self.folder)
        self.sweep(None, *options, ends=KILLED, environment=environment)

    @needs_faults
    def test_in_every_call_that_writes_it_goes_on(self):
        for at, call, path in self.places(SMALL):
            with self.case(at=at, call=call, path=path):
                self.killed(at)
                self.sweep()
                self.assert_as_undisturbed(SMALL)

    @needs_faults
    def test_in_every_write_of_a_block_it_keeps_the_blocks_before(self):
        n_before = 0
        made = self.calls(BLOCKS, path="x.h5.work")
        self.clear()
        writes = [at for at, (call, _) in enumerate(made, 1) if call == "write"]
        for at in sorted({*writes[::1 + self.STRIDE // 2], *writes[-3:]}):
            for half in (False, True):
                with self.case(at=at, half=half):
                    self.killed(at, half=half, path="x.h5.work")
                    n_stored = self.n_resumed(self.sweep())
                    self.assertGreaterEqual(n_stored, n_before)
                    n_before = n_stored
                    self.assert_as_undisturbed(BLOCKS)
        self.assertEqual(n_before, 23)  # the last one was in flight

    @needs_faults
    def test_again_while_it_recovers_it_still_goes_on(self):
        for at, call, path in self.places(SMALL, pick=lambda call: call in ("rename", "unlink", "fsync", "fdatasync")):
            for again in ("rename", "unlink", "fsync"):
                with self.case(at=at, call=call, path=path, again=again):
                    self.killed(at)
                    result = subprocess.run([PROGRAM, *self.command()], cwd=self.folder, capture_output=True, text=True,
                                            timeout=60, env={**os.environ, **faults(again, 1, hit_by=signal.SIGKILL)})
                    self.assertIn(result.returncode, (OK, KILLED), result.stderr)
                    self.sweep()
                    self.assert_as_undisturbed(SMALL)

    @needs_faults
    def test_while_it_extends_a_file_it_still_has_that_file(self):
        self.put_result(SMALL)
        for at, call, path in self.places(WIDER, "--extend", pick=lambda call: call != "pwrite"):
            with self.case(at=at, call=call, path=path):
                self.put_result(SMALL)
                self.write("plan.toml", WIDER)
                self.killed(at, "--extend")
                with h5py.File(self.path("x.h5")) as file, h5py.File(undisturbed(SMALL)) as old:
                    self.assertEqual(file["run_key"][:8].tolist(), old["run_key"][:].tolist())
                self.sweep(None, "--extend")
                self.assertEqual(self.left(), ["x.h5", "x.h5.sha256"])
                self.assertEqual(self.digest("x.h5"), digest_of(undisturbed(WIDER)))

    @needs_faults
    def test_while_it_replaces_a_file_by_force_the_old_or_the_new_is_whole(self):
        self.put_result(OTHER)
        for at, call, path in self.places(SMALL, "--force", pick=lambda call: call != "pwrite"):
            with self.case(at=at, call=call, path=path):
                self.put_result(OTHER)
                self.write("plan.toml", SMALL)
                self.killed(at, "--force")
                self.assertIn(contents(self.path("x.h5")), [contents(undisturbed(text)) for text in (SMALL, OTHER)])
                self.attempt()  # puts the checksum that belongs to it beside it, whatever else it says
                self.assertIn(self.digest("x.h5"), [digest_of(undisturbed(text)) for text in (SMALL, OTHER)])
                self.sweep(None, "--force")
                self.assert_as_undisturbed(SMALL)


@unittest.skipUnless(LONG, "HINDLIMB_LONG_TESTS is not set")
class LongKilled(Killed):
    """200 random kills, and kills in every call there is."""

    N_RANDOM = 200
    STRIDE = 1


class FullDisk(Sweeps):
    def test_is_told_as_a_limit_on_the_size_of_files_and_goes_on_without(self):
        size = os.path.getsize(undisturbed(BLOCKS))
        for limit in (0, 100, 1000, size // 4, size // 2, size - 1):
            with self.case(limit=limit):
                self.write("plan.toml", BLOCKS)
                result = self.attempt(size_limit=limit)
                self.assertEqual(result.returncode, STOPPED, result.stderr)
                self.assertRegex(result.stderr, r"File too large: \d+ of 24 runs are stored in x\.h5\.work; "
                                                r"the same command goes on from there\n$")
                self.assertLessEqual(set(self.left()), {"x.h5.work"})
                n_stored = int(re.search(r"(\d+) of 24 runs", result.stderr)[1])
                self.assertEqual(self.n_resumed(self.sweep()), n_stored)
                self.assert_as_undisturbed(BLOCKS)

    def test_keeps_an_old_result_and_its_checksum(self):
        self.put_result(OTHER)
        self.write("plan.toml", BLOCKS)
        for limit in (0, 1000, os.path.getsize(undisturbed(BLOCKS)) - 1):
            with self.subTest(limit=limit):
                self.assertEqual(self.attempt("--force", size_limit=limit).returncode, STOPPED)
                self.assertEqual(self.digest("x.h5"), digest_of(undisturbed(OTHER)))
        self.sweep(BLOCKS, "--force")
        self.assert_as_undisturbed(BLOCKS)

    def test_of_a_file_system_stops_it_cleanly_and_it_goes_on_when_there_is_room(self):
        size = os.path.getsize(undisturbed(BLOCKS)) // 1024
        self.write("plan.toml", BLOCKS)
        sweep = shlex.join([PROGRAM, *self.command("disk/x.h5")])
        mount = "mount -t tmpfs -o size={}k tmpfs disk"
        os.mkdir(self.path("disk"))
        if not shutil.which("unshare") or self.in_namespace(mount.format(4)).returncode != 0:
            self.skipTest("no file system may be mounted here")
        for room in (4, size // 4, size // 2, size, size * 5 // 4):
            with self.case(room=room):
                os.makedirs(self.path("disk"), exist_ok=True)
                result = self.in_namespace(f"{mount.format(room)}; {sweep}; echo ends $?; ls disk; "
                                           f"mount -o remount,size=64m disk; {sweep} && cp disk/* .")
                self.assertEqual(result.stdout.splitlines()[:2], [f"ends {STOPPED}", "x.h5.work"])
                self.assertRegex(result.stderr, r"No space left on device: \d+ of 24 runs are stored in disk/x\.h5")
                self.assertEqual(result.returncode, OK, result.stderr)
                self.assertIn("written to disk/x.h5", result.stdout)
                os.rmdir(self.path("disk"))
                self.assert_as_undisturbed(BLOCKS)

    def in_namespace(self, script):
        return subprocess.run(["unshare", "-rm", "sh", "-c", script], cwd=self.folder, capture_output=True, text=True,
                              timeout=60)


@needs_faults
class FailingCalls(Sweeps):
    """A disk that fails in some call, once or from there on."""

    def places(self, text, *options):
        """How often each call is made."""
        made = [call for call, path in self.calls(text, *options, path=".h5")]
        self.clear()
        return {call: made.count(call) for call in sorted(set(made))}

    def some(self, call, n):
        """Every call, but of the many that write every eighth part."""
        return range(1, n + 1, n // 8 if "write" in call and n > 12 else 1)

    def assert_told(self, result, code, reason):
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertIn(reason, result.stderr)
        self.assertRegex(result.stderr, r"^(hindlimb: .*\n)+$")
        self.assertEqual(result.stdout, "")
        if code == STOPPED:
            self.assertIn("runs are stored in x.h5.work; the same command goes on from there", result.stderr)

    def run_failing(self, text, call, at, how, once, code, options=()):
        """A failure that stops nothing is one that does no harm."""
        error, reason = how
        self.write("plan.toml", text)
        result = self.attempt(*options, environment=faults(call, at, error, once=once))
        if result.returncode == OK:
            self.assert_as_undisturbed(text)
        else:
            self.assert_told(result, code, reason)
        self.assert_no_needless_part("x.h5")

    def fails_and_goes_on(self, call, at, how, once, code, text=SMALL):
        with self.case(call=call, at=at, how=how, once=once):
            self.run_failing(text, call, at, how, once, code)
            if "x.h5" in self.left():
                self.assertEqual(contents(self.path("x.h5")), contents(undisturbed(text)))
            self.sweep(text)
            self.assert_as_undisturbed(text)

    def test_for_want_of_room_end_with_75_and_go_on(self):
        for call, n in self.places(SMALL).items():
            if call == "unlink":
                continue  # nothing that one waits for to have room
            for at in self.some(call, n):
                for how in (NO_ROOM.values() if at == 2 else [NO_ROOM["ENOSPC"]]):
                    self.fails_and_goes_on(call, at, how, False, STOPPED)

    def test_for_other_reasons_end_with_1_and_go_on(self):
        for call, n in self.places(SMALL).items():
            for at in self.some(call, n):
                for how in (BROKEN.values() if at == 1 else [BROKEN["EIO"]]):
                    self.fails_and_goes_on(call, at, how, True, FAILED)

    def test_in_the_middle_of_many_blocks_keep_the_blocks_before(self):
        n_before = 0
        for at in range(2, self.places(BLOCKS)["write"], 7):
            with self.case(at=at):
                self.run_failing(BLOCKS, "write", at, NO_ROOM["ENOSPC"], False, STOPPED)
                n_stored = self.n_resumed(self.sweep(BLOCKS))
                self.assertGreaterEqual(n_stored, n_before)
                n_before = n_stored
                self.assert_as_undisturbed(BLOCKS)
        self.assertGreater(n_before, 0)

    def test_that_write_a_part_or_are_interrupted_are_made_again(self):
        n_writes = self.places(SMALL)["write"]
        for at in [1, 2, 3, *range(4, n_writes - 3, 3), *range(n_writes - 3, n_writes + 1)]:
            for environment in (faults("write", at, once=True, half=True), faults("write", at, 4, once=True)):
                with self.case(environment=environment):
                    self.sweep(SMALL, environment=environment)
                    self.assert_as_undisturbed(SMALL)

    def test_that_write_a_part_before_they_fail_leave_no_part(self):
        for at in range(1, self.places(BLOCKS)["write"] + 1, 6):
            with self.case(at=at):
                self.write("plan.toml", BLOCKS)
                result = self.attempt(environment=faults("write", at, NO_ROOM["ENOSPC"][0], half=True))
                self.assert_told(result, STOPPED, NO_ROOM["ENOSPC"][1])
                self.sweep()
                self.assert_as_undisturbed(BLOCKS)

    def test_leave_an_old_result_and_its_checksum_as_they_were(self):
        """As long as the new one is not in its place."""
        self.put_result(OTHER)
        counts = self.places(SMALL, "--force")
        for call, n in counts.items():
            for at in self.some(call, n):
                with self.case(call=call, at=at):
                    self.put_result(OTHER)
                    self.run_failing(SMALL, call, at, BROKEN["EIO"], True, FAILED, options=("--force",))
                    old_or_new = [contents(undisturbed(text)) for text in (OTHER, SMALL)]
                    self.assertIn(contents(self.path("x.h5")), old_or_new)
                    if contents(self.path("x.h5")) == old_or_new[0]:
                        self.assertEqual(self.digest("x.h5"), digest_of(undisturbed(OTHER)))
                    self.sweep(SMALL, "--force")
                    self.assert_as_undisturbed(SMALL)

    def test_leave_a_file_that_was_to_be_extended(self):
        self.put_result(SMALL)
        counts = self.places(WIDER, "--extend")
        for call in ("fsync", "rename", "unlink"):
            for at in range(1, counts[call] + 1):
                with self.case(call=call, at=at):
                    self.put_result(SMALL)
                    self.run_failing(WIDER, call, at, BROKEN["EIO"], True, FAILED, options=("--extend",))
                    self.sweep(WIDER, "--extend")
                    self.assertEqual(self.left(), ["x.h5", "x.h5.sha256"])
                    self.assertEqual(self.digest("x.h5"), digest_of(undisturbed(WIDER)))


@needs_faults
class TwoProcesses(Sweeps):
    NARROW, WIDE = plan((FORCE, [0, 4.5]), rats=20), BLOCKS

    def asleep(self, text, *options, at=4, call="write", path=".h5"):
        """A process that stands still in the middle of its work."""
        self.write("plan.toml", text)
        process = subprocess.Popen([PROGRAM, *self.command(options=options)], cwd=self.folder, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env={**os.environ,
                                        **faults(call, at, hit_by=signal.SIGSTOP, once=True, path=path)})
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        event = os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        self.assertEqual(event.si_code, os.CLD_STOPPED)
        return process

    def wake(self, process):
        process.send_signal(signal.SIGCONT)
        process.wait(timeout=60)
        self.assertEqual(process.returncode, OK, process.stderr.read())

    def test_do_not_work_on_one_result(self):
        for call, at in (("write", 4), ("pwrite", 20), ("rename", 1)):
            with self.case(call=call, at=at):
                first = self.asleep(BLOCKS, call=call, at=at)
                for options in ((), ("--force",), ("--extend",)):
                    self.refused(*self.command(options=options),
                                 says=["x.h5.work: another process works on it; this one stops, and nothing is lost"])
                self.wake(first)
                self.assert_as_undisturbed(BLOCKS)

    def test_of_different_sweeps_do_not_work_on_one_result(self):
        first = self.asleep(BLOCKS)
        self.write("other.toml", OTHER)
        for options in ((), ("--force",)):
            self.refused(*self.command(options=options, file="other.toml"), says=["another process works on it"])
        self.wake(first)
        self.assert_as_undisturbed(BLOCKS)

    def test_may_look_at_what_is_stored_meanwhile(self):
        first = self.asleep(BLOCKS)
        self.sweep(None, "--partial")
        self.assertEqual(self.left(), ["x.h5.work", "x.partial.h5", "x.partial.h5.sha256"])
        self.wake(first)
        self.assert_as_undisturbed(BLOCKS, beside=["x.partial.h5", "x.partial.h5.sha256"])

    def test_do_not_drop_what_the_other_stores_to_extend_a_finished_file(self):
        self.put_result(self.NARROW)
        self.write("narrow.toml", self.NARROW)
        first = self.asleep(self.WIDE, "--extend")
        self.hindlimb(*self.command(file="narrow.toml"))
        self.assertIn("x.h5.work", self.left())
        self.wake(first)
        self.assertEqual(self.digest("x.h5"), digest_of(undisturbed(self.WIDE)))

    def test_do_not_drop_what_the_other_stored_to_extend_a_finished_file(self):
        self.put_result(self.NARROW)
        self.write("narrow.toml", self.NARROW)
        self.begin(self.WIDE, "--extend")
        stored = bytes_of(self.path("x.h5.work"))
        self.hindlimb(*self.command(file="narrow.toml"))
        self.assertEqual(self.left(), ["x.h5", "x.h5.sha256", "x.h5.work"])
        self.assertEqual(bytes_of(self.path("x.h5.work")), stored)

    def test_that_extend_one_file_lose_no_run_of_each_other(self):
        old, first, wider, other = (plan((FORCE, forces)) for forces in
                                    ([0, 4.5], [0, 4.5, 9], [0, 4.5, 9, 11], [0, 4.5, 11]))
        self.write("first.toml", first)
        for late, ends, forces in ((wider, OK, [0, 4.5, 9, 11]), (other, BAD_INPUT, [0, 4.5, 9])):
            with self.case(forces=forces):
                self.put_result(old)
                process = self.asleep(late, "--extend", call="flock", at=1, path=".work")
                self.hindlimb(*self.command(file="first.toml", options=["--extend"]))
                process.send_signal(signal.SIGCONT)
                self.assertEqual(process.wait(timeout=60), ends)
                self.assertEqual(self.left(), ["x.h5", "x.h5.sha256"])
                with h5py.File(self.path("x.h5")) as file:
                    self.assertEqual(sorted(set(file["massage_force_N"][:])), forces)

    def test_make_one_partial_file_one_after_the_other(self):
        self.begin(BLOCKS)
        first = self.asleep(BLOCKS, "--partial", call="pwrite", at=20, path="x.partial")
        self.refused(*self.command(options=["--partial"]), says=["x.partial.h5.lock: another process works on it"])
        self.wake(first)
        self.assertEqual(self.left(), ["x.h5.work", "x.partial.h5", "x.partial.h5.sha256"])
        self.digest("x.partial.h5")

    def test_or_more_that_start_at_once_make_one_result(self):
        self.write("plan.toml", BLOCKS)
        processes = [subprocess.Popen([PROGRAM, *self.command()], cwd=self.folder, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True) for _ in range(6)]
        ends = []
        for process in processes:
            _, stderr = process.communicate(timeout=60)
            ends.append(process.returncode)
            self.assertTrue(process.returncode == OK or "another process works on it" in stderr, stderr)
        self.assertLessEqual(set(ends), {OK, BAD_INPUT})
        self.assertIn(OK, ends)
        self.assert_as_undisturbed(BLOCKS)


@needs_faults
class DamagedStore(Sweeps):
    def setUp(self):
        super().setUp()
        self.begin(BLOCKS, at=20)
        self.stored = bytes_of(self.path("x.h5.work"))
        self.text_size = self.stored.index(b"\n\n") + 2
        self.n_stored = self.n_resumed(self.sweep())
        self.assertGreater(self.n_stored, 0)
        self.clear()

    def goes_on_with(self, stored, least=0):
        """The runs that are kept."""
        self.put("x.h5.work", stored)
        n = self.n_resumed(self.sweep())
        self.assertTrue(least <= n <= self.n_stored)
        self.assert_as_undisturbed(BLOCKS)
        return n

    def test_that_was_cut_short_goes_on_with_its_whole_blocks(self):
        n_before = 0
        size = len(self.stored)
        for end in [0, 1, 30, self.text_size - 1, self.text_size, self.text_size + 31, *range(300, size, size // 5),
                    size - 1, size]:
            with self.case(end=end):
                n = self.goes_on_with(self.stored[:end], n_before)
                n_before = n
        self.assertEqual(n_before, self.n_stored)

    def test_with_anything_after_its_end_goes_on_with_all_its_blocks(self):
        for what, after in (("zeros", bytes(10_000)), ("text", b"garbage" * 500), ("a mark", b"HLWB"),
                            ("bytes", random.Random(1).randbytes(5000)), ("itself", self.stored),
                            ("its blocks", self.stored[self.text_size:])):
            with self.case(what):
                self.goes_on_with(self.stored + after, self.n_stored)

    def test_with_changed_bytes_computes_what_they_were_of_again(self):
        step = (len(self.stored) - self.text_size) // 9
        for at in [*(self.text_size + byte for byte in (0, 5, 9, 17, 25, 30, 32)),
                   *range(self.text_size + 40, len(self.stored), step)]:
            with self.case(at=at):
                changed = bytearray(self.stored)
                changed[at] ^= 0x80 if at % 2 else 1
                self.assertLess(self.goes_on_with(bytes(changed)), self.n_stored)

    def test_with_a_hole_of_zeros_computes_what_was_there_again(self):
        for start in range(self.text_size, len(self.stored), max(4096, len(self.stored) // 5)):
            with self.case(start=start):
                end = min(start + 4096, len(self.stored))
                self.goes_on_with(self.stored[:start] + bytes(end - start) + self.stored[end:])

    def test_with_changed_bytes_in_its_description_is_refused_or_right(self):
        for at in range(0, self.text_size, 5):
            with self.case(at=at, near=self.stored[max(0, at - 12):at + 4]):
                changed = bytearray(self.stored)
                changed[at] ^= 1
                self.assert_refused_or_right(bytes(changed))

    def test_with_another_number_in_its_description_is_refused_or_right(self):
        description = self.stored[:self.text_size].decode()
        for old in re.findall(r"^(?:runs|first|chunk|series|precision|compressed) .*$", description, re.MULTILINE):
            name, value = old.split(" ", 1)
            for new in sorted({"0", "2", "f8", "99999999", value.split()[0]} - {value}):
                with self.case(old=old, new=new):
                    changed = description.replace(old, f"{name} {new}", 1)
                    self.assert_refused_or_right(changed.encode() + self.stored[self.text_size:])

    def assert_refused_or_right(self, stored):
        self.put("x.h5.work", stored)

        def limit():  # a number that was taken for a size must not take the machine with it
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 28, 1 << 28))
            resource.setrlimit(resource.RLIMIT_CPU, (5, 10))

        result = subprocess.run([PROGRAM, *self.command()], cwd=self.folder, capture_output=True, text=True, timeout=60,
                                preexec_fn=limit)
        self.assertIn(result.returncode, (OK, BAD_INPUT), result.stderr[-500:])
        if result.returncode == BAD_INPUT:
            self.assertIn("x.h5.work: ", result.stderr)
            self.assertEqual((self.left(), bytes_of(self.path("x.h5.work"))), (["x.h5.work"], stored))
            self.sweep(None, "--force")
        self.assert_as_undisturbed(BLOCKS)

    def test_of_another_sweep_is_refused_and_left_alone(self):
        for options in ((), ("--partial",), ("--set", "seed=3")):
            with self.case(options=options):
                self.put("x.h5.work", self.stored)
                self.write("plan.toml", BLOCKS if "--set" in options else OTHER)
                self.refused(*self.command(options=options),
                             says=["x.h5.work: holds runs of another sweep, or of this one before a change (Two arms, two "
                                   "days (plan.toml))", "a sweep that is changed back goes on, and once it is finished "
                                   "--extend adds to it; --force starts anew and drops them, -o FILE writes elsewhere"])
                self.assertEqual(bytes_of(self.path("x.h5.work")), self.stored)
                self.sweep(OTHER, "--force")
                self.assert_as_undisturbed(OTHER)

    def test_that_is_none_is_refused_and_left_alone(self):
        hdf5 = bytes_of(undisturbed(SMALL))
        for what, content in (("text", b"my notes\n"), ("long text", b"my notes\n\n" * 20_000), ("HDF5", hdf5),
                              ("a later version", self.stored.replace(b"store 1", b"store 2", 1)),
                              ("zeros", bytes(5000))):
            with self.case(what):
                self.put("x.h5.work", content)
                self.refused(*self.command(), says=["x.h5.work: is no working store of hindlimb", "--force"])
                self.assertEqual(bytes_of(self.path("x.h5.work")), content)
                self.sweep(None, "--force")
                self.assert_as_undisturbed(BLOCKS)

    def test_that_is_empty_is_begun_anew(self):
        self.assertEqual(self.goes_on_with(b""), 0)

    def test_goes_on_under_another_name_and_with_other_threads(self):
        self.put("y.h5.work", self.stored)
        self.assertEqual(self.n_resumed(self.sweep(BLOCKS, name="y.h5", threads=8)), self.n_stored)
        self.assert_as_undisturbed(BLOCKS, "y.h5")


class Extended(Sweeps):
    @staticmethod
    def over(group, axis):
        """What a file has of each run, or a summary of each point."""

        def is_over(variable):
            scales = variable.attrs.get("DIMENSION_LIST")
            return scales is not None and group[scales[0][0]] == group[axis]

        return {name: variable[()] for name, variable in group.items()
                if isinstance(variable, h5py.Dataset) and (name == axis or is_over(variable))}

    def assert_extended(self, old_path, text, name="x.h5"):
        """The old runs stand first, as they were; the whole is what a fresh sweep would be, in another order."""
        self.assertEqual(self.left(), [name, name + ".sha256"])
        self.assertEqual(self.digest(name), digest_of(undisturbed(text)))
        with h5py.File(old_path) as old, h5py.File(self.path(name)) as new, h5py.File(undisturbed(text)) as fresh:
            before, after, wanted = (self.over(file, "run") for file in (old, new, fresh))
            n_old = len(before["run"])
            self.assertLessEqual(before.keys(), after.keys())
            self.assertEqual(after.keys(), wanted.keys())
            for variable, values in before.items():
                numpy.testing.assert_array_equal(after[variable][:n_old], values, variable, strict=True)
            self.assertEqual(after["run"].tolist(), list(range(1, len(wanted["run"]) + 1)))
            place = {key: i for i, key in enumerate(wanted["run_key"])}
            order = [place[key] for key in after["run_key"]]
            self.assertEqual(sorted(order), list(range(len(order))))
            for variable, values in wanted.items():
                if variable not in ("run", "point", "wall_time"):
                    numpy.testing.assert_array_equal(after[variable], values[order], variable)
            points = dict(zip(after["point"], wanted["point"][order]))
            self.assertEqual(sorted(points), sorted(set(points.values())))
            summary, wanted = self.over(new["summary"], "point"), self.over(fresh["summary"], "point")
            self.assertEqual(summary["point"].tolist(), list(range(1, len(points) + 1)))
            order = [points[point] - 1 for point in summary["point"]]
            for variable, values in wanted.items():
                if variable != "point":
                    numpy.testing.assert_array_equal(summary[variable], values[order], variable)

    def extends(self, old, new, n_new):
        self.sweep(old)
        kept = self.path("old.h5")
        shutil.copy(self.path("x.h5"), kept)
        self.inputs.add("old.h5")
        result = self.sweep(new, "--extend")
        self.assertRegex(result.stdout, rf": {n_new} of \d+ runs in ")
        self.assert_extended(kept, new)

    def test_by_values_it_computes_those_alone(self):
        for replicates in (1, 5):  # one run in a chunk, and several, of which old and new ones share some
            old = plan((FORCE, [4.5]), GAINS, replicates=replicates)
            for values in ([4.5, 11], [0, 1.4, 4.5], [11, 4.5, 1.4, 0]):
                with self.case(replicates=replicates, values=values):
                    new = plan((FORCE, values), GAINS, replicates=replicates)
                    self.extends(old, new, (len(values) - 1) * 3 * replicates)

    def test_by_replicates_it_computes_those_alone(self):
        for before, after in ((2, 3), (5, 13)):
            with self.case(before=before, after=after):
                self.extends(plan(FORCES, replicates=before), plan(FORCES, replicates=after), 4 * (after - before))

    def test_by_an_axis_it_takes_the_old_runs_as_those_of_the_base_value(self):
        for gains in ([0, 1], [1, 0, 2]):
            for axes in ((FORCES, (GAIN, gains)), ((GAIN, gains), FORCES)):
                with self.case(axes=axes):
                    self.extends(plan(FORCES), plan(*axes), 8 * (len(gains) - 1))

    def test_by_everything_at_once_and_again(self):
        first, second = plan((FORCE, [4.5]), replicates=1), plan((FORCE, [0, 4.5]), (GAIN, [0, 1]), replicates=2)
        third = plan((FORCE, [0, 1.4, 4.5]), (GAIN, [0, 1, 2]), replicates=3)
        self.sweep(first)
        for text in (second, third):
            self.inputs.add("old.h5")
            shutil.copy(self.path("x.h5"), self.path("old.h5"))
            self.sweep(text, "--extend")
            self.assert_extended(self.path("old.h5"), text)

    def test_is_the_same_for_any_kind_of_what_is_kept(self):
        for head in ('keep = "final"', 'compress = "none"'):
            with self.case(head):
                self.extends(plan((FORCE, [0, 4.5]), head=head), plan(FORCES, head=head), 4)
        double = '"record.precision" = "f8"'
        self.extends(plan((FORCE, [0, 4.5]), changes=double), plan(FORCES, changes=double), 4)

    def test_keeps_old_runs_of_which_simulations_failed(self):
        steps = ("solver.max_steps", [3, 1000000])
        self.extends(plan(steps), plan(steps, replicates=3), 2)

    def test_where_there_is_nothing_it_is_a_sweep(self):
        self.sweep(SMALL, "--extend")
        self.assertEqual(self.left(), ["x.h5", "x.h5.sha256"])
        self.assertEqual(self.digest("x.h5"), digest_of(undisturbed(SMALL)))

    @needs_faults
    def test_and_stopped_it_goes_on(self):
        old, new = plan((FORCE, [0, 4.5]), rats=20), plan(FORCES, GAINS, rats=20)
        self.sweep(old)
        kept = self.path("old.h5")
        shutil.copy(self.path("x.h5"), kept)
        self.inputs.add("old.h5")
        result = self.sweep(new, "--extend", ends=STOPPED, environment=faults("write", 4, hit_by=signal.SIGTERM))
        self.assertRegex(result.stderr, r"stopped: \d+ of 24 runs are stored")
        self.assertEqual(self.digest("x.h5"), digest_of(undisturbed(old)))
        self.refused(*self.command(), says=["x.h5: holds another study or sweep", "--extend"])
        self.sweep(None, "--extend", ends=KILLED, environment=faults("write", 3, hit_by=signal.SIGKILL))
        self.assertGreater(self.n_resumed(self.sweep(None, "--extend")), 0)
        self.assert_extended(kept, new)

    def refuses(self, text, *says):
        before = bytes_of(self.path("x.h5"))
        self.write("plan.toml", text)
        self.refused(*self.command(options=["--extend"]), says=["x.h5: ", *says])
        self.assertEqual(bytes_of(self.path("x.h5")), before)

    def test_is_refused_where_old_runs_would_be_missing(self):
        self.sweep(SMALL)
        self.refuses(plan((FORCE, [0, 11]), (GAIN, [0, 1])), "has 8 runs, of which 4 are not in this sweep",
                     "--extend adds values, replicates and axes, and takes nothing away; --force starts anew")
        self.refuses(plan((FORCE, [0, 4.5]), (GAIN, [0, 1]), replicates=1), "of which 4 are not in this sweep")
        self.refuses(plan((FORCE, [0, 4.5])), "of which 4 are not in this sweep")
        heavier = '"animals.body_mass_g" = 401'
        self.refuses(plan((FORCE, [0, 4.5]), (GAIN, [0, 1]), changes=heavier), "of which 8 are not in this sweep")
        self.assert_as_undisturbed(SMALL)

    def test_is_refused_where_something_else_is_recorded(self):
        self.sweep(SMALL)
        axes = (FORCES, GAINS)
        self.refuses(plan(*axes, changes='"record.observables" = ["csa"]'), "it records other observables")
        self.refuses(plan(*axes, changes='"record.observables" = ["csa", "rna"]'), "it records other observables")
        self.refuses(plan(*axes, changes='"record.times_d" = [0, 1, 1.5, 2]'), "it records other times")
        self.refuses(plan(*axes, ("arm.HS.phase.suspension.duration_d", [1, 1.5])), "it records other times")
        self.refuses(plan(*axes, rats=4), "it has other arms, muscles or numbers of rats")
        self.refuses(plan(*axes, changes='"seed" = 3'), "it has another seed")
        self.refuses(plan(*axes, head='keep = "final"'), "it keeps something else of each run")
        self.assert_as_undisturbed(SMALL)

    def test_is_refused_where_the_runs_are_gone(self):
        self.sweep(plan((FORCE, [0, 4.5]), head='keep = "summary"'))
        self.refuses(plan(FORCES, head='keep = "summary"'), "it keeps summaries alone")

    def test_is_refused_where_another_model_made_the_file(self):
        self.sweep(SMALL)
        with h5py.File(self.path("x.h5"), "r+") as file:
            ours = file.attrs["model_version"]
            file.attrs["model_version"] = "1"
        self.put("x.h5.sha256", hashlib.sha256(bytes_of(self.path("x.h5"))).hexdigest().encode() + b"  x.h5\n")
        self.refuses(plan(FORCES, GAINS), f"it was made by model_version 1, and this is {ours}")


@needs_faults
class Partial(Sweeps):
    def setUp(self):
        super().setUp()
        self.begin(BLOCKS, at=20)
        self.stored = bytes_of(self.path("x.h5.work"))

    def test_holds_what_is_stored_and_nothing_else(self):
        result = self.sweep(None, "--partial")
        self.assertRegex(result.stdout, r"^\d+ of 24 runs\nwritten to x\.partial\.h5\n$")
        n = int(result.stdout.split()[0])
        self.assertEqual(self.left(), ["x.h5.work", "x.partial.h5", "x.partial.h5.sha256"])
        self.assertEqual(bytes_of(self.path("x.h5.work")), self.stored)
        with h5py.File(self.path("x.partial.h5")) as ours, h5py.File(undisturbed(BLOCKS)) as whole:
            self.assertEqual(ours.attrs["partial"], f"{n} of 24 runs")
            status = ours["status"][:]
            there = status != NOT_RUN
            self.assertEqual((numpy.sum(there), len(there)), (n, 24))
            for name in ("csa", "wet_mass"):
                self.assertTrue(numpy.isnan(ours[name][~there]).all())
            for name in ("csa", "wet_mass", "run_key", "status", "message", "n_steps"):
                numpy.testing.assert_array_equal(ours[name][:][there], whole[name][:][there])
            for name in ("run", "point", "replicate", "massage_force_N", "crossover_neural_gain", "massaged"):
                numpy.testing.assert_array_equal(ours[name][:], whole[name][:])
            points = whole["point"][:]
            complete = numpy.array([there[points == point].all() for point in whole["summary/point"][:]])
            self.assertTrue(complete.any() and not complete.all())
            summary = ours["summary/csa"][:]
            numpy.testing.assert_array_equal(summary[complete], whole["summary/csa"][:][complete])
            self.assertTrue(numpy.isnan(summary[~complete]).all())
            self.assertEqual(ours["summary/n_rats"][:].tolist(), numpy.where(complete, 40, 0).tolist())
        self.digest("x.partial.h5")

    def test_does_not_end_the_sweep_and_is_renewed(self):
        self.sweep(None, "--partial")
        before = bytes_of(self.path("x.partial.h5"))
        self.sweep(None, ends=KILLED, environment=faults("write", 3, hit_by=signal.SIGKILL))
        self.sweep(None, "--partial")
        self.assertNotEqual(bytes_of(self.path("x.partial.h5")), before)
        self.assertGreater(self.n_resumed(self.sweep()), 0)
        self.assert_as_undisturbed(BLOCKS, beside=["x.partial.h5", "x.partial.h5.sha256"])

    def test_opens_in_xarray(self):
        self.sweep(None, "--partial")
        for engine in ("h5netcdf", "netcdf4"):
            with xarray.open_dataset(self.path("x.partial.h5"), engine=engine) as dataset:
                kept = dataset.csa.isel(run=(dataset.status != NOT_RUN).values)
                self.assertTrue(bool(kept.isel(time=0).notnull().all()))

    def test_is_neither_a_result_to_extend_nor_to_go_on_with(self):
        self.sweep(None, "--partial")
        self.refused(*self.command("x.partial.h5"), says=["x.partial.h5: "])
        self.refused(*self.command("x.partial.h5", options=["--extend"]), says=["x.partial.h5: cannot be extended"])

    def test_takes_the_place_of_no_other_file_unless_it_is_forced(self):
        shutil.copy(undisturbed(OTHER), self.path("x.partial.h5"))
        self.put("x.partial.h5.sha256", (hashlib.sha256(bytes_of(undisturbed(OTHER))).hexdigest() +
                                         "  x.partial.h5\n").encode())
        before = bytes_of(self.path("x.partial.h5"))
        self.refused(*self.command(options=["--partial"]),
                     says=["x.partial.h5: is no partial file of this sweep; --force replaces it, -o FILE writes elsewhere"])
        self.assertEqual(bytes_of(self.path("x.partial.h5")), before)
        self.sweep(None, "--partial", "--force")
        self.sweep(None, "--partial")
        self.digest("x.partial.h5")

    def test_keeps_the_whole_name_of_its_file(self):
        os.rename(self.path("x.h5.work"), self.path("x.v2.work"))
        self.sweep(None, "--partial", name="x.v2")
        self.assertEqual(self.left(), ["x.v2.partial.h5", "x.v2.partial.h5.sha256", "x.v2.work"])

    def test_of_nothing_is_refused(self):
        self.refused(*self.command("y.h5", options=["--partial"]), says=["y.h5.work: no such file"])

    def test_of_a_finished_sweep_says_that_it_is_finished(self):
        self.sweep()
        self.assertIn("is finished", self.sweep(None, "--partial").stdout)
        self.assertEqual(self.left(), ["x.h5", "x.h5.sha256"])

    def test_of_an_extension_holds_the_old_runs_too(self):
        self.clear()
        old, new = plan((FORCE, [0, 4.5]), rats=20), plan(FORCES, GAINS, rats=20)
        self.sweep(old)
        self.sweep(new, "--extend", ends=KILLED, environment=faults("write", 4, hit_by=signal.SIGKILL))
        n = int(self.sweep(None, "--partial", "--extend").stdout.split()[0])
        self.assertGreater(n, 4)
        with h5py.File(self.path("x.partial.h5")) as ours, h5py.File(undisturbed(old)) as before:
            self.assertEqual(numpy.sum(ours["status"][:] != NOT_RUN), n)
            numpy.testing.assert_array_equal(ours["csa"][:4], before["csa"][:])
        self.sweep(None, "--extend")
        self.assertEqual(self.digest("x.h5"), digest_of(undisturbed(new)))

    def test_is_not_made_by_halves(self):
        made = [call for call, path in self.calls(None, "--partial", path="x.partial")]
        os.remove(self.path("x.partial.h5"))
        os.remove(self.path("x.partial.h5.sha256"))
        for call in ("pwrite", "fsync", "rename"):
            for at in range(1, made.count(call) + 1, made.count(call) // 4 if call == "pwrite" else 1):
                for what in ({"error": 28}, {"error": 5}, {"hit_by": signal.SIGTERM}, {"hit_by": signal.SIGKILL}):
                    with self.subTest(call=call, at=at, what=what):
                        result = subprocess.run([PROGRAM, *self.command(options=["--partial"])], cwd=self.folder,
                                                capture_output=True, text=True, timeout=60,
                                                env={**os.environ, **faults(call, at, path="x.partial", **what)})
                        if what.get("hit_by") == signal.SIGKILL:
                            self.assertEqual(result.returncode, KILLED)
                        else:
                            self.assertIn(result.returncode, (OK, FAILED, STOPPED), result.stderr)
                            self.assert_no_needless_part("x.partial.h5")
                        self.assertEqual(bytes_of(self.path("x.h5.work")), self.stored)
                        self.sweep(None, "--partial")
                        self.digest("x.partial.h5")
                        self.assertEqual(self.left(), ["x.h5.work", "x.partial.h5", "x.partial.h5.sha256"])
                    for name in set(self.left()) - {"x.h5.work"}:
                        os.remove(self.path(name))


class File(Sweeps):
    """What is in the file, for other people's tools."""

    ENGINES = ("h5netcdf", "netcdf4")

    def opened(self, text, engine="netcdf4", group=None):
        dataset = xarray.open_dataset(undisturbed(text), engine=engine, group=group)
        self.addCleanup(dataset.close)
        return dataset

    def test_has_the_swept_keys_as_coordinates_of_its_runs(self):
        for engine in self.ENGINES:
            with self.subTest(engine):
                dataset = self.opened(plan_of_miller(FORCES, GAINS), engine)
                self.assertEqual(dataset.csa.dims, ("run", "arm", "animal", "muscle", "limb", "time"))
                for name in ("point", "replicate", "massage_force_N", "crossover_neural_gain"):
                    self.assertIn(name, dataset.csa.coords)
                    self.assertEqual(dataset[name].dims, ("run",))
                self.assertEqual(dataset.massage_force_N.attrs["units"], "N")
                self.assertEqual(dataset.massage_force_N.attrs["key"], FORCE)
                self.assertEqual(dataset.run.values.tolist(), list(range(1, 25)))
                self.assertEqual(dataset.point.values.tolist(), numpy.repeat(range(1, 13), 2).tolist())
                self.assertEqual(dataset.replicate.values.tolist(), [1, 2] * 12)
                self.assertEqual(dataset.massage_force_N.values.tolist(), numpy.repeat(FORCES[1], 6).tolist())
                self.assertEqual(dataset.crossover_neural_gain.values.tolist(), [0, 0, 1, 1, 2, 2] * 4)

    def test_is_grouped_by_a_swept_key(self):
        for engine in self.ENGINES:
            with self.subTest(engine):
                dataset = self.opened(plan_of_miller(FORCES, GAINS), engine)
                means = dataset.csa.sel(arm="REM", limb="right").isel(time=-1).groupby("massage_force_N").mean(...)
                self.assertEqual(means.massage_force_N.values.tolist(), FORCES[1])
                by_hand = [dataset.csa.values[dataset.massage_force_N.values == force, 3, :, :, 1, -1].mean(
                    dtype=float) for force in FORCES[1]]
                numpy.testing.assert_allclose(means.values, by_hand, rtol=1e-6)
                self.assertGreater(means.values[2], means.values[0])

    def test_has_the_same_rats_at_every_point(self):
        dataset = self.opened(plan_of_miller(FORCES, GAINS))
        start = dataset.csa.isel(time=0)
        by_replicate = {number: start.isel(run=(dataset.replicate == number).values).values for number in (1, 2)}
        for values in by_replicate.values():
            self.assertTrue((values == values[0]).all())
        self.assertFalse((by_replicate[1] == by_replicate[2]).any())
        self.assertEqual(len(set(by_replicate[1][0, 0, :, 0, 0])), 3)

    def test_summarises_rats_as_numpy_does(self):
        for head in ("", 'keep = "final"'):
            text = plan_of_miller(FORCES, GAINS, rats=7, replicates=3, head=head)
            for engine in self.ENGINES:
                runs, summary = self.opened(text, engine), self.opened(text, engine, "summary")
                self.assertEqual(summary.statistic.values.tolist(), ["mean", "sd", "q025", "q25", "q50", "q75", "q975"])
                self.assertEqual(summary.n_rats.values.tolist(), [21] * 12)
                self.assertIn("massage_force_N", summary.csa.coords)
                self.assertEqual(summary.massage_force_N.values.tolist(), numpy.repeat(FORCES[1], 3).tolist())
                for name in ("csa", "wet_mass"):
                    for number in summary.point.values:
                        values = runs[name].values[runs.point.values == number].astype(float)
                        wanted = self.statistics(numpy.concatenate(list(values), axis=1))
                        numpy.testing.assert_allclose(summary[name].sel(point=number).values, wanted, rtol=1e-12)

    @staticmethod
    def statistics(values):
        """Of numbers [arm][rat]...: [statistic][arm]..."""
        quantiles = numpy.quantile(values, (0.025, 0.25, 0.5, 0.75, 0.975), axis=1)
        return numpy.concatenate([[values.mean(axis=1), values.std(axis=1, ddof=1)], quantiles])

    def test_has_the_ends_of_a_series_where_they_alone_are_kept(self):
        axes = (FORCES, ("arm.RE.phase.reload.duration_d", [8, 4]))
        times = [0, 14, 18, 22]
        series, final = (self.opened(plan_of_miller(*axes, days=times, head=f'keep = "{keep}"'))
                         for keep in ("series", "final"))
        self.assertEqual(final.csa.dims, ("run", "arm", "animal", "muscle", "limb"))
        self.assertNotIn("time", final.variables)
        self.assertEqual(final.end.dims, ("run", "arm"))
        numpy.testing.assert_array_equal(final.run_key.values, series.run_key.values)
        for name in ("csa", "wet_mass"):
            self.assertEqual(final[name].dtype, series[name].dtype)
            for run in range(final.sizes["run"]):
                for arm in range(final.sizes["arm"]):
                    values = series[name].values[run, arm]
                    last = numpy.flatnonzero(~numpy.isnan(values[0, 0, 0]))[-1]
                    numpy.testing.assert_array_equal(final[name].values[run, arm], values[..., last])
                    self.assertEqual(final.end.values[run, arm], series.time.values[last])

    def test_has_the_same_summary_where_it_alone_is_kept(self):
        series, alone = (undisturbed(plan_of_miller(FORCES, GAINS, head=f'keep = "{keep}"'))
                         for keep in ("series", "summary"))
        with h5py.File(series) as series, h5py.File(alone) as alone:
            self.assertNotIn("csa", alone)
            self.assertEqual(list(alone["summary"]), list(series["summary"]))
            for name in alone["summary"]:
                numpy.testing.assert_array_equal(alone["summary"][name][()], series["summary"][name][()], name)

    def test_is_not_a_number_after_an_arm_ends(self):
        text = plan_of_miller(("arm.RE.phase.reload.duration_d", [8, 4]), days=[0, 14, 18, 22])
        dataset = self.opened(text)
        self.assertEqual(dataset.arm_RE_phase_reload_duration_d.values.tolist(), [8, 8, 4, 4])
        self.assertEqual(dataset.arm_RE_phase_reload_duration_d.attrs["units"], "d")
        there = dataset.csa.notnull().all(("animal", "muscle", "limb"))
        self.assertEqual(there.sel(arm="RE").values.tolist(), [[True] * 4] * 2 + [[True, True, True, False]] * 2)
        self.assertTrue(there.sel(arm="REM").values.all())
        summary = self.opened(text, group="summary").csa.sel(arm="RE").notnull().all(("statistic", "muscle", "limb"))
        self.assertEqual(summary.values.tolist(), [[True] * 4, [True, True, True, False]])

    def test_has_texts_as_coordinates_and_tells_which_limb_is_massaged(self):
        dataset = self.opened(plan_of_miller(("arm.REM.massage.limb", ["left", "right", "both"]), (FORCE, [0, 4.5])))
        limb = next(name for name in dataset.csa.coords if name.endswith("limb") and name != "limb")
        self.assertEqual(dataset[limb].values.tolist(), [name for name in ("left", "right", "both") for _ in range(4)])
        self.assertEqual(dataset.massaged.dims, ("run", "arm", "limb"))
        by_run = dataset.massaged.sel(arm="REM").values.tolist()
        massaged = {"left": [1, 0], "right": [0, 1], "both": [1, 1]}
        wanted = [massaged[name] if force > 0 else [0, 0]
                  for name, force in zip(dataset[limb].values, dataset.massage_force_N.values)]
        self.assertEqual(by_run, wanted)

    def test_has_runs_that_are_those_of_the_study_with_the_same_keys(self):
        axes = (FORCES, GAINS, ("arm.REM.massage.every_d", [0.5, 2]))
        for head, precision in (("", '"f4"'), ('compress = "none"', '"f8"')):
            text = plan_of_miller(*axes, head=head, changes=f'"record.precision" = {precision}')
            with h5py.File(undisturbed(text)) as sweep:
                names = [name for name, variable in sweep.items() if "key" in variable.attrs]
                self.assertEqual(len(names), 3)
                for run in random.Random(2).sample(range(0, 48, 2), 4):
                    changes = ["animals.per_arm=3", "record.times_d=[0, 14, 22]",
                               'record.observables=["csa", "wet_mass"]', f"record.precision={precision}"]
                    for name in names:
                        self.assertEqual(len(sweep[name].attrs["sets"].split()), 1)
                        changes.append(f"{sweep[name].attrs['sets']}={sweep[name][run]}")
                    options = [option for change in changes for option in ("--set", change)]
                    with self.subTest(changes=changes):
                        self.hindlimb("run", "miller2018.toml", "-o", "one.h5", "--force", "--quiet", *options)
                        with h5py.File(self.path("one.h5")) as one:
                            self.assertEqual(sweep["replicate"][run], 1)
                            self.assertEqual(sweep["run_key"][run], one["run_key"][0])
                            for name in ("csa", "wet_mass"):
                                self.assertEqual(sweep[name].dtype, one[name].dtype)
                                self.assertEqual(sweep[name][run].tobytes(), one[name][0].tobytes())
                            for name in ("n_steps", "status", "message"):
                                self.assertEqual(sweep[name][run], one[name][0])
                            for name in ("time", "animal", "arm", "limb", "muscle"):
                                self.assertEqual(sweep[name][()].tolist(), one[name][()].tolist())

    def test_is_the_same_from_a_list_of_the_points_of_a_grid(self):
        self.write("points.csv", f"{FORCE},{GAIN}\n" + "".join(f"{a},{b}\n" for a in FORCES[1] for b in GAINS[1]))
        self.sweep(plan_of_miller(head='design = "list"\nfile = "points.csv"'))
        self.assertEqual(self.digest("x.h5"), digest_of(undisturbed(plan_of_miller(FORCES, GAINS))))
        with h5py.File(self.path("x.h5")) as ours, h5py.File(undisturbed(plan_of_miller(FORCES, GAINS))) as grid:
            for name in ("csa", "run_key", "point", "massage_force_N", "summary/csa"):
                numpy.testing.assert_array_equal(ours[name][()], grid[name][()])


class FailedSimulations(Sweeps):
    def test_are_data(self):
        result = self.sweep(plan_of_miller(("solver.max_steps", [3, 1000000]), (FORCE, [0, 4.5])))
        self.assertRegex(result.stderr, r"^hindlimb: in 4 runs simulations failed and are NaN; `hindlimb status x\.h5` "
                                        r"says which\n$")
        self.assertIn(": 8 of 8 runs in ", result.stdout)
        with h5py.File(self.path("x.h5")) as file, h5py.File(undisturbed(plan_of_miller((FORCE, [0, 4.5])))) as whole:
            self.assertEqual(file["status"][:].tolist(), [1] * 4 + [0] * 4)
            messages = [message.decode() for message in file["message"][:]]
            self.assertEqual(messages[4:], [""] * 4)
            for message in messages[:4]:
                self.assertRegex(message, "(?i)steps")
            self.assertTrue(numpy.isnan(file["csa"][:4, 1:, ..., -1]).all())
            numpy.testing.assert_array_equal(file["csa"][4:], whole["csa"][:])
            self.assertTrue(numpy.isnan(file["summary/csa"][:2, :, 2:, ..., -1]).all())
            numpy.testing.assert_array_equal(file["summary/csa"][2:], whole["summary/csa"][:])

    def test_are_told_from_all_runs_when_all_fail(self):
        result = self.sweep(plan_of_miller(FORCES, changes='"solver.max_steps" = 1'))
        self.assertIn("in 8 runs simulations failed", result.stderr)
        with h5py.File(self.path("x.h5")) as file:
            self.assertEqual(file["status"][:].tolist(), [1] * 8)

    def test_of_some_rats_leave_the_others(self):
        for steps in range(100, 300, 2):
            self.sweep(plan_of_miller((FORCE, [4.5]), rats=20, changes=f'"solver.max_steps" = {steps}'))
            with h5py.File(self.path("x.h5")) as file:
                numbers, status = file["csa"][:, 3].astype(float), file["status"][:]
                summary = file["summary/csa"][0, :, 3]
            self.clear()
            last = numpy.concatenate(list(numbers))[..., -1]  # rat, muscle, limb
            if 5 < numpy.isnan(last[:, 0, 1]).sum() < 35:
                break
        self.assertTrue(5 < numpy.isnan(last[:, 0, 1]).sum() < 35)
        self.assertEqual(status.tolist(), [1, 1])
        for limb in (0, 1):
            rats = last[:, 0, limb]
            wanted = File.statistics(rats[None, ~numpy.isnan(rats)])[:, 0]
            numpy.testing.assert_allclose(summary[:, 0, limb, -1], wanted, rtol=1e-12)

    @needs_faults
    def test_are_counted_over_a_stop(self):
        text = plan_of_miller(("solver.max_steps", [3, 1000000]), FORCES, GAINS, rats=20, replicates=1)
        self.begin(text)
        self.assertIn("in 12 runs simulations failed", self.sweep().stderr)
        self.assert_as_undisturbed(text)


class BadInput(Sweeps):
    def refuses(self, text, *says):
        self.write("plan.toml", text)
        for options in ((), ("--extend",), ("--force",), ("--partial",)):
            errors = self.refused(*self.command(options=options), says=says)
        return errors

    def axis(self, lines):
        return plan() + "[[sweep.axis]]\n" + lines

    def test_is_told_with_file_and_line(self):
        self.refuses(SMALL.replace("replicates", "replicate"), "plan.toml:3: sweep.replicate: unknown key; did you")
        self.refuses(SMALL.replace("force_N", "forse_N"), "plan.toml:9: arm.REM.massage.forse_N: unknown key; did you")
        self.refuses(SMALL.replace("REM", "REMM"), "there is no arm 'REMM'; did you mean 'REM'?")
        self.refuses(SMALL.replace("animals.per_arm", "animals.per_armm"), "unknown key; did you mean 'per_arm'?")
        self.refuses(SMALL.replace("study.toml", "none.toml"), "plan.toml:2: sweep.study: there is no file 'none.toml'")
        self.refuses("seed = 3\n" + SMALL, "plan.toml:1: seed: belongs to a study, and that is study.toml; [sweep.set]")

    def test_of_keys_that_cannot_be_swept(self):
        for key, values, says in (("title", ["a", "b"], "is no number and no choice, so it cannot be an axis"),
                                  ("seed", [1, 2], "cannot be an axis: every point has the same rats"),
                                  ("animals.per_arm", [3, 4], "changes the length of a dimension of the result"),
                                  ("record.every_d", [1, 2], "changes the length of a dimension of the result"),
                                  ("arm.REM.name", ["A"], "cannot be an axis"),
                                  ("record.observables", ["csa"], "must be a list"),
                                  (FORCE, [0, "much"], "is text, must be a number"),
                                  (FORCE, [0, -1, 1000], "is -1, must be from 0 to 100 N"),
                                  (FORCE, [], "is an empty list; an axis needs at least one value"),
                                  (FORCE, [[0, 1], 4.5], "has a list where one value is needed")):
            with self.subTest(key=key, values=values):
                self.refuses(plan((key, values)), "plan.toml:", says)

    def test_of_distributions_that_make_no_sense(self):
        of_force = f'key = "{FORCE}"\ndistribution = '
        for lines, says in ((of_force + '"uniform"\nlow = 0\nhigh = 5\ncount = 0', "count: is 0, must be from 1"),
                            (of_force + '"uniform"\nlow = 0\nhigh = 5', "count: is missing; a grid takes so many"),
                            (of_force + '"uniform"\nlow = 7\nhigh = 5\ncount = 3', "high: is 5, must be above low, 7"),
                            (of_force + '"uniform"\nlow = 7\ncount = 3', "high: is missing; a uniform distribution"),
                            (of_force + '"log-uniform"\nlow = 0\nhigh = 5\ncount = 3',
                             "low: is 0, must be > 0; a log-uniform distribution has no logarithm of 0"),
                            (of_force + '"normal"\nmean = 4\nsd = 0\ncount = 3', "sd: is 0, must be > 0"),
                            (of_force + '"normal"\nmean = 4\nsd = 3\ncount = 50', "must be from 0 to 100 N"),
                            (of_force + '"unifrom"\nlow = 0\nhigh = 5\ncount = 3', "unifrom"),
                            (of_force + '"uniform"\nlow = nan\nhigh = 5\ncount = 3', "low: is nan"),
                            (f'key = "{FORCE}"', "has no values; values = [...]"),
                            (f'keys = ["{FORCE}"]\nkey = "{FORCE}"\nvalues = [1]', "has both key and keys"),
                            (f'key = "{FORCE}"\nvalues = [nan]', "is nan, must be a finite number"),
                            ('key = "arm.REM.massage.limb"\ndistribution = "uniform"\nlow = 0\nhigh = 5\ncount = 3',
                             "arm.REM.massage.limb: ")):
            with self.subTest(lines=lines):
                self.refuses(self.axis(lines), says, "plan.toml:")

    def test_of_more_runs_than_there_can_be(self):
        wide = 'distribution = "uniform"\nlow = 0\nhigh = 5\n'
        million = f'key = "{FORCE}"\n{wide}count = 1000000\n[[sweep.axis]]\nkey = "{GAIN}"\n{wide}count = 1000000'
        says = "1e+08 are the limit; fewer values, or points drawn at random"
        self.refuses(self.axis(million), "would be 2e+12 runs", f"1000000 values of {FORCE}", "2 replicates", says)
        self.refuses(self.axis(f'key = "{FORCE}"\n{wide}count = 1000000000000'), "would be 2e+12 runs", says)
        self.refuses(plan((FORCE, [1]), replicates=10**12), "would be 1e+12 runs", "1000000000000 replicates", says)
        for design in ("random", "sobol", "latin-hypercube"):
            text = plan(head=f'design = "{design}"\npoints = 1000000000000')
            text += f'[[sweep.axis]]\nkey = "{FORCE}"\n{wide}'
            self.refuses(text, "would be 2e+12 runs (1e+12 points x 2 replicates)", says)

    def test_of_axes_that_do_not_go_together(self):
        self.refuses(plan((FORCE, [0]), (FORCE, [1])), f"'{FORCE}' is in two axes")
        self.refuses(plan((FORCE, [0]), ("arm.*.massage.force_N", [1])), "would be a second variable 'massage_force_N'")
        self.refuses(plan(), "sweep.axis: there is none; a sweep needs at least one [[sweep.axis]]")

    def test_of_points_whose_study_does_not_hold_together(self):
        self.refuses(plan_of_miller(("arm.REM.massage.bouts", [1, 4, 40])), "plan.toml:",
                     "point 3 (arm.REM.massage.bouts = 40): arm.REM.massage: the last bout ends on day 92.02",
                     "fewer bouts, an earlier first_d or a shorter every_d")
        errors = self.refuses(plan_of_miller(("arm.REM.phase.reload.duration_d", [8, 4, 1]), GAINS), "point 4 (",
                              "after the arm's last phase (day 18)", "after the arm's last phase (day 15)")
        self.assertEqual(errors.count("the last bout ends"), 2)
        days = [day / 4 for day in range(100)]
        errors = self.refuses(plan_of_miller(("arm.REM.massage.first_d", days)), "kinds of points are wrong in all")
        self.assertLess(len(errors.splitlines()), 10)

    def test_of_lists_of_points(self):
        of_list = plan(head='design = "list"\nfile = "points.csv"')
        self.refuses(plan(head='design = "list"'), 'sweep.file: is missing; design = "list" needs it')
        self.refuses(of_list, "sweep.file: there is no file 'points.csv'")
        self.refuses(of_list + f'[[sweep.axis]]\nkey = "{FORCE}"\nvalues = [1]', "its columns are the axes")
        for content, says in ((f"{FORCE},forse\n1,2\n", "points.csv:"), (f"{FORCE},forse\n1,2\n", "forse: unknown key"),
                              (f"{FORCE}\n", "points.csv: has no rows, so there are no points"), ("", "points.csv"),
                              (f"{FORCE},{GAIN}\n1,2\n3\n", "points.csv:3: has 1 cells where the header has 2"),
                              (f"{FORCE},{GAIN}\n1,2\n3,x\n4,\n", f"points.csv:3: {GAIN}: is text, must be a number"),
                              (f"{FORCE},{GAIN}\n1,2\n3,x\n4,\n", f"points.csv:4: {GAIN}: is text, must be a number"),
                              (f"{FORCE}\n-1\n", f"points.csv:2: {FORCE}: is -1, must be from 0 to 100 N"),
                              (f"{FORCE},{FORCE}\n1,1\n", FORCE)):
            with self.subTest(content=content):
                self.write("points.csv", content)
                self.refuses(of_list, says)

    def test_of_one_kind_of_file_for_the_other(self):
        self.refused("sweep", "study.toml", "-o", "x.h5",
                     says=["study.toml: sweep: is missing; `hindlimb run` runs a study without [sweep]"])
        self.write("plan.toml", SMALL)
        self.refused("run", "plan.toml", "-o", "x.h5",
                     says=["plan.toml: describes a sweep, not a single run; `hindlimb sweep` runs it"])

    def test_of_options(self):
        self.write("plan.toml", SMALL)
        self.refused(*self.command(options=["--set", "seed=x"]), says=["--set: seed: is text, must be a whole number"])
        self.refused(*self.command(options=["--set", "sed=3"]), says=["--set", "did you mean 'seed'?"])
        for threads in ("0", "-1", "two", "1e9", "2.5"):
            self.refused("sweep", "plan.toml", "-o", "x.h5", f"--threads={threads}", says=["--threads"])
        self.refused("sweep", "plan.toml", "other.toml", says=["2 arguments, but the usage is: hindlimb sweep"])
        self.refused("sweep", "none.toml", says=["none.toml: there is no such file"])


if __name__ == "__main__":
    unittest.main()
