"""The sections as VTK reads them: fibres, cells, fields, and their days; what is refused."""

import os
import unittest
import xml.etree.ElementTree

import numpy
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkIOXML import vtkXMLImageDataReader, vtkXMLPolyDataReader

from sections_example import FOLDER, N_SNAPSHOTS, ScriptTest, path_of, study

import export_vtk
from sections import Sections, Whose

unittest.addModuleCleanup(FOLDER.cleanup)

SHOWN = Whose("REM", "edl", "right", 1)
LAST = "REM_edl_right_animal1/{}_0002"  # day 2


class ExportVtk(ScriptTest):
    script = export_vtk

    @classmethod
    def setUpClass(cls):
        cls.directory = path_of("vtk")
        cls.said = cls().run_script(study(), cls.directory)
        sections = Sections(study())
        cls.section = sections.section(sections.of(SHOWN)[-1])

    def read(self, name, reader):
        """What VTK reads, and its numbers by name."""
        reader.SetFileName(os.path.join(self.directory, name))
        reader.Update()
        data = reader.GetOutput().GetCellData()
        names = [data.GetArrayName(k) for k in range(data.GetNumberOfArrays())]
        self.keep = reader  # which owns the numbers
        return reader.GetOutput(), {name: vtk_to_numpy(data.GetArray(name)) for name in names}

    def test_says_what_it_wrote(self):
        self.assertEqual(self.said, f"wrote {N_SNAPSHOTS} snapshots of 12 sections to {self.directory}\n")

    def test_draws_fibres_with_their_areas(self):
        output, _ = self.read(LAST.format("fibres") + ".vtp", vtkXMLPolyDataReader())
        self.assertEqual(output.GetNumberOfCells(), 60)
        self.assertEqual(output.GetNumberOfPoints(), sum(map(len, self.section.outlines)))
        corners = [vtk_to_numpy(output.GetCell(k).GetPoints().GetData())[:, :2].copy() for k in range(60)]
        areas = numpy.array([0.5 * numpy.cross(each, numpy.roll(each, -1, axis=0)).sum() for each in corners])
        self.assertTrue((areas <= self.section.csa * (1 + 1e-4)).all())
        self.assertGreater(numpy.isclose(areas, self.section.csa, rtol=1e-4).mean(), 0.8)
        for k in (0, 59):
            numpy.testing.assert_allclose(corners[k], self.section.outlines[k], rtol=1e-6)

    def test_gives_fibres_their_data(self):
        _, data = self.read(LAST.format("fibres") + ".vtp", vtkXMLPolyDataReader())
        self.assertEqual(list(data), ["type", "csa", "growth", "damage", "myonuclei", "satellite_cells"])
        numpy.testing.assert_array_equal(data["type"], self.section.fibre_type)
        numpy.testing.assert_allclose(data["csa"], self.section.csa, rtol=1e-7)
        numpy.testing.assert_allclose(data["growth"], self.section.csa / self.section.set_point_csa, rtol=1e-6)
        for name in ("damage", "myonuclei", "satellite_cells"):
            numpy.testing.assert_allclose(data[name], getattr(self.section, name), rtol=1e-7)

    def test_puts_a_vertex_where_a_cell_is(self):
        output, data = self.read(LAST.format("cells") + ".vtp", vtkXMLPolyDataReader())
        n = len(self.section.cells)
        self.assertGreater(n, 0)
        self.assertEqual((output.GetNumberOfVerts(), output.GetNumberOfPoints()), (n, n))
        numpy.testing.assert_allclose(vtk_to_numpy(output.GetPoints().GetData())[:, :2], self.section.cells, rtol=1e-7)
        numpy.testing.assert_array_equal(data["type"], self.section.cell_type)
        numpy.testing.assert_array_equal(data["id"], self.section.cell_id)

    def test_lays_fields_over_the_section(self):
        output, data = self.read(LAST.format("fields") + ".vti", vtkXMLImageDataReader())
        self.assertEqual(list(data), ["MCP-1", "TNF-a", "IL-10", "HGF", "IGF-1", "TGF-b"])
        self.assertEqual(output.GetDimensions(), (9, 9, 1))  # corners of 8 * 8 pixels
        numpy.testing.assert_allclose(output.GetBounds(), [0, self.section.side] * 2 + [0, 0], rtol=1e-6)
        for k, values in enumerate(data.values()):
            numpy.testing.assert_allclose(values.reshape(8, 8), self.section.concentration[k], rtol=1e-7)

    def test_collects_the_days(self):
        for what, ending in (("fibres", "vtp"), ("cells", "vtp"), ("fields", "vti")):
            for arm, days in (("HS", ["0", "0.5"]), ("REM", ["0", "0.5", "2"])):
                folder = os.path.join(self.directory, f"{arm}_soleus_left_animal1")
                sets = xml.etree.ElementTree.parse(os.path.join(folder, f"{what}.pvd")).getroot().findall(".//DataSet")
                self.assertEqual([each.get("timestep") for each in sets], days)
                for k, each in enumerate(sets):
                    self.assertEqual(each.get("file"), f"{what}_{k:04d}.{ending}")
                    self.assertTrue(os.path.isfile(os.path.join(folder, each.get("file"))))

    def test_writes_into_a_directory_that_is_not_empty_only_when_forced(self):
        message = f"{self.directory}: is not empty; give another directory, or --force"
        self.assert_refused(message, study(), self.directory)
        self.assertEqual(self.run_script(study(), self.directory, "--force"), self.said)

    def test_refuses_files_without_sections_and_places_that_are_none(self):
        self.assert_refuses_files_without_sections(path_of("other"))
        self.assertFalse(os.path.exists(path_of("other")))
        self.assert_refused(f"{study()}: is a file, where a directory is needed", study(), study())


if __name__ == "__main__":
    unittest.main()
