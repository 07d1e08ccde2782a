"""The sections of fibres and cells in the result file of a study of agents, for the scripts that show them."""
from dataclasses import dataclass

import numpy as np

from result_files import fail, open_result, opened

MAKES_SECTIONS = "hindlimb run STUDY.toml --set fidelity=agents --set 'agents.snapshots_d=[14, 22]'"
MINUTE_D = 1 / 1440


def starts(counts):
    """Where the rows of each begin; last, how many there are."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(int)


@dataclass(frozen=True)
class Whose:
    arm: str
    muscle: str
    limb: str
    animal: int


@dataclass
class Section:
    """One snapshot; lengths in um, areas in um2."""
    side: float
    outlines: list  # of each fibre, corners (n, 2); none where a fibre lost its place
    fibre_type: np.ndarray
    csa: np.ndarray
    set_point_csa: np.ndarray
    damage: np.ndarray
    myonuclei: np.ndarray
    satellite_cells: np.ndarray
    cell_type: np.ndarray
    cell_id: np.ndarray
    cells: np.ndarray  # (n, 2)
    capillaries: np.ndarray  # (n, 2)
    concentration: np.ndarray  # (field, y, x)

    @property
    def growth(self):
        return self.csa / self.set_point_csa


class Sections:
    """All snapshots of a result file."""

    def __init__(self, path):
        self.root = open_result(path, "study", {"run", "arm", "limb"})
        self.group = opened(path, "agents")
        if self.group is None:
            fail(f"{path}: has no sections of fibres and cells; they are kept by: {MAKES_SECTIONS}")
        self.group = self.group.load()
        self.whose = [Whose(str(arm), str(muscle), str(limb), int(animal)) for arm, muscle, limb, animal in zip(
            *(self.group[name].values for name in ("arm", "muscle", "limb", "animal")))]
        self.days = self.group.time.values.astype(float)
        self.first = {of: starts(self.group[of].values) for of in ("fibres", "cells", "capillaries", "vertices")}

    def names(self, dimension):
        return [str(name) for name in self.group[dimension].values]

    def distinct(self, what):
        return list(dict.fromkeys(getattr(whose, what) for whose in self.whose))

    def of(self, whose):
        """Indices of the snapshots of a section, by day."""
        return sorted((k for k, other in enumerate(self.whose) if other == whose), key=lambda k: self.days[k])

    def section(self, k):
        def rows(name, of):
            return self.group[name].values[self.first[of][k]:self.first[of][k + 1]]

        def points(name, of):
            return np.column_stack([rows(f"{name}_x", of), rows(f"{name}_y", of)])

        return Section(
            float(self.group.side.values[k]), self.outlines(k),
            *(rows(f"fibre_{name}", "fibres") for name in ("type_index", "csa", "set_point_csa", "damage", "myonuclei",
                                                           "satellite_cells")),
            rows("cell_type", "cells"), rows("cell_id", "cells"), points("cell", "cells"),
            points("capillary", "capillaries"), self.group.concentration.values[k])

    def outlines(self, k):
        corners = self.first["vertices"][self.first["fibres"][k]:self.first["fibres"][k + 1] + 1]
        vertices = np.column_stack([self.group[f"vertex_{axis}"].values[corners[0]:corners[-1]] for axis in "xy"])
        return np.split(vertices, corners[1:-1] - corners[0])
