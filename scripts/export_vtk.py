#!/usr/bin/python3
"""Writes the sections of a study of agents as VTK files, for ParaView: fibres, cells and fields, with their time."""
import argparse
import re
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np

from result_files import fail
from sections import Sections

TYPES = {"f": "Float64", "i": "Int64", "u": "Int64"}  # of arrays, by numpy's kinds


def array(name, values, components=1):
    """A DataArray element."""
    values = np.asarray(values)
    text = " ".join(("%.9g" if values.dtype.kind == "f" else "%d") % value for value in values.ravel())
    return (f"<DataArray type=\"{TYPES[values.dtype.kind]}\" Name={quoteattr(name)} "
            f"NumberOfComponents=\"{components}\" format=\"ascii\">{text}</DataArray>\n")


def element(name, arrays, **attributes):
    given = "".join(f" {key}={quoteattr(str(value))}" for key, value in attributes.items())
    return f"<{name}{given}>\n{''.join(arrays)}</{name}>\n"


def document(kind, body):
    return (f'<?xml version="1.0"?>\n<VTKFile type="{kind}" version="0.1" byte_order="LittleEndian">\n'
            f'{body}</VTKFile>\n')


def poly_data(points, cells, sizes, data):
    """cells: Verts or Polys, of so many of the points each, in their order; data: of each cell."""
    in_space = np.column_stack([points, np.zeros(len(points))])
    piece = [element("Points", [array("Points", in_space, 3)]),
             element(cells, [array("connectivity", np.arange(len(points))),
                             array("offsets", np.cumsum(sizes, dtype=np.int64))]),
             element("CellData", [array(name, values) for name, values in data.items()])]
    body = element("Piece", piece, NumberOfPoints=len(points), **{f"NumberOf{cells}": len(sizes)})
    return document("PolyData", element("PolyData", [body]))


def fibres(section):
    """Polygons; a fibre without an outline is left out."""
    there = np.array([len(outline) > 0 for outline in section.outlines])
    data = {"type": section.fibre_type, "csa": section.csa, "growth": section.growth, "damage": section.damage,
            "myonuclei": section.myonuclei, "satellite_cells": section.satellite_cells}
    sizes = [len(outline) for outline in section.outlines if len(outline)]
    return poly_data(np.concatenate(section.outlines), "Polys", sizes,
                     {name: values[there] for name, values in data.items()})


def cells(section):
    return poly_data(section.cells, "Verts", np.ones(len(section.cells), int),
                     {"type": section.cell_type, "id": section.cell_id})


def fields(section, names):
    """An image whose pixels are the points of the grid."""
    n = int(np.isfinite(section.concentration[0, 0]).sum())
    spacing = section.side / n
    data = [array(name, section.concentration[k, :n, :n]) for k, name in enumerate(names)]
    piece = element("Piece", [element("CellData", data)], Extent=f"0 {n} 0 {n} 0 0")
    return document("ImageData", element("ImageData", [piece], WholeExtent=f"0 {n} 0 {n} 0 0", Origin="0 0 0",
                                         Spacing=f"{spacing:.9g} {spacing:.9g} 1"))


def collection(files):
    """files: [(day, name)]"""
    sets = [f'<DataSet timestep="{day:.9g}" part="0" file={quoteattr(name)}/>\n' for day, name in files]
    return document("Collection", element("Collection", sets))


def folder_of(whose):
    return re.sub(r"[^\w.-]", "_", f"{whose.arm}_{whose.muscle}_{whose.limb}_animal{whose.animal}")


def export(sections, directory):
    """A folder for each section; returns how many, and how many snapshots they have."""
    names = sections.names("field")
    makers = {"fibres": ("vtp", fibres), "cells": ("vtp", cells), "fields": ("vti", lambda s: fields(s, names))}
    owners = list(dict.fromkeys(sections.whose))
    for whose in owners:
        folder = directory / folder_of(whose)
        folder.mkdir(parents=True, exist_ok=True)
        files = {what: [] for what in makers}
        for number, k in enumerate(sections.of(whose)):
            section = sections.section(k)
            for what, (ending, make) in makers.items():
                name = f"{what}_{number:04d}.{ending}"
                (folder / name).write_text(make(section), encoding="utf-8")
                files[what].append((sections.days[k], name))
        for what in makers:
            (folder / f"{what}.pvd").write_text(collection(files[what]), encoding="utf-8")
    return len(owners), len(sections.whose)


def arguments():
    parser = argparse.ArgumentParser(
        prog="export_vtk.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="A folder for each section (arm, muscle, limb, animal) with fibres.pvd, cells.pvd and fields.pvd: open\n"
               "these in ParaView; its time is the day. Lengths are in µm. Numbers of types are those of the result\n"
               "file: fibres 0 I, 1 IIa, 2 IIx, 3 IIb; cells 0 neutrophil, 1 ED1+, 2 ED2+ macrophage, 3 quiescent,\n"
               "4 activated, 5 committed satellite cell, 6 fibroblast.\n\n"
               "examples:\n"
               "  hindlimb run configs/miller2018.toml --set fidelity=agents --set 'agents.snapshots_d=[14, 16, 22]'\n"
               "  scripts/export_vtk.py results/miller2018.h5 results/miller2018_vtk")
    parser.add_argument("result", metavar="RESULT.h5", help="file made by 'hindlimb run' with fidelity=agents")
    parser.add_argument("directory", metavar="DIRECTORY", help="is made; must be empty if it is there")
    parser.add_argument("--force", action="store_true", help="write into a directory that is not empty")
    return parser.parse_args()


def main():
    given = arguments()
    directory = Path(given.directory)
    sections = Sections(given.result)
    try:
        if directory.exists() and not directory.is_dir():
            fail(f"{directory}: is a file, where a directory is needed")
        if directory.is_dir() and any(directory.iterdir()) and not given.force:
            fail(f"{directory}: is not empty; give another directory, or --force")
        n_sections, n_snapshots = export(sections, directory)
    except OSError as error:
        fail(f"{error.filename or directory}: {error.strerror or error}")
    print(f"wrote {n_snapshots} snapshots of {n_sections} sections to {directory}")


if __name__ == "__main__":
    main()
