"""The split of what massage adds into its parts: a table and a picture; what is refused."""

import os
import subprocess
import unittest

from matplotlib import pyplot

import sections_example
from legible import drawn_texts
from sections_example import PROGRAM, ScriptTest, path_of

import plot_mass_balance

unittest.addModuleCleanup(sections_example.FOLDER.cleanup)
STUDY = os.path.join(os.environ["HINDLIMB_SOURCE"], "configs", "mass_balance.toml")


class MassBalance(ScriptTest):
    script = plot_mass_balance

    @classmethod
    def setUpClass(cls):
        with open(STUDY, encoding="utf-8") as study, open(path_of("study.toml"), "w", encoding="utf-8") as file:
            file.write(study.read().replace("REM", "$R$"))
        cls.result = path_of("mass_balance.h5")
        subprocess.run([PROGRAM, "run", file.name, "-o", cls.result, "--quiet", "--set", "animals.per_arm=2"], check=True)

    def test_draws_names_as_they_are(self):
        self.addCleanup(pyplot.close, "all")
        said = self.run_script(self.result, "-o", path_of("x.png"))
        self.assertTrue(said.endswith(f"wrote {path_of('x.png')}\n"), said)
        texts = list(drawn_texts(pyplot.gcf()))
        self.assertTrue(any("$R$ massaged" in text.get_text() for text in texts))
        self.assertFalse(any(text.get_parse_math() for text in texts))

    def test_refuses_what_cannot_be_read(self):
        none, changed = path_of("none.h5"), path_of("changed.h5")
        with open(changed, "wb") as file, open(changed + ".sha256", "w", encoding="utf-8") as beside:
            file.write(b"anything")
            beside.write(f"{'0' * 64}  changed.h5\n")
        self.assert_refused(f"{none}: no such file; 'hindlimb run' makes one", none)
        self.assert_refused(f"{changed}: changed or broken: its SHA-256 is not the one in 'changed.h5.sha256'", changed)
        self.assert_refused(f"{path_of('no/x.png')}: No such file or directory", self.result, "-o", path_of("no/x.png"))


if __name__ == "__main__":
    unittest.main()
