"""The reference of the public headers."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

SOURCE = os.environ["HINDLIMB_SOURCE"]


class Reference(unittest.TestCase):
    @unittest.skipUnless(shutil.which("doxygen"), "no doxygen here")
    def test_is_made_without_a_warning(self):
        with open(os.path.join(SOURCE, "docs", "Doxyfile"), encoding="utf-8") as file:
            settings = file.read()
        with tempfile.TemporaryDirectory() as folder:
            result = subprocess.run(["doxygen", "-"], input=f"{settings}\nOUTPUT_DIRECTORY = {folder}\n", cwd=SOURCE,
                                    capture_output=True, text=True, timeout=120)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertTrue(os.path.isfile(os.path.join(folder, "html", "index.html")))

    def test_calls_headers_stable_that_are_there(self):
        with open(os.path.join(SOURCE, "docs", "api.md"), encoding="utf-8") as file:
            headers = set(re.findall(r"`([a-z]+/[a-z_]+\.hpp)`", file.read()))
        self.assertIn("sim/run.hpp", headers)
        for header in headers:
            self.assertTrue(os.path.isfile(os.path.join(SOURCE, "include", "hindlimb", header)), header)

    def test_shows_the_example_as_it_is(self):
        with open(os.path.join(SOURCE, "docs", "api.md"), encoding="utf-8") as file:
            page = file.read()
        with open(os.path.join(SOURCE, "examples", "first_study.cpp"), encoding="utf-8") as file:
            self.assertIn(f"```cpp\n{file.read()}```", page)


if __name__ == "__main__":
    unittest.main()
