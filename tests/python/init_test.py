"""What `hindlimb init` writes: it runs as it is, with the commands that are printed, and never over what is there."""

import csv
import os
import shlex
import unittest

from cli_test import FACT_FAILED, OK, STUDY, Cli, text_of

TEMPLATES = {
    "miller2018": ["miller2018.toml"],
    "dose": ["dose.toml"],
    "own-data": ["own_data.toml", "own_data_measurements.csv", "own_data_fit.toml"],
}


def next_commands(text):
    """The commands after "Next:", as a shell would split them, without their comments."""
    lines = text.split("\nNext:\n")[1].splitlines()
    commands = [shlex.split(line, comments=True) for line in lines]
    assert all(command[0] == "hindlimb" for command in commands), text
    return [command[1:] for command in commands]


class Init(Cli):
    def follow(self, text):
        for command in next_commands(text):
            with self.subTest(command=command):
                self.hindlimb(*command)

    def test_lists_its_templates(self):
        text = self.hindlimb("init").stdout
        for name in TEMPLATES:
            self.assertIn(f"\n  {name} ", "\n" + text)
        self.assertEqual(os.listdir(self.folder), [])

    def test_writes_files_that_run_with_the_commands_that_it_prints(self):
        for template, files in TEMPLATES.items():
            with self.subTest(template=template):
                text = self.hindlimb("init", template).stdout
                for file in files:
                    self.assertIn(f"written to {file}: ", text)
                self.assertGreater(len(next_commands(text)), 3)
                self.follow(text)

    def test_writes_no_other_files(self):
        for template in TEMPLATES:
            self.hindlimb("init", template)
        self.assertEqual(sorted(os.listdir(self.folder)), sorted(sum(TEMPLATES.values(), [])))

    def test_writes_the_main_study_of_the_project(self):
        self.hindlimb("init", "miller2018")
        self.assertEqual(text_of(self.path("miller2018.toml")), text_of(STUDY))

    def test_gives_every_file_the_name_that_it_is_told_and_the_commands_too(self):
        folder = "mine's and yours"
        os.mkdir(self.path(folder))
        for template, files in TEMPLATES.items():
            with self.subTest(template=template):
                stem = f"x {template}"
                text = self.hindlimb("init", template, "-o", f"{folder}/{stem}.toml").stdout
                self.assertEqual(len([name for name in os.listdir(self.path(folder)) if name.startswith(stem)]),
                                 len(files))
                self.follow(text)
        self.assertIn('study = "x own-data.toml"', text_of(self.path(f"{folder}/x own-data_fit.toml")))
        self.assertNotIn("own_data", text_of(self.path(f"{folder}/x own-data.toml")))

    def test_replaces_nothing_unless_it_is_forced(self):
        self.hindlimb("init", "own-data")
        for name in TEMPLATES["own-data"][1:]:
            os.remove(self.path(name))
        self.write("own_data.toml", "mine")
        self.refused("init", "own-data", says=["own_data.toml: exists already; --force replaces it, -o FILE writes"])
        self.assertEqual(text_of(self.path("own_data.toml")), "mine")
        self.hindlimb("init", "own-data", "--force")
        self.assertNotEqual(text_of(self.path("own_data.toml")), "mine")

    def test_refuses_what_makes_no_sense(self):
        self.refused("init", "miler2018", says=["'miler2018' is no template; did you mean 'miller2018'?"])
        self.refused("init", "-o", "x.toml", says=["no template; `hindlimb init` lists them"])
        for name, what in (("x", "must end in .toml"), ("x.h5", "must end in .toml"), (".toml", "must end in .toml"),
                           ("none/x.toml", "there is no directory 'none'"), ('a"b.toml', "without quotes"), ("", "")):
            with self.subTest(name=name):
                self.refused("init", "dose", "-o", name, says=[what])
        os.mkdir(self.path("x.toml"))
        self.refused("init", "dose", "-o", "x.toml", says=["x.toml: is a directory, must be a file"])


class OwnData(Cli):
    """The table of measurements of the template, changed as a user would."""

    def setUp(self):
        super().setUp()
        self.hindlimb("init", "own-data")
        self.lines = text_of(self.path("own_data_measurements.csv")).splitlines()

    def validate(self, ends):
        return self.hindlimb("validate", "own_data.toml", "--facts", "own_data_measurements.csv", ends=ends).stdout

    def test_is_held_against_the_simulation(self):
        self.assertIn("5 passed, 0 failed; 1 prediction", self.validate(OK))
        changed = [line.replace("-45,-31,pass", "-9,-3,pass") for line in self.lines]
        self.write("own_data_measurements.csv", "\n".join(changed))
        self.assertIn("4 passed, 1 failed", self.validate(FACT_FAILED))

    def test_explains_every_column(self):
        comments = [line for line in self.lines if line.startswith("#")]
        columns = next(csv.reader(self.lines[len(comments):]))
        for column in columns:
            self.assertRegex("\n".join(comments), rf"(?m)^#   (\w+, )*{column}(, \w+)*  ")


if __name__ == "__main__":
    unittest.main()
