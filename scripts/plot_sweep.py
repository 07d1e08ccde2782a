#!/usr/bin/python3
"""Draws a sweep: what massage does to both limbs, as heat maps over two swept keys or as curves over one."""
import argparse
import functools
import math
import re
import textwrap
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

import matplotlib
import numpy as np
import xarray as xr

from result_files import choose, fail, observables, open_result, opened, quantity_of, unit_of, values_of

matplotlib.use("Agg")
matplotlib.rcParams["text.parse_math"] = False  # a $ in a name is a $
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.colors import ListedColormap, Normalize  # noqa: E402
from matplotlib.lines import Line2D  # noqa: E402
from matplotlib.patches import Patch  # noqa: E402
from matplotlib.ticker import LogLocator, MaxNLocator  # noqa: E402

COLOURS = {"massaged": "#0072B2", "contralateral": "#D55E00", "limbs": "#0072B2", "difference": "#009E73",
           "untreated": "#000000"}  # Okabe-Ito
DASHES = {"massaged": "-", "contralateral": (0, (6, 1.5)), "limbs": "-", "difference": "-", "untreated": (0, (2, 1))}
MARKERS = {"massaged": "o", "contralateral": "s", "limbs": "o", "difference": "D", "untreated": "^"}
TITLES = {"massaged": "massaged limb", "contralateral": "contralateral limb", "difference": "difference",
          "limbs": "both limbs"}
GREY = "#555555"
NOTHING = "#D0D0D0"  # cells without a number
DIMENSIONS = {"run", "arm", "animal", "muscle", "limb"}  # of series; time, too, if more than the ends was kept
MOST_ROWS, MOST_CURVES, MOST_COLUMNS = 5, 6, 4
CURVE_BINS, MAP_BINS = 10, 8
DPI = 150
STEPS = [1, 2, 2.5, 5, 10]
MINUTE_D = 1 / 1440


@dataclass
class Sweep:
    root: xr.Dataset  # coordinates of the runs, attributes
    series: xr.Dataset  # (run, arm, animal, muscle, limb[, fibre_type][, time])
    means_only: bool  # series are means of each point, there is but one "animal"


@dataclass
class Axis:
    name: str
    label: str
    unit: str
    number: int  # of the sweep's axis: several keys may go together
    is_text: bool
    values: np.ndarray  # distinct, ascending; texts in the order of the file
    place: np.ndarray  # of each run, index in values or of its bin
    is_continuous: bool = False  # values of two points are hardly ever the same
    edges: np.ndarray = None  # of bins, if there are any
    middles: np.ndarray = None  # of the numbers in each bin

    def __len__(self):
        return len(self.values) if self.edges is None else len(self.middles)

    def positions(self):
        """Where the points of curves stand."""
        if self.is_text:
            return np.arange(len(self), dtype=float)
        return self.values if self.edges is None else self.middles

    def value(self, k):
        return with_unit(text_of(self.values[k]), self.unit)

    def says(self, k):
        return f"{self.label}: {self.value(k)}"

    def title(self):
        return f"{self.label} ({self.unit})" if self.unit else self.label

    def extent(self):
        """The values in few words."""
        if self.is_text or len(self.values) <= 12:
            return with_unit(", ".join(text_of(value) for value in self.values), self.unit)
        return with_unit(f"{rounded(self.values[0])} to {rounded(self.values[-1])}", self.unit)


@dataclass
class Table:
    """Numbers of each run and rat on one day; arrays are (run, animal), NaN where there is none."""
    arm: str
    untreated: str  # "" if there is nothing to compare with
    values: dict  # massaged, contralateral; or limbs, where none is massaged
    bases: dict  # the untreated arm: massaged, contralateral, limbs, each of the same limbs as in values
    paired: bool  # the same rats in the untreated arm
    replicate: np.ndarray  # of each run, from 0
    days: np.ndarray
    note: str = ""


@dataclass
class Plan:
    """What is drawn along what."""
    x: Axis
    y: Axis  # None: curves
    panels: Axis  # None: one row of maps, or one panel of curves
    shown: list  # which values of panels
    notes: list


@dataclass
class Picture:
    sweep: Sweep
    table: Table
    plan: Plan
    effects: list
    subject: str  # second line of the title
    quantity: str
    unit: str

    def title(self):
        return f"{self.quantity} ({self.unit})" if self.unit else self.quantity


def with_unit(text, unit):
    return f"{text} {unit}" if unit else text


def text_of(value):
    return value if isinstance(value, str) else f"{value:g}".replace("-", "−")


def rounded(value):
    """For what is nobody's choice, as the edge of a bin."""
    return text_of(float(f"{value:.2g}" if abs(value) < 100 else f"{value:.3g}"))


def open_sweep(path):
    root = open_result(path, "sweep", DIMENSIONS)
    if not swept_names(root):
        fail(f"{path}: not a sweep; scripts/plot_study.py draws a study")
    series = root[[name for name, v in root.data_vars.items() if DIMENSIONS <= set(v.dims)]]
    sweep = Sweep(root, series, False) if series.data_vars else means_of(root, opened(path, "summary"))
    if not (sweep.root.status == 0).any():
        fail(f"{path}: no run ended well, so there is nothing to draw")
    return sweep


def means_of(root, summary):
    """The summary of each point in the place of its first run, as if it were the only rat."""
    first = np.unique(root.point.values, return_index=True)[1]
    root = root.isel(run=np.sort(first))
    named = [name for name, v in summary.data_vars.items() if {"point", "statistic", "arm"} <= set(v.dims)]
    means = summary[named].sel(statistic="mean", point=root.point.values).rename(point="run").drop_vars("run")
    root = root.assign(status=("run", (summary.n_rats.sel(point=root.point.values).values == 0).astype(int)))
    return Sweep(root, means.expand_dims(animal=1, axis=2), True)


def swept_names(root):
    return [name for name, v in root.variables.items() if v.dims == ("run",) and "key" in v.attrs]


def plan_of(root):
    return tomllib.loads(root.attrs.get("sweep", "")).get("sweep", {})


def label_of(name, variable, twins):
    """The meaning of a key without its details; after the key's name if it begins with 'of', as in 'of all rats'."""
    meaning = re.split(r"[;:] ", variable.attrs.get("long_name", name))[0]
    key = variable.attrs["key"].split()[0]
    if re.match(r"of |the same ", meaning):
        last = key.rsplit(".", 1)[-1].removesuffix("_" + variable.attrs.get("units", "")).removesuffix("_months")
        meaning = f"{last.replace('_', ' ')}{':' if meaning.startswith('the same') else ''} {meaning}"
    phase = re.search(r"\.phase\.([^.]+)\.", key)
    if phase:
        meaning = meaning.replace("the phase", f"the phase {phase[1]}")
    return f"{meaning} [{name}]" if twins else meaning


def axes_of(root):
    """The swept keys that have more than one value in these runs, in the order of the sweep."""
    plan, names = plan_of(root), swept_names(root)
    keys = [axis.get("keys") or [axis.get("key")] for axis in plan.get("axis", [])]
    meanings = [root[name].attrs.get("long_name") for name in names]
    n_points = len(np.unique(root.point.values))
    axes = []
    for i, name in enumerate(names):
        variable = root[name]
        is_text = variable.dtype.kind not in "fiu"
        column = variable.values.astype(str if is_text else float)
        values, place = np.unique(column, return_inverse=True)
        if is_text:  # in the order of the file
            values = np.array(list(dict.fromkeys(column.tolist())))
            place = np.array([values.tolist().index(value) for value in column.tolist()])
        key = variable.attrs["key"].split()[0]
        number = next((k for k, several in enumerate(keys) if key in several), len(keys) + i)
        axes.append(Axis(name, label_of(name, variable, meanings.count(meanings[i]) > 1), unit_of(variable), number,
                         is_text, values, place,
                         not is_text and plan.get("design") != "grid" and len(values) > min(12, max(5, n_points / 2))))
    return sorted((axis for axis in axes if len(axis.values) > 1), key=lambda axis: axis.number)


def binned(axis, n):
    """The axis in n bins of about equal numbers of runs."""
    column = axis.values[axis.place]
    edges = np.unique(np.quantile(column, np.linspace(0, 1, n + 1), method="higher"))
    place = np.searchsorted(edges[1:-1], column, side="right")
    middles = np.array([column[place == k].mean() for k in range(len(edges) - 1)])
    return replace(axis, edges=edges, place=place, middles=middles)


def fixed(root, wanted):
    """Only the runs with NAME=VALUE, and what the picture says about it."""
    notes = []
    for text in wanted:
        name, equals, value = text.partition("=")
        if not equals:
            fail(f"--where {text}: must be NAME=VALUE")
        name = named(root, name)
        axis = next((axis for axis in axes_of(root) if axis.name == name), None)
        column = root[name].values
        is_text = column.dtype.kind not in "fiu"
        there = list(dict.fromkeys(column.tolist())) if is_text else np.unique(column)
        try:
            chosen = column == value if is_text else np.isclose(column, float(value), rtol=1e-6, atol=1e-12)
        except ValueError:
            chosen = np.zeros(len(column), bool)
        if not chosen.any():
            listed = axis.extent() if axis and len(there) > 12 else ", ".join(text_of(v) for v in there)
            fail(f"{name} '{value}' is not in the file; there are: {listed}")
        root = root.isel(run=np.flatnonzero(chosen))
        if axis:
            notes.append(axis.says(axis.place[np.flatnonzero(chosen)[0]]))
    return root, notes


def named(root, name):
    """A swept key, by the name of its variable or by its key."""
    by_key = {root[n].attrs["key"]: n for n in swept_names(root)}
    return choose("axis", by_key.get(name, name), swept_names(root))


def hands(root):
    """Whether a limb is massaged: (run, arm, limb)."""
    return root.massaged.broadcast_like(xr.zeros_like(root.point)).transpose("run", "arm", "limb").astype(bool)


def massaged_arm(root, wanted):
    """The arm that is drawn: of those with one limb massaged the first; without massage the first that is treated."""
    arms = [str(arm) for arm in root.arm.values]
    if wanted:
        return choose("arm", wanted, arms)
    one_limb = (hands(root).sum("limb") == 1).any("run").values
    any_limb = hands(root).any(("limb", "run")).values
    treated = [arm not in (root.attrs.get("untreated"), root.attrs.get("control")) for arm in arms]
    for candidates in (one_limb, any_limb, treated, [True]):
        for arm, is_one in zip(arms, candidates):
            if is_one:
                return arm


def limbs_of(massaged):
    """(run, limb) of the arm: which limbs are the massaged ones; where none is (a force of 0), those of other runs."""
    usual = massaged.sum(axis=0) == massaged.sum(axis=0).max()
    if usual.all() and (massaged.sum(axis=1) == 1).any():  # left and right equally often
        usual = massaged[massaged.sum(axis=1) == 1][0]
    return np.where(massaged.any(axis=1, keepdims=True), massaged, usual)


def mean_of(values, chosen):
    """Mean over the limbs chosen in each run: (run, animal, limb), (run, limb) -> (run, animal)."""
    with np.errstate(invalid="ignore"):  # no limb chosen
        return np.where(chosen[:, None, :], values, 0.0).sum(axis=2) / chosen.sum(axis=1)[:, None]


def on_day(sweep, values, arm, day):
    """The day of each run that is drawn, and a function that gives any arm's numbers on it: (run, animal, limb)."""
    if "time" not in values.dims:
        ends = sweep.root.end.broadcast_like(xr.zeros_like(sweep.root.point)).transpose("run", "arm")
        days = ends.sel(arm=arm).values
        if day is not None and not np.allclose(days, day, atol=MINUTE_D):
            there = ", ".join(text_of(d) for d in np.unique(days))
            fail(f"day '{day:g}' is not in the file, which has the end of each arm alone; there are: {there}")

        def at_end(other):
            same = np.isclose(ends.sel(arm=other).values, days, atol=MINUTE_D)
            return np.where(same[:, None, None], values.sel(arm=other).values, np.nan)
        return days, at_end

    times = values.time.values
    if day is not None:
        if not np.isclose(times, day, atol=MINUTE_D).any():
            fail(f"day '{day:g}' is not in the file; there are: {days_there(times)}")
        at = np.full(values.sizes["run"], int(np.argmin(abs(times - day))))
    else:
        there = np.isfinite(values.sel(arm=arm).values).any(axis=(1, 2))
        at = there.shape[1] - 1 - there[:, ::-1].argmax(axis=1)
    runs = np.arange(len(at))
    return times[at], lambda other: values.sel(arm=other).transpose("run", "time", ...).values[runs, at]


def days_there(times):
    if len(times) <= 24:
        return ", ".join(text_of(day) for day in times)
    return f"{text_of(times[0])} to {text_of(times[-1])}, {len(times)} days"


def table_of(sweep, observable, muscle, arm, day):
    """The numbers of the arm and of the untreated one, as far as they can be compared."""
    values = values_of(sweep.series, observable).sel(muscle=muscle)
    values = values.astype(float).transpose("run", "arm", "animal", "limb", ...)
    days, of_arm = on_day(sweep, values, arm, day)
    treated = of_arm(arm)
    massaged = hands(sweep.root).sel(arm=arm).values
    both = np.ones_like(massaged)
    roles = {"limbs": both}
    if massaged.any():
        chosen = limbs_of(massaged)
        roles = {"massaged": chosen, "contralateral": ~chosen}
    found = {role: mean_of(treated, limbs) for role, limbs in roles.items()}
    found = {role: numbers for role, numbers in found.items() if np.isfinite(numbers).any()}
    if not found:
        fail(f"arm {arm} has no numbers on {days_text(days)}")
    table = Table(arm, "", found, {}, sweep.root.attrs.get("pairing") == "common" or sweep.means_only,
                  sweep.root.replicate.values - 1, days)
    untreated = sweep.root.attrs.get("untreated", "")
    if not untreated or untreated == arm:
        return table
    base = of_arm(untreated)
    if np.isnan(base).all(axis=(1, 2)).any():
        return replace(table, note=f"arm {untreated} has no numbers on the same days, so nothing is compared with it")
    bases = {role: mean_of(base, roles[role]) for role in found} | {"limbs": mean_of(base, both)}
    if table.paired:
        for role, numbers in found.items():
            gone = ~(np.isfinite(numbers) & np.isfinite(bases[role]))
            numbers[gone] = bases[role][gone] = np.nan
    return replace(table, untreated=untreated, bases=bases)


def per_rat(values, runs, replicate):
    """The mean of each rat over some runs, NaN if there is none. At all points, rats are (replicate, animal)."""
    values, rows = values[runs], replicate[runs]
    there = np.isfinite(values)
    total, count = (np.zeros((replicate.max() + 1, values.shape[1])) for _ in range(2))
    np.add.at(total, rows, np.where(there, values, 0.0))
    np.add.at(count, rows, there)
    with np.errstate(invalid="ignore"):
        return (total / count).ravel()


def mean(rats):
    return float(np.mean(rats[np.isfinite(rats)])) if np.isfinite(rats).any() else math.nan


def in_units(table, effect, runs):
    """One number per rat: of a limb, or massaged less contralateral, of changes if the same rat is untreated, too."""
    if effect != "difference":
        numbers = table.bases["limbs"] if effect == "untreated" else table.values[effect]
        return per_rat(numbers, runs, table.replicate)
    sides = {side: table.values[side] for side in ("massaged", "contralateral")}
    if table.untreated and table.paired:
        sides = {side: numbers - table.bases[side] for side, numbers in sides.items()}
    return per_rat(sides["massaged"] - sides["contralateral"], runs, table.replicate)


def percent(table, effect, runs):
    """Change from the same limb of untreated rats, ratio of means [%]; the difference of two such changes [points]."""
    if effect == "difference":
        return percent(table, "massaged", runs) - percent(table, "contralateral", runs)
    base = mean(per_rat(table.bases[effect], runs, table.replicate))
    return 100 * (mean(per_rat(table.values[effect], runs, table.replicate)) / base - 1) if base else math.nan


def cell(table, effect, runs):
    return percent(table, effect, runs) if table.untreated else mean(in_units(table, effect, runs))


def heat_map(table, effect, x, y, runs):
    """Cells, a row for each value of y."""
    return np.array([[cell(table, effect, runs & (x.place == i) & (y.place == j)) for i in range(len(x))]
                     for j in range(len(y))])


def curve(table, effect, x, runs):
    """Mean over rats and half its 95 % interval, for each value of x."""
    return np.array([interval(in_units(table, effect, runs & (x.place == i))) for i in range(len(x))]).T


def interval(rats):
    """Mean and half of Student's 95 % interval, NaN for less than two rats."""
    rats = rats[np.isfinite(rats)]
    if len(rats) < 2:
        return mean(rats), math.nan
    return mean(rats), student_t(len(rats) - 1) * float(np.std(rats, ddof=1)) / math.sqrt(len(rats))


@functools.cache
def student_t(freedom, share=0.95):
    """Student's t within which a share of the distribution lies; Abramowitz and Stegun 26.7.3 and 26.7.4, bisected."""
    def within(t):
        angle = math.atan(t / math.sqrt(freedom))
        odd = freedom % 2
        term = math.cos(angle) if odd else 1.0
        total = 0.0 if freedom == 1 else term
        for k in range(3 if odd else 2, freedom - 1, 2):
            term *= (k - 1) / k * math.cos(angle) ** 2
            total += term
        return 2 / math.pi * (angle + math.sin(angle) * total) if odd else math.sin(angle) * total
    low, high = 0.0, 1000.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle) < share else (low, middle)
    return high


def planned(root, wanted, most_curves=MOST_CURVES):
    """Two numeric axes: maps; else curves. One axis more, of few values, becomes panels; the rest is averaged over."""
    free = axes_of(root)
    if not free:
        fail("a single point is left, so there is nothing to draw along")
    chosen = chosen_axes(free, root, wanted) or usual_axes(free)
    leaders = {axis.number for axis in chosen}
    notes = [f"{axis.label} goes along with it: {axis.extent()}" for axis in free
             if axis.number in leaders and axis not in chosen]
    if len(free) > 1:
        chosen = [binned(axis, bins_for(root, len(chosen))) if axis.is_continuous else axis for axis in chosen]
    notes += [f"{axis.label}: {len(axis)} bins of about equal numbers of points"
              for axis in chosen if axis.edges is not None]
    rest = [axis for axis in free if axis.number not in leaders]
    most = MOST_ROWS if len(chosen) == 2 else most_curves
    panels = panel_axis(rest, most)
    shown = list(range(len(panels))) if panels else [0]
    if len(shown) > most:
        shown = sorted({int(k) for k in np.linspace(0, len(panels) - 1, most).round()})
        notes.append(f"{len(shown)} of the {len(panels)} values of '{panels.label}' are drawn")
    averaged = {axis.number: axis for axis in reversed(rest) if panels is None or axis.number != panels.number}
    notes += [f"mean over {axis.label} ({axis.extent()})" for axis in reversed(averaged.values())]
    return Plan(chosen[0], chosen[1] if len(chosen) == 2 else None, panels, shown, notes)


def bins_for(root, n_axes):
    """So many that bins, or cells, have some points each."""
    n_points = len(np.unique(root.point.values))
    return min(CURVE_BINS, max(2, n_points // 4)) if n_axes == 1 else min(MAP_BINS, max(2, math.isqrt(n_points // 4)))


def chosen_axes(free, root, wanted):
    names = [named(root, name.strip()) for name in wanted.split(",")] if wanted else []
    if len(names) > 2 or len(set(names)) < len(names):
        fail(f"--axes {wanted}: must be one name or two")
    for name in names:
        if name not in [axis.name for axis in free]:
            fail(f"axis '{name}' has but one value here; there are: {', '.join(axis.name for axis in free)}")
    return [next(axis for axis in free if axis.name == name) for name in names]


def usual_axes(free):
    """The first two numeric axes, of keys that go together the first; else the only one, or the first of texts."""
    first = list({axis.number: axis for axis in reversed(free)}.values())[::-1]
    numeric = [axis for axis in first if not axis.is_text]
    return numeric[:2] or first[:1]


def panel_axis(rest, most):
    """The first axis of few values, else the first whose values repeat; None if there is none."""
    discrete = [axis for axis in rest if not axis.is_continuous]
    return next((axis for axis in discrete if len(axis) <= most), discrete[0] if discrete else None)


def effects_of(table, wanted, is_map):
    """The effects that are drawn, in the order of the pictures."""
    there = [effect for effect in ("massaged", "contralateral", "limbs") if effect in table.values]
    if {"massaged", "contralateral"} <= set(there):
        if np.isfinite(table.values["massaged"] - table.values["contralateral"]).any():
            there.append("difference")
    for effect in wanted:
        if "limbs" in there:
            fail(f"--effect {effect}: in arm {table.arm} no limb is massaged")
        if effect not in there:
            fail(f"--effect {effect}: arm {table.arm} has none; there are: {', '.join(there)}")
    if wanted:
        return [effect for effect in there if effect in wanted]
    return there if is_map else [effect for effect in there if effect != "difference"]


def days_text(days):
    low, high = days.min(), days.max()
    return f"day {low:g}" if high - low < MINUTE_D else f"last day of each run, day {low:g} to {high:g}"


def rats_of(sweep):
    """How many rats there are numbers of."""
    return 1 if sweep.means_only else sweep.root.sizes["animal"] * len(np.unique(sweep.root.replicate.values))


def rats_text(sweep):
    if sweep.means_only:
        return "means of all rats; the file has no single rats, so there are no intervals"
    n = rats_of(sweep)
    return f"mean of {n} rats, the same at every point" if n > 1 else "one rat, the same at every point"


def diverging():
    """Brown over white to blue, lightness and chroma linear in CIELAB on both sides of the middle."""
    share = np.linspace(-1, 1, 257)
    hue = np.deg2rad(np.where(share < 0, 55, 285))
    lightness, chroma = 97 - 59 * abs(share), 55 * abs(share)
    y = (lightness + 16) / 116
    lab = np.stack([y + chroma * np.cos(hue) / 500, y, y - chroma * np.sin(hue) / 200])
    xyz = np.where(lab > 6 / 29, lab ** 3, (lab - 4 / 29) * 3 * (6 / 29) ** 2) * [[0.9505], [1.0], [1.089]]
    rgb = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]) @ xyz
    rgb = np.where(rgb > 0.0031308, 1.055 * np.maximum(rgb, 1e-9) ** (1 / 2.4) - 0.055, 12.92 * rgb)
    return ListedColormap(np.clip(rgb.T, 0, 1), "brown_blue")


@dataclass
class Grid:
    """Panels of one size; inches."""
    rows: int
    columns: int
    width: float
    height: float
    gap: float
    row_gap: float
    left: float = 0.0
    top: float = 0.0

    def full_width(self):
        return self.columns * (self.width + self.gap) - self.gap

    def full_height(self):
        return self.rows * (self.height + self.row_gap) - self.row_gap

    def page_width(self):
        return self.left + self.full_width() + 0.25

    def at(self, row, column):
        return self.left + column * (self.width + self.gap), self.top + row * (self.height + self.row_gap)

    def make_room(self, labels, ticks):
        """At the left, for labels of as many groups of rows and for numbers at the ticks; the labels in lines."""
        each = (self.full_height() + self.row_gap) / len(labels) - self.row_gap
        lines = [wrapped(label, each + 0.3, 10) for label in labels]
        self.left = 0.2 + max(map(len, lines)) * line_height(10) + ticks + 0.15
        return lines


class Page:
    """A figure laid out in inches from its upper left corner, so that nothing can lie over something else."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.figure = plt.figure(figsize=(width, height))

    def axes(self, left, top, width, height, **how):
        return self.figure.add_axes([left / self.width, 1 - (top + height) / self.height,
                                     width / self.width, height / self.height], **how)

    def text(self, left, top, text, **how):
        self.figure.text(left / self.width, 1 - top / self.height, text, **{"va": "top", **how})


def wrapped(text, width, size):
    """Lines of at most some inches."""
    return textwrap.wrap(text, max(12, int(width * 72 / (0.52 * size))))


def line_height(size):
    return 1.35 * size / 72


def framed(picture, grid, labels, notes, heading, ticks, beneath):
    """A page with all but the panels and what is beneath them: title, labels of the axes, notes.

    labels: lines of each group of rows; heading, ticks, beneath: inches over the panels, between them and the label of
    the x axis, and between this and the notes. Sets the grid's top; returns the page and where `beneath` begins.
    """
    width = grid.page_width()
    title = wrapped(picture.sweep.root.attrs.get("title", "hindlimb"), width - 0.4, 14.5)
    head = [(line, 13, "bold") for line in title]
    head += [(line, 11, "normal") for line in wrapped(picture.subject, width - 0.4, 11)]
    foot = wrapped("; ".join(notes), width - 0.3, 8.5)
    x_lines = wrapped(picture.plan.x.title(), width - grid.left, 10)
    grid.top = 0.12 + sum(line_height(size) for _, size, _ in head) + heading
    x_top = grid.top + grid.full_height() + ticks
    below = x_top + len(x_lines) * line_height(10)
    page = Page(width, below + beneath + len(foot) * line_height(8.5) + 0.1)
    top = 0.12
    for line, size, weight in head:
        page.text(0.15, top, line, fontsize=size, fontweight=weight)
        top += line_height(size)
    for k, lines in enumerate(labels):
        each = (grid.full_height() + grid.row_gap) / len(labels)
        page.text(0.15, grid.top + k * each + (each - grid.row_gap) / 2, "\n".join(lines), rotation=90, va="center",
                  fontsize=10, multialignment="center")
    page.text(grid.left + grid.full_width() / 2, x_top, "\n".join(x_lines), ha="center", fontsize=10)
    for k, line in enumerate(foot):
        page.text(0.15, below + beneath + k * line_height(8.5), line, fontsize=8.5, color=GREY)
    return page, below


def label_width(texts, size):
    """Inches that the longest of some numbers takes."""
    return max(len(text) for text in texts) * 0.64 * size / 72


def ticks_of(axis):
    """Places and texts: values stand in the middle of their cell, edges of bins between cells."""
    if axis.edges is None:
        return np.arange(len(axis)), [text_of(value) for value in axis.values]
    return np.arange(len(axis) + 1) - 0.5, edge_texts(axis.edges)


def edge_texts(edges):
    """As many digits as tell the edges apart."""
    gaps = np.diff(edges)
    nearest = np.minimum(np.append(gaps, gaps[-1]), np.insert(gaps, 0, gaps[0]))
    return [text_of(round(float(edge), 1 - math.floor(math.log10(gap))) + 0.0) for edge, gap in zip(edges, nearest)]


def thinned(places, texts, needed, room):
    """Every tick, or every second, third ..., so that labels do not touch."""
    step = max(1, math.ceil(needed / room))
    return places[::step], texts[::step]


def decimals_of(maps):
    largest = np.abs(maps[np.isfinite(maps)]).max(initial=0.0)
    return 0 if largest >= 100 else 1 if largest >= 1 else 2


def number_text(value, decimals):
    return f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", "−")


def scales(maps, effects, is_percent):
    """Of each effect, colours and norm: both limbs share them; what is a change or a difference is centred on 0."""
    found = {}
    for group in (("massaged", "contralateral", "limbs"), ("difference",)):
        numbers = np.concatenate([maps[effect].ravel() for effect in effects if effect in group] or [np.array([])])
        numbers = numbers[np.isfinite(numbers)]
        if not numbers.size:
            numbers = np.array([0.0])
        if is_percent or group == ("difference",):
            half = abs(numbers).max()
            half, numbers = (half, numbers) if half > 1e-9 else (1.0, np.array([1.0]))
            scale = diverging(), Normalize(-half, half), (min(0.0, numbers.min()), max(0.0, numbers.max()))
        else:
            low, high = numbers.min(), numbers.max()
            if high - low <= 1e-6 * abs(high):  # all the same
                low, high = low - 0.05 * abs(low) - 1e-3, high + 0.05 * abs(high) + 1e-3
            scale = plt.get_cmap("cividis"), Normalize(low, high), (low, high)
        found |= {effect: scale for effect in effects if effect in group}
    return found


def draw_map(axes, cells, scale, size, decimals):
    colours, norm, _ = scale
    axes.set_facecolor(NOTHING)
    rows, columns = cells.shape
    axes.pcolormesh(np.arange(columns + 1) - 0.5, np.arange(rows + 1) - 0.5, np.ma.masked_invalid(cells),
                    cmap=colours, norm=norm, edgecolors="white", linewidth=0.6)
    for (j, i), value in np.ndenumerate(cells):
        if size and np.isfinite(value):
            red, green, blue, _ = colours(norm(value))
            is_light = 0.299 * red + 0.587 * green + 0.114 * blue > 0.55
            axes.text(i, j, number_text(value, decimals), ha="center", va="center", fontsize=size,
                      color="black" if is_light else "white")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=3, labelsize=9)


def text_size(maps, decimals, width, height):
    """The size of numbers that fit into cells of so many inches; 0 if none is legible."""
    longest = max((len(number_text(value, decimals)) for value in maps[np.isfinite(maps)]), default=1)
    for size in (10, 9, 8):
        if longest * 0.64 * size / 72 + 0.05 < width and 1.25 * size / 72 < height:
            return size
    return 0


def draw_bar(page, left, top, width, scale, lines):
    colours, norm, (low, high) = scale
    axes = page.axes(left, top, width, 0.14)
    shades = np.linspace(low, high, 256)
    axes.pcolormesh(np.linspace(low, high, 257), [0, 1], shades[None, :], cmap=colours, norm=norm, rasterized=True)
    axes.set_yticks([])
    number = label_width([f"{low:.3g}", f"{high:.3g}", "0.0"], 9) + 0.1
    axes.xaxis.set_major_locator(MaxNLocator(max(2, int(width / number)), steps=STEPS))
    axes.set_xlim(low, high)
    axes.tick_params(length=3, labelsize=9)
    axes.set_xlabel("\n".join(lines), fontsize=9.5, labelpad=2)


def runs_of(plan, k):
    """Of one panel."""
    return np.ones(len(plan.x.place), bool) if plan.panels is None else plan.panels.place == k


def draw_maps(picture, output):
    table, plan, effects = picture.table, picture.plan, picture.effects
    maps = {effect: np.array([heat_map(table, effect, plan.x, plan.y, runs_of(plan, k)) for k in plan.shown])
            for effect in effects}
    scale = scales(maps, effects, bool(table.untreated))
    grid = map_grid(plan, len(effects))
    texts = ticks_of(plan.x)[1]
    upright = plan.x.is_text and label_width(texts, 9) + 0.08 > grid.width / len(plan.x)
    labels = grid.make_room([plan.y.title()], label_width(ticks_of(plan.y)[1], 9))
    bars = [wrapped(label, grid.width + 0.3, 9.5) for label in bar_labels(picture)]
    heading = 0.12 + line_height(10.5) + 0.06 + (line_height(9.5) + 0.04 if plan.panels else 0)
    page, below = framed(picture, grid, labels, map_notes(picture, maps), heading,
                         0.1 + label_width(texts, 9) if upright else 0.3,
                         0.14 + 0.41 + max(map(len, bars)) * line_height(9.5) + 0.14)
    for column, effect in enumerate(effects):
        left, top = grid.at(0, column)
        page.text(left + grid.width / 2, top - heading + 0.12, TITLES[effect], ha="center", fontsize=10.5,
                  fontweight="bold")
        decimals = decimals_of(maps[effect])
        size = text_size(maps[effect], decimals, grid.width / len(plan.x), grid.height / len(plan.y))
        for row, cells in enumerate(maps[effect]):
            axes = page.axes(*grid.at(row, column), grid.width, grid.height)
            draw_map(axes, cells, scale[effect], size, decimals)
            set_map_ticks(axes, plan, grid, upright, row == grid.rows - 1, column == 0)
            if plan.panels and column == 0:
                page.text(left, grid.at(row, 0)[1] - 0.06, plan.panels.says(plan.shown[row]), va="bottom", fontsize=9.5,
                          color=GREY)
    draw_bars(page, grid, effects, scale, bars, below + 0.14)
    page.figure.savefig(output, dpi=DPI)


def map_grid(plan, columns):
    """As large as the cells need, within bounds that suit a page."""
    rows, (_, texts) = len(plan.shown), ticks_of(plan.x)
    cell_width = label_width(texts, 9) + 0.08 if plan.x.is_text else 0.42
    width = min(max(cell_width * len(plan.x), 2.4 if columns > 1 else 4.6), 3.5 if columns > 1 else 5.0)
    height = min(max(0.45 * len(plan.y), 1.9), 3.4)
    if rows > 1:
        height = min(max(0.34 * len(plan.y), 0.9), 7 / rows)
    gap = 0.22
    if plan.x.edges is not None:  # whose numbers stick out
        gap = max(gap, (label_width(texts[:1], 9) + label_width(texts[-1:], 9)) / 2 + 0.06)
    return Grid(rows, columns, width, height, gap, 0.36)


def set_map_ticks(axes, plan, grid, upright, at_bottom, at_left):
    places, texts = ticks_of(plan.x)
    needed = line_height(9) if upright else label_width(texts, 9) + 0.06
    axes.set_xticks(*thinned(places, texts, needed, grid.width / len(plan.x)), rotation=90 * upright)
    axes.set_yticks(*thinned(*ticks_of(plan.y), line_height(9), grid.height / len(plan.y)))
    axes.tick_params(bottom=at_bottom, labelbottom=at_bottom, left=at_left, labelleft=at_left)


def bar_labels(picture):
    if picture.table.untreated:
        return f"change from untreated rats, arm {picture.table.untreated} (%)", "difference (percentage points)"
    return picture.title(), difference_label(picture)


def difference_label(picture):
    return f"difference ({picture.unit})" if picture.unit else f"difference: {picture.quantity}"


def draw_bars(page, grid, effects, scale, labels, top):
    """One for the limbs, in the middle beneath them, one for the difference."""
    limbs = len(effects) - ("difference" in effects)
    if limbs:
        left = grid.left + (limbs - 1) * (grid.width + grid.gap) / 2
        draw_bar(page, left, top, grid.width, scale[effects[0]], labels[0])
    if "difference" in effects:
        draw_bar(page, grid.at(0, limbs)[0], top, grid.width, scale["difference"], labels[1])


def map_notes(picture, maps):
    table, notes = picture.table, [f"arm {picture.table.arm}: {rats_text(picture.sweep)}"]
    if table.untreated:
        same = "of the same rats" if table.paired else "of other rats"
        notes.append(f"changes are from the mean of the same limb {same} in arm {table.untreated}, in per cent")
    if "difference" in picture.effects:
        notes.append(f"difference: massaged less contralateral {'change' if table.untreated else 'limb'}")
    if any(not np.isfinite(m).all() for m in maps.values()):
        notes.append("grey: no numbers")
    return notes + picture.plan.notes


def groups_of(effects, table):
    """What shares a panel: sizes of limbs, and the difference by itself."""
    limbs = [effect for effect in effects if effect != "difference"]
    if limbs and table.untreated:
        limbs.append("untreated")
    return [group for group in (limbs, [effect for effect in effects if effect == "difference"]) if group]


def draw_curves(picture, output):
    table, plan = picture.table, picture.plan
    groups = groups_of(picture.effects, table)
    grid, rows_of_group = curve_grid(plan, len(groups))
    labels = grid.make_room([difference_label(picture) if group == ["difference"] else picture.title()
                             for group in groups], 0.5)
    handles = legend_of(table, groups, plan.x.is_text, rats_of(picture.sweep) > 1)
    columns, lines = legend_shape([text for _, text in handles], grid.page_width() - 0.3)
    panels = wrapped(plan.panels.title(), grid.full_width(), 9.5) if plan.panels else []
    heading = 0.16 + (len(panels) * line_height(9.5) + line_height(10) + 0.06 if plan.panels else 0)
    page, below = framed(picture, grid, labels, curve_notes(picture, groups), heading, 0.32, 0.1 + lines * 0.2 + 0.12)
    page.text(grid.left, grid.top - heading + 0.12, "\n".join(panels), fontsize=9.5, color=GREY)
    for g, group in enumerate(groups):
        first = None
        for number, k in enumerate(plan.shown):
            row, column = divmod(number, grid.columns)
            left, top = grid.at(g * rows_of_group + row, column)
            axes = page.axes(left, top, grid.width, grid.height, sharey=first)
            first = first or axes
            draw_panel(axes, table, plan.x, group, runs_of(plan, k))
            axes.tick_params(labelsize=9, labelleft=column == 0)
            set_ticks(axes, plan.x, grid.width)
            if plan.panels and (g == 0 or rows_of_group > 1):
                page.text(left + grid.width / 2, top - 0.05, plan.panels.value(k), va="bottom", ha="center",
                          fontsize=10, fontweight="bold")
    corner = 0.15 / page.width, 1 - (below + 0.1) / page.height
    page.figure.legend(*zip(*handles), loc="upper left", bbox_to_anchor=corner, ncol=columns, frameon=False,
                       fontsize=9.5, columnspacing=1.4, borderaxespad=0, borderpad=0)
    page.figure.savefig(output, dpi=DPI)


def curve_grid(plan, n_groups):
    """And how many rows of panels each group has."""
    n = len(plan.shown)
    columns = n if n_groups > 1 or n < 4 else 2 if n == 4 else 3
    rows = -(-n // columns)
    width, height = {1: (6.2, 3.5), 2: (4.2, 2.9), 3: (3.3, 2.6), 4: (2.7, 2.4)}[columns]
    return Grid(rows * n_groups, columns, width, height, 0.2, 0.32 + (line_height(10) + 0.06 if rows > 1 else 0)), rows


def curve_notes(picture, groups):
    table, notes = picture.table, [f"arm {picture.table.arm}: {rats_text(picture.sweep)}"]
    if any("untreated" in group for group in groups):
        notes.append(f"untreated: arm {table.untreated}, mean of both limbs")
    if ["difference"] in groups:
        each = ", each less the same limb untreated" if table.untreated and table.paired else ""
        notes.append(f"difference: massaged less contralateral limb{each}")
    return notes + picture.plan.notes


def legend_of(table, groups, has_bars, has_intervals):
    """[(line, text)]"""
    texts = TITLES | {"limbs": f"arm {table.arm}", "untreated": f"untreated, arm {table.untreated}"}
    found = [(Line2D([], [], color=COLOURS[effect], linestyle="none" if has_bars else DASHES[effect], linewidth=2,
                     marker=MARKERS[effect], markersize=5), texts[effect])
             for effect in dict.fromkeys(effect for group in groups for effect in group)]
    if has_intervals:
        bar = Line2D([], [], color=GREY, linestyle="none", marker="|", markersize=11, markeredgewidth=1.4)
        found.append((bar if has_bars else Patch(color=GREY, alpha=0.25, linewidth=0), "95 % interval over rats"))
    return found


def legend_shape(texts, width):
    """Columns and lines of a legend of at most that width."""
    columns = next((n for n in range(len(texts), 1, -1) if n * (max(map(len, texts)) * 0.075 + 0.6) < width), 1)
    lines = -(-len(texts) // columns)
    return -(-len(texts) // lines), lines


def draw_panel(axes, table, x, group, runs):
    for k, effect in enumerate(group):
        middle, half = curve(table, effect, x, runs)
        colour = COLOURS[effect]
        there = np.isfinite(middle)
        at = x.positions()[there]
        middle, half = middle[there], half[there]
        if x.is_text:  # categories: side by side, with bars
            axes.errorbar(at + 0.16 * (k - (len(group) - 1) / 2), middle, yerr=half, marker=MARKERS[effect],
                          color=colour, linestyle="none", markersize=7, elinewidth=1.4, capsize=3)
            continue
        axes.fill_between(at, middle - half, middle + half, color=colour, alpha=0.12, linewidth=0)
        for edge in (middle - half, middle + half):
            axes.plot(at, edge, color=colour, alpha=0.45, linewidth=0.7)
        axes.plot(at, middle, color=colour, linestyle=DASHES[effect], linewidth=2, zorder=3,
                  marker=MARKERS[effect] if len(at) <= 24 else None, markersize=5)
    if "difference" in group:
        axes.axhline(0, color="#BBBBBB", linewidth=0.8, zorder=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.yaxis.set_major_locator(MaxNLocator(6, steps=STEPS))


def set_ticks(axes, x, width):
    """Ticks at the swept values, as far as their numbers do not touch; those of bins where matplotlib likes them."""
    at = x.positions()
    if x.is_text:
        axes.set_xlim(-0.5, len(x) - 0.5)
        longest = max(4, int(12 * width / len(x)))
        axes.set_xticks(at, ["\n".join(textwrap.wrap(text.replace("_", " "), longest)) for text in x.values])
        return
    is_log = at.min() > 0 and at.max() / at.min() >= 30
    if is_log:
        axes.set_xscale("log")
        axes.minorticks_off()
    scaled = np.log(at) if is_log else at
    span = scaled[-1] - scaled[0] if len(at) > 1 else 1.0
    margin = 0.04 * span
    ends = scaled[0] - margin, scaled[-1] + margin
    axes.set_xlim(*(np.exp(ends) if is_log else ends))
    if x.edges is not None:
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)) if is_log else MaxNLocator(6, steps=STEPS))
        axes.xaxis.set_major_formatter(lambda value, _: text_of(value))
        return
    kept, beyond = [], -math.inf
    for place, value in zip(scaled, at):
        half = label_width([f"{value:.3g}"], 9) / 2 / width * 1.08 * span
        if place - half > beyond:
            kept.append(value)
            beyond = place + half + 0.06 / width * span
    axes.set_xticks(kept, [f"{value:.3g}".replace("-", "−") for value in kept])


def arguments():
    parser = argparse.ArgumentParser(
        prog="plot_sweep.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Heat maps: change from the untreated arm in per cent, where the study names one; else in units.\n"
               "Curves: mean and 95 % interval over rats. A further axis of few values becomes panels, others are\n"
               "averaged over.\n\n"
               "examples:\n"
               "  scripts/plot_sweep.py results/sweep_dose_timing.h5\n"
               "  scripts/plot_sweep.py results/sweep_dose_timing.h5 --axes massage_force_N --where massage_first_d=0\n"
               "  scripts/plot_sweep.py results/sweep_crossover.h5 --observable wet_mass --effect difference")
    parser.add_argument("result", metavar="RESULT.h5", help="file made by 'hindlimb sweep'")
    parser.add_argument("-o", "--output", metavar="FILE",
                        help="picture to write; its ending chooses the format (default: RESULT with .png)")
    parser.add_argument("--observable", default="csa", metavar="NAME", help="what is drawn (default: %(default)s)")
    parser.add_argument("--day", type=float, metavar="DAY", help="default: the last day of the arm")
    parser.add_argument("--axes", metavar="NAME[,NAME]", help="swept keys to draw along: two for heat maps, one for "
                        "curves (default: the first two numbers that are swept, or the only one)")
    parser.add_argument("--where", nargs="+", action="extend", default=[], metavar="NAME=VALUE",
                        help="only runs with these values")
    parser.add_argument("--effect", nargs="+", action="extend", default=[],
                        choices=("massaged", "contralateral", "difference"),
                        help="what is drawn of the limbs (default: all in heat maps, both limbs in curves)")
    parser.add_argument("--muscle", metavar="NAME", help="default: the first in the file")
    parser.add_argument("--arm", metavar="NAME", help="default: the first of which one limb is massaged")
    return parser.parse_args()


def without_failed(sweep):
    """Runs that ended well, and what the picture says about the others."""
    status = sweep.root.status.values
    counts = ((status == 1).sum(), "failed and are left out"), ((status == 2).sum(), "were not run and are left out")
    runs = np.flatnonzero(status == 0)
    return (Sweep(sweep.root.isel(run=runs), sweep.series.isel(run=runs), sweep.means_only),
            [f"{n} of {len(status)} runs {what}" for n, what in counts if n])


def only(sweep, wanted):
    """The runs that --where asks for."""
    numbered = sweep.root.assign_coords(run=np.arange(sweep.root.sizes["run"]))
    root, said = fixed(numbered, wanted)
    return Sweep(root, sweep.series.isel(run=root.run.values), sweep.means_only), said


def pictured(given):
    """All that the picture shows."""
    sweep, failed = without_failed(open_sweep(given.result))
    muscles = [str(muscle) for muscle in sweep.root.muscle.values]
    observable = choose("observable", given.observable, observables(sweep.series))
    muscle = choose("muscle", given.muscle or muscles[0], muscles)
    arm = massaged_arm(sweep.root, given.arm)
    sweep, said = only(sweep, given.where)
    table = table_of(sweep, observable, muscle, arm, given.day)
    has_two_rows = len(set(given.effect)) > 1 and "difference" in given.effect
    plan = planned(sweep.root, given.axes, MOST_COLUMNS if has_two_rows else MOST_CURVES)
    plan.notes += said + failed + ([table.note] if table.note else [])
    quantity = quantity_of(sweep.series, observable)
    subject = f"{quantity}, {muscle.replace('_', ' ')}, {days_text(table.days)}"
    return Picture(sweep, table, plan, effects_of(table, given.effect, plan.y is not None), subject, quantity,
                   unit_of(values_of(sweep.series, observable)))


def main():
    given = arguments()
    output = Path(given.output or Path(given.result).with_suffix(".png"))
    try:
        picture = pictured(given)
        (draw_maps if picture.plan.y else draw_curves)(picture, output)
    except OSError as error:
        fail(f"{error.filename or output}: {error.strerror or error}")
    except ValueError as error:
        fail(str(error))
    print(f"wrote {output}")


if __name__ == "__main__":
    main()
