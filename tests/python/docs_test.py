"""All commands of README.md and docs/ are run, page by page, in a copy of the checkout; they print what the page shows.

A block of sh, python, r, octave or julia is run. A block without a language right below it, or below a paragraph that
ends with "prints:", is what it prints; one that begins with "$ " has commands and what they print. Both are compared
but for times, sizes and names of folders; a line of "..." leaves lines out. `LISTED` says what is not run here, and
why. The long variant (HINDLIMB_LONG_TESTS=1) also runs what is `SLOW`.
"""

import difflib
import glob
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from installed import IS_DEBUG, PROGRAM, SOURCE

LONG = bool(os.environ.get("HINDLIMB_LONG_TESTS"))
PAGES = ["README.md", *sorted(glob.glob("docs/*.md", root_dir=SOURCE))]

LISTED = {  # the beginning of a command: why it is not run here
    "scripts/test.sh": "runs this test",
    "scripts/benchmark.sh": "minutes, and it prints how fast this machine is",
    "cmake ": "builds: python.library_test, python.packages_test",
    "cpack ": "packs: python.packages_test",
    "dpkg -x": "python.packages_test unpacks a package and runs what is in it",
    "root/usr/bin/hindlimb": "python.packages_test",
    "~/.local/bin/hindlimb": "is where the page installs it: python.library_test, python.packages_test",
    "build/examples/first_study": "is built by the page: python.library_test compares what it prints with the page",
    "apt-get": "installs: scripts/setup.sh installs the same packages",
    "apptainer": "is not in Debian 12: untested, as the page says",
    "hindlimb man run | man": "waits for a reader: python.completion_test reads the man pages",
    "hindlimb fit configs/fit_reference.toml": "11 min: test_regression runs it shortened",
    "scripts/adopt_fit.py": "needs the fit before it",
}
SLOW = {  # the same, of what the long variant runs
    "hindlimb validate --agents": "3 min",
    "scripts/renew_pages.sh": "simulates all facts; tests compare what it makes with the program",
}
TABLES = {  # the first words of a block that no command above it prints
    "simulations per second and core, configs": "scripts/benchmark.sh solver",
    "2 cores; step 36 min": "scripts/benchmark.sh agents",
    "difference from the mean field, 128 sections": "scripts/benchmark.sh agents",
    "sweep  ": "scripts/benchmark.sh sweep",
}
NOT_COMMANDS = {"toml", "cmake", "cpp", "matlab", "text"}
INTERPRETERS = {"python": "/usr/bin/python3", "r": "Rscript", "octave": "octave-cli", "julia": "julia"}


class Block:
    def __init__(self, line, language, text):
        self.line, self.language, self.text = line, language, text
        self.output = None  # what the page shows of what it prints

    def is_run(self):
        return self.language == "sh" or self.language in INTERPRETERS or self.is_console()

    def is_console(self):
        return self.language == "" and self.text.startswith("$ ")

    def commands(self):
        """Those of a shell, each with what the page shows of it alone."""
        text = self.text.replace("\\\n", "")
        if self.is_console():
            return [tuple(part.split("\n", 1)) for part in re.split(r"(?m)^\$ ", text)[1:]]
        return [(line, None) for line in text.splitlines() if self.language == "sh" and line.strip()]


def is_output(language, text, between):
    """Right below a block, or below a paragraph that says so."""
    return language == "" and not text.startswith("$ ") and (between == "" or between.endswith("prints:"))


def blocks_of(page):
    """The fenced blocks of a page, without the indentation of a list."""
    parts = re.split(r"(?ms)^( *)```(\w*)\n(.*?)^ *```$", text_of(page))
    blocks, line = [], 1
    for between, indent, language, text in zip(parts[::4], parts[1::4], parts[2::4], parts[3::4]):
        line += between.count("\n")
        plain = re.sub(f"(?m)^{indent}", "", text)
        if blocks and blocks[-1].is_run() and blocks[-1].output is None and is_output(language, text, between.strip()):
            blocks[-1].output = plain
        else:
            blocks.append(Block(line, language, plain))
        line += text.count("\n") + 1
    return blocks


def text_of(page):
    with open(os.path.join(SOURCE, page), encoding="utf-8") as file:
        return file.read()


def is_listed(command):
    return command.startswith(tuple(LISTED) if LONG else (*LISTED, *SLOW))


def masked(text, folder):
    """Without what differs from run to run and from machine to machine."""
    for pattern, what in ((re.escape(folder), "~/hindlimb"), (r" *\b[\d.]+(e[-+]?\d+)? (s|min|h)\b", " # s"),
                          (r"\b[\d.]+ (bytes|kB|MB|GB)", "# bytes"), (r"\b\d+ threads?\b", "# threads"),
                          (r"\b\d+ runs took", "# runs took"), (r"\d{4}-\d\d-\d\dT[\d:]+Z", "#date"),
                          (r"SHA-256 as beside it, [0-9a-f]{64}", "SHA-256 as beside it, #"),
                          (r"(?m)^run \d+ \(point [^)]*\)", "run # (point #)")):
        text = re.sub(pattern, what, text)
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def is_shown(shown, printed):
    """Whether lines are those printed; "..." stands for any number of them."""
    parts = [[]]
    for line in shown:
        if line.strip() == "...":
            parts.append([])
        else:
            parts[-1].append(line)
    if len(parts) == 1:
        return parts[0] == printed
    first, last = parts[0], parts[-1]
    if printed[:len(first)] != first or (last and printed[-len(last):] != last):
        return False
    at, end = len(first), len(printed) - len(last)
    for part in parts[1:-1]:
        at = next((i + len(part) for i in range(at, end - len(part) + 1) if printed[i:i + len(part)] == part), None)
        if at is None:
            return False
    return at <= end


class Checkout:
    """A folder as a checkout is after scripts/quickstart.sh. STUDY.toml and SWEEP.toml of a page are there too."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("configs", "data", "docs", "examples", "scripts"):
            shutil.copytree(os.path.join(SOURCE, name), os.path.join(folder, name))
        for name in ("build/release", "results", "stand-ins"):
            os.makedirs(os.path.join(folder, name))
        shutil.copy(PROGRAM, os.path.join(folder, "build", "release", "hindlimb"))
        shutil.copy(os.path.join(SOURCE, "configs", "miller2018.toml"), os.path.join(folder, "STUDY.toml"))
        shutil.copy(os.path.join(SOURCE, "configs", "templates", "dose.toml"), os.path.join(folder, "SWEEP.toml"))
        self.stand_in("cmake", "exit 0")  # scripts/quickstart.sh finds the program built,
        self.stand_in("dpkg-query", 'for name; do echo "$name installed"; done')  # and its packages there
        self.environment = {**os.environ, "MPLBACKEND": "Agg", "HOME": folder, "PATH": ":".join(
            os.path.join(folder, name) for name in ("stand-ins", "build/release")) + ":" + os.environ["PATH"]}

    def stand_in(self, name, script):
        path = os.path.join(self.folder, "stand-ins", name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\n{script}\n")
        os.chmod(path, 0o755)

    def run(self, *command):
        """How it ends, and what it prints on both streams."""
        result = subprocess.run(command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, timeout=1200)
        return result.returncode, result.stdout


@unittest.skipIf(IS_DEBUG, "the commands of the pages would take minutes; a release build has the same bits")
class Pages(unittest.TestCase):
    maxDiff = None

    def follow(self, page):
        with tempfile.TemporaryDirectory() as folder:
            checkout = Checkout(os.path.realpath(folder))
            for block in blocks_of(page):
                with self.subTest(where=f"{page}:{block.line}"):
                    printed = self.printed_by(checkout, block)
                    if printed is not None and block.output is not None:
                        self.compare(checkout, block.output, printed)

    def printed_by(self, checkout, block):
        """By all of its commands that are not listed; None if there are none, or no interpreter."""
        if block.language in INTERPRETERS:
            return self.run_script(checkout, INTERPRETERS[block.language], block.text)
        commands = [(command, shown) for command, shown in block.commands() if not is_listed(command)]
        outputs = []
        for i, (command, shown) in enumerate(commands):
            is_last = i == len(commands) - 1
            outputs.append(self.run_command(checkout, command, shown or (block.output if is_last else None)))
            if shown is not None:
                self.compare(checkout, shown, outputs[-1])
        return "".join(outputs) if commands else None

    def run_command(self, checkout, command, shown):
        """Input that the page shows to be refused must be refused."""
        ends, printed = checkout.run("bash", "-c", command)
        is_refused = re.search(r"hindlimb: \d+ errors?, nothing was run\s*$", shown or "") is not None
        self.assertEqual(ends, 2 if is_refused else 0, f"\n$ {command}\n{printed}")
        return printed

    def run_script(self, checkout, interpreter, script):
        if not shutil.which(interpreter):
            return None
        with open(os.path.join(checkout.folder, "script"), "w", encoding="utf-8") as file:
            file.write(script)
        ends, printed = checkout.run(interpreter, "script")
        self.assertEqual(ends, 0, f"\n{script}\n{printed}")
        return printed

    def compare(self, checkout, shown, printed):
        shown, printed = masked(shown, checkout.folder), masked(printed, checkout.folder)
        if not is_shown(shown, printed):
            self.fail("\n" + "\n".join(difflib.unified_diff(shown, printed, "shown", "printed", lineterm="", n=1)))


for a_page in (page for page in PAGES if any(block.is_run() for block in blocks_of(page))):
    a_name = f"test_commands_of_{re.sub(r'[^a-zA-Z]', '_', a_page.removesuffix('.md'))}_print_what_it_shows"
    setattr(Pages, a_name, lambda self, page=a_page: self.follow(page))


class Listing(unittest.TestCase):
    def test_lists_no_command_that_is_on_no_page(self):
        commands = [command for page in PAGES for block in blocks_of(page) for command, _ in block.commands()]
        self.assertGreater(len(commands), 50)
        for beginning in (*LISTED, *SLOW):
            self.assertTrue(any(command.startswith(beginning) for command in commands), beginning)

    def test_knows_every_block(self):
        for page in PAGES:
            for block in blocks_of(page):
                with self.subTest(where=f"{page}:{block.line}"):
                    self.assertTrue(block.is_run() or block.language in NOT_COMMANDS
                                    or block.text.startswith(tuple(TABLES)), block.text)

    def test_commands_in_the_text_have_options_that_there_are(self):
        helps = {}
        for page in PAGES:
            text = re.sub(r"(?ms)^ *```.*?^ *```$", "", text_of(page))
            for name, words in re.findall(r"`hindlimb ([a-z]+)\b([^`]*)`", text):
                with self.subTest(page=page, command=name + words):
                    if name not in helps:
                        helps[name] = subprocess.run([PROGRAM, name, "--help"], capture_output=True, text=True,
                                                     check=True).stdout
                    for option in re.findall(r"(?<=\s)--?[a-z-]+", words):
                        self.assertRegex(helps[name], rf"(?m)(^|\s){option}(?![a-z-])")

    def test_links_lead_somewhere(self):
        for page in PAGES:
            for target, _, anchor in re.findall(r"\]\(([^)#:]*)(#?)([^):]*)\)", text_of(page)):
                with self.subTest(page=page, target=target, anchor=anchor):
                    path = os.path.normpath(os.path.join(os.path.dirname(page), target)) if target else page
                    self.assertTrue(os.path.exists(os.path.join(SOURCE, path)))
                    if anchor:
                        headings = re.findall(r"(?m)^#+ (.*)$", text_of(path).lower())
                        plain = [re.sub(r"[^\w -]", "", heading) for heading in headings]
                        self.assertIn(anchor, [heading.replace(" ", "-") for heading in plain])

    def test_scripts_in_the_text_are_there(self):
        for page in PAGES:
            for script in re.findall(r"\bscripts/\w+\.(?:py|sh|R|gp|m)\b", text_of(page)):
                with self.subTest(page=page, script=script):
                    self.assertTrue(os.path.isfile(os.path.join(SOURCE, script)))


if __name__ == "__main__":
    unittest.main()
