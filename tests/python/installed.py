"""A build tree, installed and packed: what the tests of the library and of the packages share."""

import os
import subprocess

PROGRAM = os.environ["HINDLIMB"]
SOURCE = os.environ["HINDLIMB_SOURCE"]
BUILD = os.path.dirname(PROGRAM)


def cached(name):
    """What the build was configured with."""
    with open(os.path.join(BUILD, "CMakeCache.txt"), encoding="utf-8") as cache:
        for line in cache:
            if line.startswith(name + ":"):
                return line.split("=", 1)[1].strip()
    return ""


IS_DEBUG = cached("CMAKE_BUILD_TYPE") == "Debug"
WHY_NOT_DEBUG = "a debug build is no library to install: who links it would need its sanitizers"


def output_of(*command, **options):
    """What a command prints; where it fails, all that it said."""
    result = subprocess.run(command, capture_output=True, text=True, timeout=300, **options)
    if result.returncode != 0:
        raise AssertionError(f"{command} ended with {result.returncode}\n{result.stdout}\n{result.stderr}")
    return result.stdout


def files_of(folder):
    return [os.path.join(parent, name) for parent, _, names in os.walk(folder) for name in names]


def files_that_name(folder, texts):
    """Files in which one of the texts stands, whatever they are."""
    found = []
    for path in files_of(folder):
        with open(path, "rb") as file:
            content = file.read()
        found += [f"{path}: {text}" for text in texts if text.encode() in content]
    return found
