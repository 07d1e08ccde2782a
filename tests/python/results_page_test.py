"""docs/results.md: its tables are what is in result files, and all of it; its promises about them hold."""

import os
import re
import subprocess
import unittest

import h5py
import numpy

import result_examples
import sections_example
from result_examples import PROGRAM, made, path_of, study, sweep

SOURCE = os.environ["HINDLIMB_SOURCE"]
IN_F32 = [word for key in ("precision=f32", "rtol=1e-4", "atol=1e-4") for word in ("--set", f"solver.{key}")]
SWEPT = {"massage_force_N": "arm.REM.massage.force_N", "arm_RE_phase_reload_load": "arm.RE.phase.reload.load",
         "animals_sex": "animals.sex"}
TYPES = {"i1": "i1", "i4": "i4", "i8": "i8", "f4": "f4", "f8": "f8", "O": "text"}
OWN_ATTRIBUTES = {"CLASS", "NAME", "REFERENCE_LIST", "DIMENSION_LIST"}  # of HDF5's dimension scales
SCALE_ONLY = b"This is a netCDF dimension but not a netCDF variable."

unittest.addModuleCleanup(result_examples.FOLDER.cleanup)
unittest.addModuleCleanup(sections_example.FOLDER.cleanup)


def rows_of(heading):
    """The rows of the table below a heading of the page, as dictionaries by its columns."""
    with open(os.path.join(SOURCE, "docs", "results.md"), encoding="utf-8") as file:
        section = re.split(r"(?m)^##+ ", file.read().split(f"# {heading}")[1])[0]
    columns, _, *rows = [[cell.strip(" `") for cell in line.strip("|").split("|")]
                         for line in section.splitlines() if line.startswith("|")]
    return [dict(zip(columns, row)) for row in rows]


def type_of(kind):
    return TYPES["O" if kind.kind == "O" else kind.str[1:]]


def description_of(name, variable):
    axes = [axis[0].name.split("/")[-1] if len(axis) else name for axis in variable.dims]
    return " ".join(axes), type_of(variable.dtype), variable.attrs.get("units", "")


def described(*headings, where):
    """Axes, type and unit by the page, of all variables that it names for such files."""
    return {row["variable"]: (row["axes"], row["type"], row["unit"])
            for heading in headings for row in rows_of(heading)
            if re.fullmatch("[a-z_]+", row["variable"]) and row["variable"] != "observables"
            and row.get("where", "always") in where}


def observables():
    return {row["observable"]: row["unit"] for row in rows_of("Observables")}


def variables_of(group):
    return {name: description_of(name, variable) for name, variable in group.items()
            if isinstance(variable, h5py.Dataset) and not variable.attrs.get("NAME", b"").startswith(SCALE_ONLY)}


class Page(unittest.TestCase):
    maxDiff = None

    def assert_names_all(self, path, where, more):
        with h5py.File(path) as file:
            self.assertEqual(variables_of(file), {**described("Coordinates", "Of every run", where=where), **more})

    def test_names_every_variable_of_a_study(self):
        series = {name: ("run arm animal muscle limb time", "f4", unit) for name, unit in observables().items()}
        series["csa_by_type"] = ("run arm animal muscle limb fibre_type time", "f4", "um2")
        self.assert_names_all(study(), {"always", "series"}, series)

    def test_names_every_variable_of_a_sweep(self):
        for keep, time in (("series", " time"), ("final", "")):
            with self.subTest(keep=keep):
                self.assert_names_all(sweep(keep), {"always", "sweep", keep}, {
                    "csa": ("run arm animal muscle limb" + time, "f4", "um2"),
                    "csa_by_type": ("run arm animal muscle limb fibre_type" + time, "f4", "um2"),
                    "massaged": ("run arm limb", "i1", ""),
                    "massage_force_N": ("run", "f8", "N"), "arm_RE_phase_reload_load": ("run", "f8", "1"),
                    "animals_sex": ("run", "text", "")})

    def test_names_every_variable_of_summaries(self):
        of_root = {"arm": ("arm", "text", ""), "muscle": ("muscle", "text", ""), "limb": ("limb", "text", ""),
                   "fibre_type": ("fibre_type", "text", ""), "time": ("time", "f8", "d")}
        with h5py.File(sweep("series")) as file:
            self.assertEqual(variables_of(file["summary"]), {
                **described("/summary", where={"always"}), **of_root,
                "csa": ("point statistic arm muscle limb time", "f8", "um2"),
                "csa_by_type": ("point statistic arm muscle limb fibre_type time", "f8", "um2"),
                "massage_force_N": ("point", "f8", "N"), "arm_RE_phase_reload_load": ("point", "f8", "1"),
                "animals_sex": ("point", "text", "")})

    def test_names_every_variable_of_sections(self):
        with h5py.File(sections_example.study()) as file:
            self.assertEqual(variables_of(file["agents"]), described("/agents", where={"always"}))

    def test_names_every_attribute(self):
        rows = {row["attribute"]: row for row in rows_of("Attributes of the file")}
        for path, where in ((study(), set()), (sweep("series"), {"sweep"}), (sections_example.study(), {"agents"}),
                            (study(*IN_F32), {"f32"})):
            with self.subTest(where=where), h5py.File(path) as file:
                wanted = {name for name, row in rows.items() if row["where"] in where | {"always"}}
                self.assertEqual(set(file.attrs), wanted)
                for name in file.attrs:
                    kind = file.attrs.get_id(name).dtype
                    self.assertEqual(type_of(kind), rows[name]["type"], name)

    def test_names_every_group(self):
        for path, groups in ((study(), set()), (sweep("series"), {"summary"}), (sections_example.study(), {"agents"})):
            with h5py.File(path) as file:
                self.assertEqual({name for name, member in file.items() if isinstance(member, h5py.Group)}, groups)

    def test_says_what_variables_have(self):
        allowed = {"long_name", "units", "_FillValue", "coordinates", "flag_values", "flag_meanings", "key", "sets",
                   "sample_dimension", "instance_dimension"}
        with open(os.path.join(SOURCE, "docs", "results.md"), encoding="utf-8") as file:
            page = file.read()
        for name in allowed:
            self.assertIn(f"`{name}`", page)
        for path in (study(), sweep("series"), sections_example.study()):
            with h5py.File(path) as file:
                file.visititems(lambda name, it: isinstance(it, h5py.Dataset) and self.assert_plain(name, it, allowed))

    def assert_plain(self, name, variable, allowed):
        self.assertLessEqual(set(variable.attrs) - OWN_ATTRIBUTES, allowed, name)
        self.assertEqual(variable.maxshape, variable.shape, name)
        filters = variable.id.get_create_plist()
        kinds = {filters.get_filter(i)[0] for i in range(filters.get_nfilters())}
        self.assertLessEqual(kinds, {h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE}, name)


class Promise(unittest.TestCase):
    def test_swept_keys_have_their_names_and_keys(self):
        with h5py.File(sweep("series")) as file:
            for name, key in SWEPT.items():
                self.assertEqual(file[name].attrs["key"], key)
                self.assertIn(name, file["csa"].attrs["coordinates"].split())

    def test_config_is_a_study_that_gives_the_same_numbers(self):
        with h5py.File(study()) as file:
            config = file.attrs["config"]
            keys = file["run_key"][:]
        with open(path_of("config.toml"), "w", encoding="utf-8") as file:
            file.write(config)
        again = made("again.h5", "run", path_of("config.toml"))
        with h5py.File(again) as file:
            self.assertEqual(file["run_key"][:].tolist(), keys.tolist())
        digests = [subprocess.run([PROGRAM, "digest", path], capture_output=True, text=True, check=True).stdout
                   for path in (study(), again)]
        self.assertEqual(*digests)

    def test_numbers_that_are_not_there_are_nan_and_no_others(self):
        """After the end of an arm, up to the label, and of types that the soleus lacks."""
        ends = {"WB": 22, "HS": 14, "RE": 22, "REM": 22}
        labels = {"WB": 0, "HS": 0, "RE": 14, "REM": 14}
        with h5py.File(study("--set", 'muscles=["soleus"]', "--set", "animals.per_arm=2")) as file:
            days = file["time"][:]
            for name in observables():
                for arm, numbers in zip(file["arm"].asstr()[:], file[name][0]):
                    is_missing = days > ends[arm]
                    if name.endswith(("_fsr", "_d2o")):
                        is_missing = is_missing | (days <= labels[arm])
                    if name == "csa_by_type":
                        lacks = numpy.array([False, False, True, True])  # IIx and IIb
                        is_missing = is_missing | lacks[:, numpy.newaxis]
                    self.assertTrue((numpy.isnan(numbers) == is_missing).all(), (name, arm))


if __name__ == "__main__":
    unittest.main()
