"""What the shells offer for a line that is half typed, and the manual pages: both come from tables of the program."""

import glob
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from cli_test import COMMANDS, OK, Cli, text_of

ASK_BASH = r"""
PATH=
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_hindlimb
((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}"
"""

# Shows what zsh would offer: compadd also prints the words that it adds.
SETUP_OF_ZSH = r"""
PS1=
fpath=("$folder" $fpath)
autoload -Uz compinit
compinit -u -d "$folder/dump"
bindkey '^I' complete-word
before_words() { print -r -- BEG''IN }
after_words() { print -r -- E''ND; exit }
compprefuncs=(before_words)
comppostfuncs=(after_words)
compadd() {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a hits
  builtin compadd -A hits "$@"
  (( $#hits )) && print -rl -- $hits
  builtin compadd "$@"
}
"""
ASK_ZSH = r"""
zmodload zsh/zpty || exit 1
read_until() {
  local all part
  while [[ $all != *$1* ]]; do zpty -r z part || return; all+=$part; done
  print -rn -- $all
}
zpty z "folder=${(q)1} zsh -f -i"
zpty -w z "source \$folder/setup; print REA''DY"
read_until READY > /dev/null
zpty -n -w z "$2"$'\t'
read_until END
"""


def options_in(text):
    """--names and -letters of an option list of Boost."""
    lines = text.split("\noptions:\n")[1].split("\nexamples:\n")[0].splitlines()
    options = set()
    for line in lines:
        match = re.match(r"  (?:-(\w) \[ --([\w-]+) \]|--([\w-]+))", line)
        if match:
            options |= {f"-{match[1]}", f"--{match[2]}"} if match[1] else {f"--{match[3]}"}
    return options


CSA_BY_TYPE = ["csa_by_type", "csa_by_type.I", "csa_by_type.IIa", "csa_by_type.IIx", "csa_by_type.IIb"]


class Completion:
    """What is expected of every shell; each has its own way to be asked what it offers."""

    def setUp(self):
        super().setUp()
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.script = os.path.join(directory.name, "_hindlimb")
        with open(self.script, "w", encoding="utf-8") as file:
            file.write(self.hindlimb("completion", self.SHELL).stdout)

    def test_offers_commands(self):
        self.assertLessEqual(set(COMMANDS), set(self.offers("")))
        self.assertEqual(self.offers("ru"), ["run"])

    def test_offers_the_options_of_every_command(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                self.assertEqual(set(self.offers(command, "-")), options_in(self.hindlimb(command, "--help").stdout))

    def test_offers_keys_and_observables(self):
        self.assertEqual(sorted(self.offers("explain", "arm.massage.f")),
                         ["arm.massage.first_d", "arm.massage.force_N", "arm.massage.frequency_Hz"])
        self.assertEqual(self.offers("explain", "datum.ro"), ["datum.row"])
        self.assertEqual(self.offers("run", "a.toml", "--set", "animals.pe"), ["animals.per_arm="])
        self.assertEqual(self.offers("run", "--set", "arm.*.massage.force"), ["arm.*.massage.force_N="])
        self.assertEqual(self.offers("compare", "--observable", "csa_"), CSA_BY_TYPE)
        self.assertEqual(self.offers("export", "a.h5", "--observables", "csa_"), CSA_BY_TYPE)
        self.assertEqual([name.split(",")[-1] for name in self.offers("export", "--observables", "csa,wet_mass,cs")],
                         CSA_BY_TYPE)

    def test_offers_names_that_the_program_knows(self):
        self.assertEqual(self.offers("init", "o"), ["own-data"])
        self.assertEqual(sorted(self.offers("completion", "")), ["bash", "zsh"])
        self.assertEqual(self.offers("man", "stu"), ["study"])
        self.assertEqual(self.offers("run", "a.toml", "--threads", ""), [])

    def test_offers_files_of_the_right_kind(self):
        for name in ("a.toml", "b.h5", "my study.toml"):
            self.write(name, "")
        os.mkdir(self.path("folder"))
        for words, names in ((("run", ""), {"a.toml", "my study.toml", "folder"}),
                             (("digest", ""), {"b.h5", "folder"}),
                             (("run", "a.toml", "-o", ""), {"a.toml", "b.h5", "my study.toml", "folder"})):
            with self.subTest(words=words):
                offered = [name.rstrip("/") for name in self.offers(*words)]
                self.assertEqual(sorted(offered), sorted(names))


class Bash(Completion, Cli):
    SHELL = "bash"

    def offers(self, *words):
        command = ["bash", "--norc", "-c", ASK_BASH, "bash", self.script, "hindlimb", *words]
        result = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual((result.returncode, result.stderr), (OK, ""))
        return result.stdout.splitlines()

    def test_takes_a_value_behind_a_sign_as_bash_splits_it(self):
        self.assertEqual(self.offers("run", "--set", "=", "animals.pe"), ["animals.per_arm="])
        self.assertGreater(len(self.offers("compare", "--observable", "=")), 20)
        self.assertEqual(self.offers("export", "--observables", "=", "csa,wet_"), ["csa,wet_mass"])
        self.assertEqual(self.offers("run", "--set", "seed", "=", "2"), [])


@unittest.skipUnless(shutil.which("zsh"), "there is no zsh")
class Zsh(Completion, Cli):
    SHELL = "zsh"

    def setUp(self):
        super().setUp()
        self.folder_of_script = os.path.dirname(self.script)
        for name, text in (("setup", SETUP_OF_ZSH), ("ask", ASK_ZSH)):
            with open(os.path.join(self.folder_of_script, name), "w", encoding="utf-8") as file:
                file.write(text)

    def offers(self, *words):
        line = " ".join(["hindlimb", *words])
        result = subprocess.run(["zsh", "-f", os.path.join(self.folder_of_script, "ask"), self.folder_of_script, line],
                                cwd=self.folder, capture_output=True, text=True, timeout=60,
                                env={**os.environ, "TERM": "dumb", "COLUMNS": "200"})
        self.assertEqual(result.returncode, OK, result.stderr)
        offered = result.stdout.replace("\r", "").split("BEGIN\n")[1].split("END")[0]
        return offered.replace("\\", "").splitlines()  # zsh writes arm.\\* for arm.*

    def test_can_be_sourced_too(self):
        text = f"autoload -Uz compinit && compinit -u -D && source {self.script} && print $_comps[hindlimb]"
        result = subprocess.run(["zsh", "-f", "-c", text], cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual((result.stdout, result.stderr), ("_hindlimb\n", ""))


class Refusals(Cli):
    def test_name_the_shells_that_are_known(self):
        self.refused("completion", "zhs", says=["'zhs' is no shell that it knows; did you mean 'zsh'?"])
        self.refused("completion", "xonsh-5", says=["known here: bash, zsh"])
        self.refused("man", "runn", says=["there is no page 'runn'; did you mean 'run'?"])


class Manual(Cli):
    def setUp(self):
        super().setUp()
        self.hindlimb("man", "--all", "man")

    def page(self, name):
        return text_of(self.path(f"man/{name}")).replace("\\-", "-")

    def test_has_a_page_for_the_program_each_command_and_the_files(self):
        pages = {os.path.relpath(page, self.path("man")) for page in glob.glob(self.path("man/*/*"))}
        self.assertEqual(pages, {"man1/hindlimb.1", "man5/hindlimb-study.5",
                                 *(f"man1/hindlimb-{command}.1" for command in COMMANDS)})

    def test_says_what_each_page_alone_says(self):
        self.assertEqual(text_of(self.path("man/man1/hindlimb.1")), self.hindlimb("man").stdout)
        self.assertEqual(text_of(self.path("man/man1/hindlimb-run.1")), self.hindlimb("man", "run").stdout)
        self.assertEqual(text_of(self.path("man/man5/hindlimb-study.5")), self.hindlimb("man", "study").stdout)

    def test_has_every_option_of_every_command(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                page = self.page(f"man1/hindlimb-{command}.1")
                tags = set(re.findall(r"\\fB(--?[\w-]+)\\fP", page.split("\n.SH OPTIONS\n")[1].split("\n.SH ")[0]))
                self.assertEqual(tags, options_in(self.hindlimb(command, "--help").stdout))

    def test_names_every_command_exit_code_and_variable(self):
        page = self.page("man1/hindlimb.1")
        for word in (*COMMANDS, "0", "1", "2", "3", "75", "HINDLIMB_ISA"):
            self.assertIn(f"\n\\fB{word}\\fP", page)

    def test_has_every_key(self):
        page = self.page("man5/hindlimb-study.5")
        keys = re.findall(r"(?m)^(\S+)  ", self.hindlimb("explain").stdout)
        self.assertGreater(len(keys), 200)
        for key in keys:
            self.assertIn(f"\n\\fB{key.split('.')[-1]}\\fP\n", page)
        for header in ("[animals]", "[[arm.massage]]", "[sweep]", "[[sweep.axis]]", "[[datum]]", "[parameters]"):
            self.assertIn(f"\n.SS {header}\n", page)

    @unittest.skipUnless(shutil.which("mandoc"), "there is no mandoc")
    def test_is_clean_and_can_be_read(self):
        pages = sorted(glob.glob(self.path("man/*/*")))
        lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", *pages], capture_output=True, text=True)
        self.assertEqual((lint.returncode, lint.stdout, lint.stderr), (OK, "", ""))
        text = subprocess.run(["mandoc", "-T", "ascii", self.path("man/man1/hindlimb-run.1")], capture_output=True,
                              text=True).stdout
        text = re.sub(".\b", "", text)
        self.assertIn("hindlimb run STUDY.toml [OPTION ...]", text)
        self.assertIn("hindlimb run configs/miller2018.toml --set animals.per_arm=100 -o hundred.h5", text)


if __name__ == "__main__":
    unittest.main()
