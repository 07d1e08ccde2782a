"""Result files for the tests of what reads them: each is made once, when first asked for."""

import os
import re
import subprocess
import tempfile

PROGRAM = os.environ["HINDLIMB"]
STUDY = os.path.join(os.environ["HINDLIMB_SOURCE"], "configs", "miller2018.toml")
SWEEP = f"""
[sweep]
study = "{STUDY}"
keep = "{{}}"
[sweep.set]
"animals.per_arm" = 3
"record.observables" = ["csa", "csa_by_type"]
[[sweep.axis]]
key = "arm.REM.massage.force_N"
values = [0, 4.5]
[[sweep.axis]]
key = "arm.RE.phase.reload.load"
values = [0.5, 1]
[[sweep.axis]]
key = "animals.sex"
values = ["male", "female"]
"""
FOLDER = tempfile.TemporaryDirectory()


def path_of(name):
    return os.path.join(FOLDER.name, name)


def made(name, *command):
    if not os.path.exists(path_of(name)):
        subprocess.run([PROGRAM, *command, "-o", path_of(name), "--quiet"], check=True, stderr=subprocess.DEVNULL)
    return path_of(name)


def study(*options):
    return made(re.sub(r"\W+", "_", " ".join(["study", *options])) + ".h5", "run", STUDY, *options)


def sweep(keep):
    with open(path_of(f"{keep}.toml"), "w", encoding="utf-8") as file:
        file.write(SWEEP.format(keep))
    return made(f"sweep_{keep}.h5", "sweep", path_of(f"{keep}.toml"))
