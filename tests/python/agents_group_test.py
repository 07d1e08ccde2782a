"""The sections of a result file as other people's tools see them: the group /agents in xarray, netCDF4 and h5py."""

import subprocess
import unittest

import h5py
import netCDF4
import numpy
import xarray

from sections_example import FOLDER, N_SNAPSHOTS, PROGRAM, path_of, study

unittest.addModuleCleanup(FOLDER.cleanup)

ENGINES = ("h5netcdf", "netcdf4")
N_FIBRES = 60
DIMENSIONS = {"snapshot", "fibre", "vertex", "cell", "capillary", "field", "y", "x", "fibre_type", "csa_bin", "n_cells"}
TEXTS = {"arm", "muscle", "limb", "field", "fibre_type"}
FLAGS = {"fibre_type_index", "cell_type"}


class AgentsGroup(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.path = study()

    def opened(self, engine="h5netcdf"):
        group = xarray.open_dataset(self.path, group="agents", engine=engine)
        self.addCleanup(group.close)
        return group

    def test_opens_in_xarray_with_names_units_and_meanings(self):
        for engine in ENGINES:
            group = self.opened(engine)
            self.assertEqual(set(group.dims), DIMENSIONS)
            for name, variable in group.variables.items():
                with self.subTest(engine=engine, variable=name):
                    self.assertTrue(variable.attrs["long_name"])
                    if name not in TEXTS | FLAGS:
                        self.assertTrue(variable.attrs["units"])
            self.assertEqual(group.field.values.tolist(), ["MCP-1", "TNF-a", "IL-10", "HGF", "IGF-1", "TGF-b"])
            self.assertEqual(group.concentration.dims, ("snapshot", "field", "y", "x"))
            self.assertEqual(group.csa_bin.values[[0, 1, -1]].tolist(), [0, 200, 9800])
            self.assertEqual(group.time.dtype, numpy.float64)  # not a timedelta

    def test_has_every_section_on_every_day_on_which_it_is(self):
        for engine in ENGINES:
            group = self.opened(engine)
            self.assertEqual(group.sizes["snapshot"], N_SNAPSHOTS)
            self.assertEqual(set(group.animal.values.tolist()), {1})
            self.assertEqual(set(group.muscle.values.tolist()), {"soleus", "edl"})
            for arm, days in (("HS", [0, 0.5]), ("REM", [0, 0.5, 2])):
                chosen = (group.arm == arm) & (group.limb == "right") & (group.muscle == "edl")
                self.assertEqual(group.time.values[chosen.values].tolist(), days)

    def test_counts_its_rows(self):
        group = self.opened()
        for name, dimension in (("fibres", "fibre"), ("cells", "cell"), ("capillaries", "capillary")):
            self.assertEqual(group[name].attrs["sample_dimension"], dimension)
            counts = numpy.bincount(group[f"{dimension}_snapshot"].values, minlength=N_SNAPSHOTS)
            numpy.testing.assert_array_equal(group[name].values, counts)
            self.assertEqual(group[name].values.sum(), group.sizes[dimension])
        self.assertEqual(group.vertices.values.sum(), group.sizes["vertex"])
        self.assertTrue((group.fibres == N_FIBRES).all())
        self.assertTrue((group.csa_histogram.sum(("fibre_type", "csa_bin")) == N_FIBRES).all())
        self.assertTrue((group.satellite_cells_histogram.sum("n_cells") == N_FIBRES).all())

    def test_outlines_fibres_by_their_areas(self):
        group = self.opened()
        ends = numpy.cumsum(group.vertices.values)
        corners = numpy.column_stack([group.vertex_x.values, group.vertex_y.values]).astype(float)
        shares = []
        for csa, first, last in zip(group.fibre_csa.values, ends - group.vertices.values, ends):
            x, y = corners[first:last].T
            shares.append(0.5 * (x * numpy.roll(y, -1) - y * numpy.roll(x, -1)).sum() / csa)
        self.assertLess(max(shares), 1 + 1e-4)
        self.assertGreater(min(shares), 0.8)  # a tile may be too small for its fibre
        self.assertGreater(numpy.isclose(shares, 1, rtol=1e-4).mean(), 0.8)

    def test_knows_the_neighbours_of_each_fibre(self):
        group = self.opened()
        owners = numpy.repeat(numpy.arange(group.sizes["fibre"]), group.vertices.values)
        neighbours = group.vertex_neighbour.values
        pairs = {(owner, other) for owner, other in zip(owners, neighbours) if other >= 0}
        # roundings may leave an edge of no length on one side alone
        self.assertGreater(sum((other, owner) in pairs for owner, other in pairs), 0.99 * len(pairs))
        self.assertTrue((group.fibre_snapshot.values[neighbours[neighbours >= 0]]
                         == group.fibre_snapshot.values[owners[neighbours >= 0]]).all())
        self.assertGreater(len(pairs) / group.sizes["fibre"], 4.5)  # six, but for those at the sides
        self.assertTrue((neighbours == -1).any())

    def test_agrees_with_the_series(self):
        group, root = self.opened(), xarray.open_dataset(self.path)
        self.addCleanup(root.close)
        for k in range(N_SNAPSHOTS):
            place = {name: group[name].values[k] for name in ("arm", "muscle", "limb", "animal", "time")}
            csa = group.fibre_csa.values[group.fibre_snapshot.values == k].astype(float)
            self.assertAlmostEqual(csa.mean() / float(root.csa.sel(place).values[0]), 1, places=5)

    def test_places_satellite_cells_at_fibres(self):
        group = self.opened()
        meanings = group.cell_type.attrs["flag_meanings"].split()
        self.assertEqual(group.cell_type.attrs["flag_values"].tolist(), list(range(7)))
        satellites = ["satellite" in meanings[k] for k in group.cell_type.values]
        fibre = N_FIBRES * group.cell_snapshot.values + group.cell_fibre.values
        numpy.testing.assert_array_equal(group.fibre_satellite_cells.values,
                                         numpy.bincount(fibre[satellites], minlength=group.sizes["fibre"]))
        self.assertGreater(sum(satellites), 0)

    def test_lies_within_its_side(self):
        group = self.opened()
        for of in ("cell", "capillary", "fibre"):
            for axis in "xy":
                side = group.side.values[group[f"{of}_snapshot"].values]
                places = group[f"{of}_{axis}"].values
                self.assertTrue(((places >= 0) & (places <= side * (1 + 1e-6))).all())
        self.assertTrue((group.concentration > 0).all())

    def test_is_float_in_compressed_chunks(self):
        with h5py.File(self.path) as file:
            for name in ("fibre_csa", "vertex_x", "cell_x", "concentration", "side"):
                variable = file["agents"][name]
                self.assertEqual((variable.dtype, variable.compression, variable.shuffle),
                                 (numpy.float32, "gzip", True))
            for name in ("fibre_snapshot", "cell_type", "csa_histogram"):
                self.assertEqual(file["agents"][name].compression, "gzip")

    def test_is_listed_by_ncdump_and_opens_for_appending(self):
        header = subprocess.run(["ncdump", "-h", self.path], check=True, capture_output=True, text=True).stdout
        self.assertIn("float concentration(snapshot, field, y, x) ;", header)
        self.assertIn(f"fibre = {N_SNAPSHOTS * N_FIBRES} ;", header)
        self.assertNotIn("phony_dim", header)
        with open(self.path, "rb") as file, open(path_of("copy.h5"), "wb") as copy:
            copy.write(file.read())
        with netCDF4.Dataset(path_of("copy.h5"), "r+") as dataset:
            dataset["agents"].comment = "added"

    def test_changes_nothing_of_the_rest_of_the_file(self):
        without = study("no snapshots")
        with h5py.File(without) as file:
            self.assertNotIn("agents", file)
        digests = [subprocess.run([PROGRAM, "digest", path], check=True, capture_output=True, text=True).stdout
                   for path in (self.path, without)]
        self.assertEqual(*[digest.split("\n", 1)[1] for digest in digests])  # the first line has the key of the run
        for command in ("compare", "rerun"):
            subprocess.run([PROGRAM, command, self.path], check=True, capture_output=True)


if __name__ == "__main__":
    unittest.main()
