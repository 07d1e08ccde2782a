#!/usr/bin/python3
"""Draws the time courses of a study, with the measured values they are to be compared with.

All arms in one panel for each observable, or, where these would be too many, a panel for each arm and limb (--grid)."""
import argparse
import re
import sys
import textwrap
import warnings
from dataclasses import dataclass, replace
from pathlib import Path

import matplotlib
import numpy as np

from protocol import Protocol
from published import published
from result_files import choose, fail, observables, open_result, quantity_of, short_names, shortened, unit_of, values_of

matplotlib.use("Agg")
matplotlib.rcParams["text.parse_math"] = False  # a $ in a name is a $
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.lines import Line2D  # noqa: E402
from matplotlib.patches import Patch  # noqa: E402

COLOURS = ["#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]  # Okabe-Ito
DASHES = ["-", (0, (6, 1.5)), "-", (0, (4, 1.2, 1, 1.2)), (0, (2, 1)), (0, (8, 2)), (0, (1, 1))]
MARKERS = ["o", "s", "D", "^", "v", "P", "X"]
GREY = "#555555"
LIMB_COLOURS = {"": "#0072B2", "massaged": "#D55E00", "contralateral": "#009E73"}
MOST_CURVES, MOST_COLUMNS = 6, 6
MOST_LETTERS = 22  # of a line of a name, and of a name within a text
DIMENSIONS = {"run", "arm", "animal", "muscle", "limb"}  # of series; and time
DATA = Path(__file__).resolve().parent.parent / "data/observations.csv"


@dataclass
class Curve:
    arm: str
    limb: str  # "massaged", "contralateral", or "" for the mean of two limbs treated alike
    label: str
    mean: np.ndarray
    sd: np.ndarray
    colour: str
    dashes: object
    side: str = ""  # of a single limb: "left", "right"
    first: int = 0  # where it leaves the curves drawn before it


def open_study(path):
    study = open_result(path, "study", DIMENSIONS)
    if not series_of(study).data_vars:
        fail(f"{path}: has no time courses; of a sweep that keeps none scripts/plot_sweep.py draws the ends of arms")
    return study


def series_of(study):
    whole = DIMENSIONS | {"time"}
    return study[[name for name, variable in study.data_vars.items() if whole <= set(variable.dims)]]


def in_lines(name, letters=MOST_LETTERS):
    """A name in lines, broken behind an underscore where that is possible."""
    return "\n".join(line.replace("_ ", "_") for line in textwrap.wrap(name.replace("_", "_ "), letters))


def expanded(names, there):
    """The names with those of all fibre types in the place of what has them: csa_by_type."""
    for name in names:
        of_types = [each for each in there if each.startswith(name + ".")]
        yield from of_types or [choose("observable", name, there)]


def mean_and_sd(values, limbs):
    """Over rats, of the mean of some limbs of each."""
    rats = values.isel(limb=np.flatnonzero(limbs)).mean("limb", skipna=False).transpose("animal", "time")
    with warnings.catch_warnings():  # all NaN after the arm's end
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanmean(rats.values, axis=0), np.nanstd(rats.values, axis=0, ddof=1 if len(rats) > 1 else 0)


def curves_of(values, massaged, protocol):
    """Per arm, and per limb where the limbs are loaded, trained or massaged differently."""
    found, others = [], 1
    names = short_names([str(arm) for arm in values.arm.values])
    for arm in values.arm.values:
        hand = massaged.sel(arm=arm).values.astype(bool)
        limbs = [("massaged" if hand.all() else "", hand == hand)]
        if hand.any() and not hand.all():
            limbs = [("massaged", hand), ("contralateral", ~hand)]
        elif protocol.differs_by_side(str(arm)):
            limbs = [(str(limb), values.limb.values == limb) for limb in values.limb.values]
        for limb, chosen in limbs:
            k = 0 if arm == protocol.control else others
            others += arm != protocol.control
            side = str(values.limb.values[chosen][0]) if chosen.sum() == 1 else ""
            curve = Curve(str(arm), limb, in_lines(f"{names[str(arm)]} {limb}".strip()),
                          *mean_and_sd(values.sel(arm=arm), chosen), COLOURS[k % len(COLOURS)], DASHES[k % len(DASHES)],
                          side)
            curve.first = max((shared_days(curve.mean, other.mean) for other in found), default=0)
            found.append(curve)
    return [curve for curve in found if np.isfinite(curve.mean).any()]


def curve_of_limb(values, massaged, arm, limb):
    """For a panel of its own."""
    hand = massaged.sel(arm=arm).values.astype(bool)
    role = "massaged" if hand[limb] else "contralateral" if hand.any() else ""
    chosen = np.arange(len(hand)) == limb
    return Curve(str(arm), role, role, *mean_and_sd(values.sel(arm=arm), chosen), LIMB_COLOURS[role], "-")


def shared_days(mean, other):
    """Index up to which two curves are one (they part there); 0 where they never part."""
    apart = np.flatnonzero(~np.isclose(mean, other, rtol=1e-6, atol=0.0) & np.isfinite(mean))
    return max(int(apart[0]) - 1, 0) if apart.size else 0


def draw_panel(axes, time, curves, points, markers):
    last = time[-1]
    for curve in curves:
        shown = np.flatnonzero(np.isfinite(curve.mean))
        shown = shown[shown >= curve.first]
        if shown.size == 0:  # an arm that differs from another only before it ends
            continue
        low, high = (curve.mean - curve.sd)[shown], (curve.mean + curve.sd)[shown]
        axes.fill_between(time[shown], low, high, color=curve.colour, alpha=0.09, linewidth=0)
        for edge in (low, high) if curve.sd[shown].any() else ():
            axes.plot(time[shown], edge, color=curve.colour, alpha=0.45, linewidth=0.7)
        axes.plot(time[shown], curve.mean[shown], color=curve.colour, linestyle=curve.dashes, linewidth=2.2, zorder=3)
    beside = {}  # points of one day stand side by side
    for point in points:
        beside.setdefault(point.day, []).append(point)
    for day, there in beside.items():
        half = (len(there) - 1) / 2 * 0.03 * last
        for k, point in enumerate(there):
            shift = k * 0.03 * last - max(half, day + 2 * half - last) - (0.025 * last if day == 0 else 0)
            error = point.error if np.isfinite(point.error) else None
            axes.errorbar(day + shift, point.value, yerr=error, marker=markers[point.source], markersize=8,
                          color=point.curve.colour, markerfacecolor="white" if point.hollow else point.curve.colour,
                          markeredgewidth=1.7, elinewidth=1.2, capsize=3, linestyle="none", zorder=5)
    axes.set_xlim(-0.05 * last, 1.03 * last)


def label_curves(axes, time, curves):
    """Names at the right ends, pushed apart; a curve that ends early is named beside its middle."""
    low, high = axes.get_ylim()
    line, at_end = 0.048 * (high - low), []
    for curve in curves:
        end = np.flatnonzero(np.isfinite(curve.mean))[-1]
        if time[end] < time[-1]:
            middle = curve.first + int(0.62 * (end - curve.first))
            axes.annotate(curve.label, (time[middle], curve.mean[middle]), xytext=(6, 8), color=curve.colour,
                          textcoords="offset points", fontweight="bold", fontsize=10)
        else:
            at_end.append([curve.mean[end], curve])
    at_end.sort(key=lambda pair: pair[0])
    places = [value for value, _ in at_end]
    heights = [line * (1 + 1.15 * curve.label.count("\n")) for _, curve in at_end]
    for _ in range(200):
        for k in range(1, len(places)):
            near = (heights[k - 1] + heights[k]) / 2 - (places[k] - places[k - 1])
            if near > 1e-9:
                places[k - 1], places[k] = places[k - 1] - near / 2, places[k] + near / 2
    for place, (value, curve) in zip(places, at_end):
        axes.annotate(curve.label, (time[-1], value), xytext=(1.03, (place - low) / (high - low)), va="center",
                      textcoords="axes fraction", color=curve.colour, fontweight="bold", fontsize=10,
                      annotation_clip=False,
                      arrowprops={"arrowstyle": "-", "color": curve.colour, "linewidth": 0.8, "shrinkA": 1,
                                  "shrinkB": 2, "relpos": (0, 0.5)})


def draw_phases(axes, phases):
    for _, since, to, suspended in phases:
        axes.plot([since, to], [1.0, 1.0], color=GREY if suspended else "#BBBBBB", linewidth=5, clip_on=False,
                  transform=axes.get_xaxis_transform(), solid_capstyle="butt")
        if since > 0:
            axes.axvline(since, color="#BBBBBB", linewidth=0.8, zorder=0)


def mark_protocol(axes, curves, muscle, protocol):
    """Above the panel: the phases of the arm that has most of them, and the bouts of massage of each arm."""
    strip = axes.get_xaxis_transform()
    phases = max((protocol.phases(curve.arm) for curve in curves), key=len)
    draw_phases(axes, phases)
    for name, since, to, _ in phases:
        axes.text((since + to) / 2, 1.02, name.replace("_", " "), transform=strip, ha="center", va="bottom",
                  color=GREY, fontsize=9.5)
    height = 0.03
    for arm in dict.fromkeys(curve.arm for curve in curves):
        days = [day for day in protocol.bouts_d(arm, muscle) if day <= protocol.end_d]
        if days:
            colour = next(curve.colour for curve in curves if curve.arm == arm)
            axes.plot(days, [height] * len(days), "|", color=colour, markersize=10, markeredgewidth=2, transform=strip)
            left = days[0] > protocol.end_d / 3
            axes.text(days[0] if left else days[-1], height, f"  bouts of massage, {shortened(arm, 16)}  ",
                      transform=strip, ha="right" if left else "left", va="center", color=colour, fontsize=9)
            height += 0.045


def axis_title(here, name, width):
    unit = unit_of(values_of(here, name))
    quantity = quantity_of(here, name)
    return textwrap.fill(f"{quantity} ({unit})" if unit else quantity, width)


class Picture:
    """A figure in the making, and what its legend must explain."""

    def __init__(self, here, title, data):
        self.here, self.title, self.data = here, title, data
        self.muscle = str(here.muscle.values)
        self.protocol = Protocol(here)
        self.time = here.time.values.astype(float)
        self.points, self.markers, self.handles = [], {}, []

    def curves(self, name):
        return curves_of(values_of(self.here, name), self.here.massaged, self.protocol)

    def are_many(self, curves):
        """Whether they cannot be told apart in one panel: too many colours, or names that stand within it."""
        end_early = [curve for curve in curves if not np.isfinite(curve.mean[-1])]
        return len(curves) > MOST_CURVES or len(end_early) > 1

    def published(self, name, curves):
        found = published(self.data, name, self.muscle, curves, self.time, self.protocol) if self.data else []
        for point in found:
            self.markers.setdefault(point.source, MARKERS[len(self.markers) % len(MARKERS)])
        self.points += found
        return found

    def draw_together(self, names):
        """A panel for each observable."""
        columns = min(2, len(names))
        rows = -(-len(names) // columns)
        figure, grid = plt.subplots(rows, columns, squeeze=False, figsize=(6.9 * columns, 4.5 * rows + 1.1))
        for axes, name in zip(grid.flat, names):
            curves = self.curves(name)
            draw_panel(axes, self.time, curves, self.published(name, curves), self.markers)
            axes.set_ylabel(axis_title(self.here, name, 44))
            axes.set_xlabel(f"time ({self.here.time.attrs.get('units', 'd')})")
            low, high = axes.get_ylim()
            axes.set_ylim(low - 0.06 * (high - low), high)  # room for the bouts
            label_curves(axes, self.time, curves)
            mark_protocol(axes, curves, self.muscle, self.protocol)
        for axes in grid.flat[len(names):]:
            axes.set_visible(False)
        self.add_title_and_legend(figure)
        width, height = figure.get_size_inches()
        figure.tight_layout(rect=(0, self.legend_depth(width) / height, 1, 1 - 0.05 / height), w_pad=1.0)
        return figure

    def draw_grid(self, names):
        """For each observable rows of limbs and columns of arms; more arms than a page is wide go below."""
        arms = [str(arm) for arm in self.here.arm.values]
        limbs = [str(limb) for limb in self.here.limb.values]
        bands = -(-len(arms) // MOST_COLUMNS)
        columns = -(-len(arms) // bands)
        found = {name: self.published(name, self.curves(name)) for name in names}
        self.explain_grid()
        titles = {arm: in_lines(name) for arm, name in short_names(arms).items()}
        title_lines = 1 + max(title.count("\n") for title in titles.values())
        heading = 0.45 + 0.15 * title_lines
        width, height = 0.75 + 2.3 * columns, 1.6 * len(limbs) + heading + 0.2  # of a band, in inches
        width = max(width, 8)
        page = height * bands * len(names) + 0.55 + self.legend_depth(width)
        figure = plt.figure(figsize=(width, page))
        for k, name in enumerate(names):
            first = None
            for i, arm in enumerate(arms):
                for limb in range(len(limbs)):
                    top = 0.4 + heading + (k * bands + i // columns) * height + 1.6 * limb
                    place = 0.75 + i % columns * 2.3, page - top - 1.35, 2.1, 1.35
                    axes = figure.add_axes([place[0] / width, place[1] / page, place[2] / width, place[3] / page],
                                           sharex=first, sharey=first)
                    first = first or axes
                    self.draw_cell(axes, name, arm, limb, found[name])
                    is_last = limb == len(limbs) - 1
                    axes.tick_params(labelleft=i % columns == 0, labelbottom=is_last, labelsize=9)
                    axes.set_ylabel(f"{limbs[limb]} limb" if i % columns == 0 else "", fontsize=10)
                    axes.set_xlabel(f"time ({self.here.time.attrs.get('units', 'd')})" if is_last else "", fontsize=9)
                    axes.set_title(titles[arm] if limb == 0 else "", fontweight="bold", pad=7,
                                   fontsize=11 if title_lines == 1 else 9)
            figure.text(0.12 / width, 1 - (0.7 + k * bands * height) / page, fontsize=11,
                        s=axis_title(self.here, name, 200))
        self.add_title_and_legend(figure)
        return figure

    def draw_cell(self, axes, name, arm, limb, points):
        """One limb of one arm, and the same limb of what it is compared with."""
        values = values_of(self.here, name)
        curve = curve_of_limb(values, self.here.massaged, arm, limb)
        for other, style in self.references():
            if other != arm and (curve.limb or other == self.protocol.control):
                mean = curve_of_limb(values, self.here.massaged, other, limb).mean
                axes.plot(self.time, np.where(np.isfinite(curve.mean), mean, np.nan), color=GREY, linestyle=style,
                          linewidth=1.2)
        here = [replace(point, curve=curve) for point in points
                if point.curve.arm == arm and point.curve.limb in ("", curve.limb, str(values.limb.values[limb]))]
        draw_panel(axes, self.time, [curve], here, self.markers)
        draw_phases(axes, self.protocol.phases(arm))
        axes.margins(y=0.12)
        axes.set_xlim(-0.09 * self.time[-1], 1.06 * self.time[-1])
        if curve.limb == "massaged":
            days = [day for day in self.protocol.bouts_d(arm, self.muscle) if day <= self.protocol.end_d]
            axes.plot(days, [0.05] * len(days), "|", color=curve.colour, markersize=8, markeredgewidth=1.8,
                      transform=axes.get_xaxis_transform())

    def references(self):
        arms = self.here.arm.values
        named = ((self.protocol.control, (0, (4, 2))), (self.protocol.untreated, (0, (1, 1.2))))
        return [(arm, style) for arm, style in dict(named).items() if arm in arms]

    def explain_grid(self):
        hand = self.here.massaged.values.astype(bool)
        roles = [("massaged", "massaged limb")] if hand.any() else []
        roles += [("contralateral", "its other limb")] if (hand.any(axis=1) & ~hand.all(axis=1)).any() else []
        roles += [("", "limb without massage")] if (~hand.any(axis=1)).any() else []
        self.handles += [(Line2D([], [], color=LIMB_COLOURS[role], linewidth=2.2), text) for role, text in roles]
        self.handles += [(Line2D([], [], color=GREY, linestyle=style, linewidth=1.2),
                          f"same limb of {shortened(arm, MOST_LETTERS)}") for arm, style in self.references()]
        self.handles += [(Line2D([], [], color=GREY, linewidth=5), "no weight borne"),
                         (Line2D([], [], color="#BBBBBB", linewidth=5), "weight borne")]
        if hand.any():
            self.handles.append((Line2D([], [], color=LIMB_COLOURS["massaged"], marker="|", linestyle="none",
                                        markersize=8, markeredgewidth=1.8), "bout of massage"))

    def legend(self, width):
        """Entries of the legend, and the lines below."""
        rats = self.here.sizes["animal"]
        entries = [(Line2D([], [], color=GREY, linewidth=2),
                    f"simulated: mean of {rats} rats" if rats > 1 else "simulated: one rat")]
        if rats > 1:
            entries.append((Patch(color=GREY, alpha=0.25, linewidth=0), "± 1 SD over rats"))
        entries += self.handles
        for source, marker in self.markers.items():
            hollow = all(point.hollow for point in self.points if point.source == source)
            text = shortened(re.sub(r"(?<=[A-Za-z])(?=\d{4})", " ", source.replace("_", ", ")), 2 * MOST_LETTERS)
            entries.append((Line2D([], [], color=GREY, marker=marker, linestyle="none", markersize=7,
                                   markeredgewidth=1.5, markerfacecolor="white" if hollow else GREY),
                            f"{'published' if self.data == DATA else 'measured'}: {text}"))
        what, how = ("published change", "published") if self.data == DATA else ("change or ratio", "given")
        notes = [f"hollow: {what} applied to the simulated reference arm"] * any(p.hollow for p in self.points)
        if any(np.isfinite(point.error) and not point.is_band for point in self.points):
            notes.append(f"error bars: SD or SEM, as {how}, where there is one")
        if any(point.is_band for point in self.points):
            notes.append("of what is given without a mean: low to high, and their middle")
        return entries, textwrap.wrap("; ".join(notes), int(13 * width))

    def legend_depth(self, width):
        """In inches."""
        entries, notes = self.legend(width)
        return 0.26 + 0.21 * -(-len(entries) // legend_columns(entries, width)) + 0.2 * len(notes)

    def add_title_and_legend(self, figure):
        for axes in figure.axes:
            axes.spines[["top", "right"]].set_visible(False)
        width, height = figure.get_size_inches()
        size = min(13.5, 110 * width / len(self.title))
        figure.suptitle(self.title, x=0.01, y=1 - 0.112 / height, ha="left", fontsize=size, fontweight="bold")
        entries, notes = self.legend(width)
        below = 0.08 + 0.2 * len(notes) if notes else 0.05
        figure.legend(*zip(*entries), loc="lower left", bbox_to_anchor=(0.005, below / height),
                      ncol=legend_columns(entries, width), frameon=False, fontsize=9.5)
        figure.text(0.012, 0.1 / height, "\n".join(notes), fontsize=9, color=GREY, linespacing=1.4)


def legend_columns(entries, width):
    return min(len(entries), int(width / 2.9))


def draw(study, names, muscle, given, output):
    title = ": ".join(part for part in (study.attrs.get("title"), muscle.replace("_", " ")) if part)
    if study.sizes["run"] > 1:
        title += f", run {given.run} of {study.sizes['run']}"
    picture = Picture(study.isel(run=given.run - 1).sel(muscle=muscle), title, given.data)
    are_many = any(picture.are_many(picture.curves(name)) for name in names)
    in_grid = are_many if given.grid is None else given.grid
    figure = picture.draw_grid(names) if in_grid else picture.draw_together(names)
    if given.data not in (None, DATA) and not picture.points:
        print(f"{given.data}: no row is about these curves, so no point is drawn", file=sys.stderr)
    figure.savefig(output, dpi=150)


def arguments():
    parser = argparse.ArgumentParser(prog="plot_study.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("result", help="file made by 'hindlimb run'")
    parser.add_argument("-o", "--output", help="picture to write; its ending chooses the format (default: RESULT with .png)")
    parser.add_argument("--observables", default="csa,wet_mass",
                        help="names with commas between, csa_by_type.I for one fibre type (default: %(default)s)")
    parser.add_argument("--grid", action=argparse.BooleanOptionalAction,
                        help="a panel for each arm and limb (default: where one panel would hold too many curves)")
    parser.add_argument("--muscle", help="default: the first in the file")
    parser.add_argument("--run", type=int, default=1, help="which run of a sweep (default: %(default)s)")
    parser.add_argument("--data", type=Path, default=DATA, help="table of measurements, as data/observations.csv or as "
                        "'hindlimb init own-data' writes one (default: what is published, the project's)")
    parser.add_argument("--no-data", action="store_const", const=None, dest="data", help="simulated curves alone")
    return parser.parse_args()


def main():
    given = arguments()
    study = open_study(given.result)
    names = list(expanded([name.strip() for name in given.observables.split(",")], observables(series_of(study))))
    muscle = choose("muscle", given.muscle or str(study.muscle.values[0]), [str(m) for m in study.muscle.values])
    if not 1 <= given.run <= study.sizes["run"]:
        fail(f"--run {given.run}: the file has runs 1 to {study.sizes['run']}")
    output = Path(given.output or given.result)
    if not given.output or not output.suffix:
        output = output.with_suffix(".png")
    try:
        draw(study, names, muscle, given, output)
    except OSError as error:
        fail(f"{error.filename or output}: {error.strerror or error}")
    except ValueError as error:
        fail(str(error))
    print(f"wrote {output}")


if __name__ == "__main__":
    main()
