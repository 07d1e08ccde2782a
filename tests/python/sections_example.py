"""A small study of agents for the tests of what shows sections: made once, when first asked for."""

import contextlib
import functools
import io
import os
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

PROGRAM = os.environ["HINDLIMB"]
SCRIPTS = os.path.join(os.environ["HINDLIMB_SOURCE"], "scripts")

sys.path.insert(0, SCRIPTS)

STUDY = """
title = "Two days, fibre by fibre"
seed = 2018
fidelity = "agents"
muscles = ["soleus", "edl"]

[animals]
per_arm = 2

[agents]
fibres = 60
step_min = 72
snapshots_d = [0, 0.5, 2]

[[arm]]
name = "HS"
[[arm.phase]]
name = "suspension"
load = 0.0
duration_d = 0.5

[[arm]]
name = "RE"
[[arm.phase]]
name = "suspension"
load = 0.0
duration_d = 0.5
[[arm.phase]]
name = "reload"
load = 1.0
duration_d = 1.5

[[arm]]
name = "REM"
[[arm.phase]]
name = "suspension"
load = 0.0
duration_d = 0.5
[[arm.phase]]
name = "reload"
load = 1.0
duration_d = 1.5
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
times_d = [0, 0.5, 2]
observables = ["csa", "pax7"]

[compare]
control = "RE"
untreated = "RE"
"""

FOLDER = tempfile.TemporaryDirectory()
N_SNAPSHOTS = (2 + 3 + 3) * 2 * 2  # days of the arms, muscles, limbs


def path_of(name):
    return os.path.join(FOLDER.name, name)


@functools.cache
def study(*options):
    """The result file of the study, with some keys changed; "no snapshots" leaves out their days."""
    text = STUDY
    if "no snapshots" in options:
        text = text.replace("snapshots_d = [0, 0.5, 2]\n", "")
    with open(path_of("study.toml"), "w", encoding="utf-8") as file:
        file.write(text)
    result = path_of(f"study{len(os.listdir(FOLDER.name))}.h5")
    changes = [word for option in options if "=" in option for word in ("--set", option)]
    subprocess.run([PROGRAM, "run", path_of("study.toml"), "-o", result, "--quiet", *changes], check=True)
    return result


class ScriptTest(unittest.TestCase):
    """Runs a script within this process."""

    script = None

    def run_script(self, *arguments):
        """What it prints."""
        out = io.StringIO()
        with mock.patch.object(sys, "argv", [self.script.__name__ + ".py", *arguments]):
            with contextlib.redirect_stdout(out):
                self.script.main()
        return out.getvalue()

    def assert_refused(self, message, *arguments):
        """With a message to the word, without the name of the script before it."""
        with self.assertRaises(SystemExit) as ended:
            self.run_script(*arguments)
        self.assertEqual(ended.exception.code, f"{self.script.__name__}.py: {message}")

    def assert_refuses_files_without_sections(self, *more):
        none, text, without = path_of("none.h5"), path_of("text.h5"), study("no snapshots")
        with open(text, "w", encoding="utf-8") as file:
            file.write("no HDF5")
        self.assert_refused(f"{none}: no such file; 'hindlimb run' makes one", none, *more)
        self.assert_refused(f"{text}: not a study's result file; 'hindlimb run' makes one", text, *more)
        self.assert_refused(f"{without}: has no sections of fibres and cells; they are kept by: hindlimb run "
                            "STUDY.toml --set fidelity=agents --set 'agents.snapshots_d=[14, 22]'", without, *more)
