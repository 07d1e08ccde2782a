"""Result files in R (ncdf4, rhdf5) and, numbers only, in Octave: the axes, texts, units and numbers that h5py finds."""

import os
import subprocess
import unittest

import h5py
import numpy

import result_examples
import sections_example
from result_examples import path_of, study, sweep

unittest.addModuleCleanup(result_examples.FOLDER.cleanup)
unittest.addModuleCleanup(sections_example.FOLDER.cleanup)

# Each prints what it finds: for each question a line of names, texts or numbers.
NCDF4 = """
library(ncdf4)
say <- function(x) cat(if (is.numeric(x)) formatC(as.vector(x), digits = 9, format = "g") else x, "\\n", sep = "\\t")
study <- nc_open(commandArgs(TRUE)[1])
for (name in names(study$var)) ncvar_get(study, name)
for (name in names(study$dim)) stopifnot(length(study$dim[[name]]$vals) == study$dim[[name]]$len)
csa <- study$var$csa
say(vapply(csa$dim, function(d) d$name, ""))
say(csa$units)
for (name in c("arm", "limb", "muscle")) say(study$dim[[name]]$vals)
say(ncvar_get(study, "run_key"))
say(ncatt_get(study, 0, "title")$value)
say(ncvar_get(study, "csa"))
"""
RHDF5 = """
suppressPackageStartupMessages(library(rhdf5))
say <- function(x) cat(if (is.numeric(x)) formatC(as.vector(x), digits = 9, format = "g") else x, "\\n", sep = "\\t")
file <- commandArgs(TRUE)[1]
there <- h5ls(file, all = TRUE)
for (k in which(there$otype == "H5I_DATASET")) {
  values <- h5read(file, paste(there$group[k], there$name[k], sep = "/"), bit64conversion = "double")
  if (is.numeric(values) && there$dclass[k] == "INTEGER") stopifnot(!anyNA(values))
}
say(dim(h5read(file, "csa")))
say(h5readAttributes(file, "csa")$units)
for (name in c("arm", "limb", "muscle", "run_key")) say(h5read(file, name))
say(h5readAttributes(file, "/")$title)
say(h5read(file, "csa"))
"""
OCTAVE = """
history_save(false);
pkg load netcdf
file = argv(){1};
csa = ncread(file, "csa");
printf("%d\\t", size(csa)); printf("\\n");
printf("%.9g\\t", ncread(file, "time")); printf("\\n");
printf("%.9g\\t", csa); printf("\\n");
"""


def every_kind():
    return study(), sweep("series"), sweep("final"), sections_example.study()


class OtherReadersTest(unittest.TestCase):
    def lines(self, command, script, path):
        with open(path_of("script"), "w", encoding="utf-8") as file:
            file.write(script)
        result = subprocess.run([command, path_of("script"), path], capture_output=True, text=True, timeout=120)
        self.assertEqual(result.returncode, 0, result.stderr)
        return [line.rstrip("\t").split("\t") for line in result.stdout.splitlines()]

    def assert_numbers(self, line, variable):
        """In the order in which they are stored, for R and Octave too: the last axis here is the first there."""
        read = numpy.array([float("nan" if text in ("NA", "NaN") else text) for text in line], numpy.float32)
        numpy.testing.assert_array_equal(read, variable[()].ravel())

    def assert_texts(self, line, variable):
        self.assertEqual(line, variable.asstr()[()].ravel().tolist())

    def test_ncdf4_finds_axes_units_texts_and_numbers(self):
        for path in every_kind():
            with self.subTest(path=os.path.basename(path)), h5py.File(path) as file:
                axes, unit, arms, limbs, muscles, keys, title, numbers = self.lines("Rscript", NCDF4, path)
                self.assertEqual(axes[::-1], [axis[0].name[1:] for axis in file["csa"].dims])
                self.assertEqual((unit, title), (["um2"], [file.attrs["title"]]))
                for line, name in ((arms, "arm"), (limbs, "limb"), (muscles, "muscle"), (keys, "run_key")):
                    self.assert_texts(line, file[name])
                self.assert_numbers(numbers, file["csa"])

    def test_rhdf5_finds_axes_units_texts_and_numbers(self):
        for path in every_kind():
            with self.subTest(path=os.path.basename(path)), h5py.File(path) as file:
                shape, unit, arms, limbs, muscles, keys, title, numbers = self.lines("Rscript", RHDF5, path)
                self.assertEqual(tuple(map(int, shape[::-1])), file["csa"].shape)
                self.assertEqual((unit, title), (["um2"], [file.attrs["title"]]))
                for line, name in ((arms, "arm"), (limbs, "limb"), (muscles, "muscle"), (keys, "run_key")):
                    self.assert_texts(line, file[name])
                self.assert_numbers(numbers, file["csa"])

    def test_octave_finds_axes_in_reverse_order_and_numbers(self):
        for path in (study(), sweep("series")):
            with self.subTest(path=os.path.basename(path)), h5py.File(path) as file:
                shape, days, numbers = self.lines("octave-cli", OCTAVE, path)
                self.assertEqual(list(map(int, shape)), list(file["csa"].shape[::-1][:len(shape)]))
                self.assertEqual(set(file["csa"].shape[::-1][len(shape):]) - {1}, set())  # a last axis of 1 is no axis
                self.assertEqual(list(map(float, days)), file["time"][()].tolist())
                self.assert_numbers(numbers, file["csa"])

    def test_ncdf4_opens_the_summary_of_a_sweep(self):
        lines = self.lines("Rscript", "library(ncdf4)\nsweep <- nc_open(commandArgs(TRUE)[1])\n"
                                      "for (name in names(sweep$var)) ncvar_get(sweep, name)\n"
                                      "cat(names(sweep$var), sep = '\\t')\n", sweep("summary"))
        with h5py.File(sweep("summary")) as file:
            series = [name for name, variable in file["summary"].items() if variable.ndim > 2]
        self.assertGreater(len(series), 0)
        self.assertLessEqual({f"summary/{name}" for name in series}, set(lines[0]))


if __name__ == "__main__":
    unittest.main()
