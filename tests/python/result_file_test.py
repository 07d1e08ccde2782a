"""A result file as other people's tools see it: h5py, xarray by both engines, netCDF4 and ncdump."""

import hashlib
import os
import shutil
import subprocess
import tempfile
import unittest

import h5py
import netCDF4
import numpy
import xarray

PROGRAM = os.environ["HINDLIMB"]
STUDY = os.path.join(os.environ["HINDLIMB_SOURCE"], "configs", "miller2018.toml")

AXES = ("run", "arm", "animal", "muscle", "limb", "time")
AXES_BY_TYPE = ("run", "arm", "animal", "muscle", "limb", "fibre_type", "time")
PER_RUN = {"run_key", "status", "message", "n_steps", "n_redone", "wall_time"}
TEXT_ATTRIBUTES = {
    "title", "source", "history", "references", "date_created", "model_version", "rng", "config",
    "config_sha256", "compiler", "flags", "host", "isa", "pairing",
}
ENGINES = ("h5netcdf", "netcdf4")


class ResultFile(unittest.TestCase):
    """One run of the study, opened by every reader."""

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.directory.cleanup)
        cls.path = os.path.join(cls.directory.name, "x.h5")
        subprocess.run([PROGRAM, "run", STUDY, "-o", cls.path], check=True, stdout=subprocess.DEVNULL)

    def opened(self, engine):
        dataset = xarray.open_dataset(self.path, engine=engine)
        self.addCleanup(dataset.close)
        return dataset

    def series_of(self, dataset):
        series = [name for name, variable in dataset.variables.items() if variable.ndim == len(AXES)]
        others = [name for name, variable in dataset.variables.items() if variable.ndim > len(AXES)]
        self.assertEqual(others, ["csa_by_type"])
        self.assertIn("csa", series)
        self.assertIn("wet_mass", series)
        return series

    def test_has_the_checksum_of_its_bytes(self):
        subprocess.run(["sha256sum", "-c", "--status", "x.h5.sha256"], cwd=self.directory.name, check=True)
        self.assertEqual(sorted(os.listdir(self.directory.name)), ["x.h5", "x.h5.sha256"])

    def test_gives_xarray_the_axes_and_their_labels(self):
        for engine in ENGINES:
            with self.subTest(engine=engine):
                dataset = self.opened(engine)
                for name in self.series_of(dataset):
                    self.assertEqual(dataset[name].dims, AXES)
                self.assertEqual(dataset.csa_by_type.dims, AXES_BY_TYPE)
                self.assertEqual(set(dataset.dims), set(AXES_BY_TYPE))
                self.assertEqual(dataset.fibre_type.values.tolist(), ["I", "IIa", "IIx", "IIb"])
                self.assertEqual(dataset.sizes["run"], 1)
                self.assertEqual(dataset.limb.values.tolist(), ["left", "right"])
                self.assertTrue({"WB", "HS", "RE", "REM"} <= set(dataset.arm.values.tolist()))
                self.assertEqual(dataset.animal.values.tolist(), list(range(1, dataset.sizes["animal"] + 1)))
                self.assertTrue((numpy.diff(dataset.time.values) > 0).all())
                self.assertTrue(all(isinstance(name, str) for name in dataset.muscle.values))

    def test_gives_every_variable_a_long_name_and_every_number_its_unit(self):
        for engine in ENGINES:
            dataset = self.opened(engine)
            for name, variable in dataset.variables.items():
                with self.subTest(engine=engine, variable=name):
                    self.assertTrue(variable.attrs["long_name"])
            for name in [*self.series_of(dataset), "csa_by_type", "time", "wall_time", "n_steps"]:
                with self.subTest(engine=engine, variable=name):
                    self.assertTrue(dataset[name].attrs["units"])
            self.assertEqual(dataset.csa.attrs["units"], "um2")
            self.assertEqual(dataset.wet_mass.attrs["units"], "mg")
            self.assertEqual(dataset.time.attrs["units"], "d")
            self.assertEqual(dataset.time.dtype, numpy.float64)  # not a timedelta
            self.assertEqual(dataset.wall_time.attrs["units"], "s")

    def test_selects_by_name(self):
        for engine in ENGINES:
            with self.subTest(engine=engine):
                dataset = self.opened(engine)
                right = dataset.csa.sel(arm="REM", limb="right", muscle=dataset.muscle.values[0], animal=1)
                self.assertEqual(right.dims, ("run", "time"))
                self.assertTrue(numpy.isfinite(right.values[0, 0]))
                self.assertGreater(right.values[0, 0], 0)

    def test_tells_which_limb_is_massaged(self):
        for engine in ENGINES:
            with self.subTest(engine=engine):
                massaged = self.opened(engine).massaged
                self.assertEqual(massaged.dims, ("arm", "limb"))
                self.assertEqual(massaged.dtype, numpy.int8)
                self.assertEqual(massaged.sel(arm="REM").values.tolist(), [0, 1])
                self.assertEqual(massaged.sel(arm="WB").values.tolist(), [0, 0])
                self.assertEqual(massaged.attrs["flag_values"].tolist(), [0, 1])
                self.assertEqual(massaged.attrs["flag_meanings"].split(), ["not_massaged", "massaged"])

    def test_says_how_the_run_went(self):
        for engine in ENGINES:
            with self.subTest(engine=engine):
                dataset = self.opened(engine)
                for name in PER_RUN:
                    self.assertEqual(dataset[name].dims, ("run",))
                self.assertRegex(dataset.run_key.values[0], "^[0-9a-f]{32}$")
                self.assertEqual(dataset.status.values.tolist(), [0])
                self.assertEqual(dataset.status.attrs["flag_values"].tolist(), [0, 1, 2])
                self.assertEqual(dataset.status.attrs["flag_meanings"].split()[0], "ok")
                self.assertEqual(dataset.message.values[0], "")
                self.assertGreater(dataset.n_steps.values[0], 0)
                self.assertGreater(dataset.wall_time.values[0], 0)

    def test_is_not_a_number_after_the_end_of_an_arm(self):
        dataset = self.opened("netcdf4")
        last = dataset.csa.notnull().any(("run", "animal", "muscle", "limb"))
        ends = {arm: dataset.time.values[last.sel(arm=arm).values].max() for arm in dataset.arm.values}
        self.assertLess(ends["HS"], ends["REM"])
        for arm, end in ends.items():
            with self.subTest(arm=arm):
                values = dataset.csa.sel(arm=arm)
                self.assertTrue(values.sel(time=slice(0, end)).notnull().all())
                self.assertTrue(values.sel(time=dataset.time[dataset.time > end]).isnull().all())

    def test_carries_where_it_came_from(self):
        for engine in ENGINES:
            with self.subTest(engine=engine):
                attributes = self.opened(engine).attrs
                self.assertEqual(attributes["Conventions"], "CF-1.11")
                self.assertEqual({name for name in TEXT_ATTRIBUTES if not attributes.get(name)}, set())
                self.assertTrue(attributes["source"].startswith("hindlimb "))
                self.assertEqual(numpy.asarray(attributes["seed"]).dtype, numpy.int64)
                self.assertEqual(hashlib.sha256(attributes["config"].encode()).hexdigest(), attributes["config_sha256"])

    def test_is_text_of_variable_length_numbers_and_dimension_scales_to_h5py(self):
        with h5py.File(self.path, "r") as file:
            for name, variable in file.items():
                with self.subTest(variable=name):
                    self.assertIsInstance(variable, h5py.Dataset)
                    self.assert_kind(variable.dtype)
                    for attribute in set(variable.attrs) - {"CLASS", "NAME", "REFERENCE_LIST", "DIMENSION_LIST"}:
                        self.assert_kind(variable.attrs.get_id(attribute).dtype)
                    labelled = h5py.h5ds.is_scale(variable.id) or all(len(axis) == 1 for axis in variable.dims)
                    self.assertTrue(labelled)
            self.assertEqual([axis[0].name for axis in file["csa"].dims], ["/" + name for name in AXES])
            self.assertEqual([axis[0].name for axis in file["csa_by_type"].dims], ["/" + name for name in AXES_BY_TYPE])
            for attribute in file.attrs:
                self.assert_kind(file.attrs.get_id(attribute).dtype)

    def assert_kind(self, dtype):
        text = h5py.check_string_dtype(dtype)
        if text is None:
            self.assertIn(dtype, [numpy.dtype(name) for name in ("i1", "i4", "i8", "f4", "f8")])
        else:
            self.assertEqual((text.encoding, text.length), ("utf-8", None))

    def test_is_stored_as_float_in_compressed_chunks_with_nan_as_fill_value(self):
        with h5py.File(self.path, "r") as file:
            for variable in [each for each in file.values() if each.ndim >= len(AXES)]:
                with self.subTest(variable=variable.name):
                    self.assertEqual(variable.dtype, numpy.float32)
                    self.assertEqual((variable.compression, variable.compression_opts), ("gzip", 1))
                    self.assertTrue(variable.shuffle)
                    self.assertEqual(variable.chunks[-1], variable.shape[-1])
                    self.assertTrue(numpy.isnan(variable.fillvalue))
                    self.assertTrue(numpy.isnan(variable.attrs["_FillValue"]).all())

    def test_opens_for_appending_in_netcdf4(self):
        copy = os.path.join(self.directory.name, "copy.h5")
        self.addCleanup(os.remove, copy)
        shutil.copy(self.path, copy)
        with netCDF4.Dataset(copy, "r+") as dataset:
            dataset.comment = "added"
            dataset.createVariable("doubled", "f4", ("time",))[:] = 2 * dataset["time"][:]
        with netCDF4.Dataset(copy) as dataset:
            self.assertEqual(dataset.comment, "added")
            self.assertEqual(dataset["doubled"][1], 2 * numpy.float32(dataset["time"][1]))

    def test_is_listed_by_ncdump(self):
        header = subprocess.run(["ncdump", "-h", self.path], check=True, capture_output=True, text=True).stdout
        self.assertIn("float csa(run, arm, animal, muscle, limb, time) ;", header)
        self.assertIn('string time:units = "d" ;', header)
        self.assertIn('string :Conventions = "CF-1.11" ;', header)
        self.assertNotIn("phony_dim", header)


if __name__ == "__main__":
    unittest.main()
