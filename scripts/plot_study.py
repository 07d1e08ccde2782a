#!/usr/bin/python3
"""Draws the time courses of a study, with the published values they are to be compared with."""
import argparse
import csv
import re
import textwrap
import tomllib
import warnings
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np

from result_files import choose, fail, opened

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.lines import Line2D  # noqa: E402
from matplotlib.patches import Patch  # noqa: E402

COLOURS = ["#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]  # Okabe-Ito
DASHES = ["-", (0, (6, 1.5)), "-", (0, (4, 1.2, 1, 1.2)), (0, (2, 1)), (0, (8, 2)), (0, (1, 1))]
MARKERS = ["o", "s", "D", "^", "v", "P", "X"]
GREY = "#555555"
UNITS = {"um2": "µm²", "1/mm2": "1/mm²", "1": ""}
# data/observations.csv's own words for what a result file calls otherwise.
MUSCLES = {"MG": "gastrocnemius_medial", "LG": "gastrocnemius_lateral", "TA": "tibialis_anterior", "EDL": "edl"}
QUANTITIES = {"csa": ("fibre_CSA_change", "fibre_CSA_mean"), "wet_mass": ("muscle_mass_change", "muscle_mass")}
STRAIN = "F344"  # absolute sizes of other strains say nothing about this one


@dataclass
class Curve:
    arm: str
    limb: str  # "massaged", "contralateral", or "" for the mean of two limbs treated alike
    label: str
    mean: np.ndarray
    sd: np.ndarray
    colour: str
    dashes: object
    first: int = 0  # where it leaves the curves drawn before it


@dataclass
class Point:
    day: float
    value: float
    error: float  # NaN: none published
    curve: Curve
    source: str
    hollow: bool


def open_study(path):
    if not Path(path).is_file():
        fail(f"{path}: no such file; 'hindlimb run' makes one")
    study = opened(path)
    if study is None or not {"run", "arm", "animal", "muscle", "limb", "time"} <= set(study.dims):
        fail(f"{path}: not a study's result file; 'hindlimb run' makes one")
    return study


def observables(study):
    return [name for name, v in study.data_vars.items()
            if set(v.dims) == {"run", "arm", "animal", "muscle", "limb", "time"}]


def curves_of(values, massaged, protocol):
    """Mean and SD over rats, per arm, and per limb where the limbs are loaded, trained or massaged differently."""
    found, others = [], 1
    for arm in values.arm.values:
        in_arm, hand = values.sel(arm=arm), massaged.sel(arm=arm).values.astype(bool)
        one_treatment = "massaged" if hand.all() else ""
        limbs = [(one_treatment, hand == hand)]
        if hand.any() and not hand.all():
            limbs = [("massaged", hand), ("contralateral", ~hand)]
        elif protocol.differs_by_side(str(arm)):
            limbs = [(str(limb), values.limb.values == limb) for limb in values.limb.values]
        for limb, chosen in limbs:
            rats = in_arm.isel(limb=np.flatnonzero(chosen)).mean("limb", skipna=False).transpose("animal", "time")
            with warnings.catch_warnings():  # all NaN after the arm's end
                warnings.simplefilter("ignore", RuntimeWarning)
                mean = np.nanmean(rats.values, axis=0)
                sd = np.nanstd(rats.values, axis=0, ddof=1 if len(rats) > 1 else 0)
            k = 0 if arm == protocol.control else others
            others += arm != protocol.control
            curve = Curve(str(arm), limb, f"{arm} {limb}".strip(), mean, sd,
                          COLOURS[k % len(COLOURS)], DASHES[k % len(DASHES)])
            curve.first = max((shared_days(mean, other.mean) for other in found), default=0)
            found.append(curve)
    return [curve for curve in found if np.isfinite(curve.mean).any()]


def shared_days(mean, other):
    """Index up to which two curves are one (they part there); 0 where they never part."""
    apart = np.flatnonzero(~np.isclose(mean, other, rtol=1e-6, atol=0.0) & np.isfinite(mean))
    return max(int(apart[0]) - 1, 0) if apart.size else 0


class Protocol:
    """What the resolved configuration says of the arms: phases, bouts of massage, arms compared with."""

    def __init__(self, study):
        config = tomllib.loads(study.attrs.get("config", ""))
        self.control = config.get("compare", {}).get("control", "")
        self.untreated = config.get("compare", {}).get("untreated", "")
        self.age_months = config.get("animals", {}).get("age_months", 0.0)
        self.arms = {arm["name"]: arm for arm in config.get("arm", [])}
        self.end_d = float(study.time.values[-1])

    def differs_by_side(self, arm):
        """Whether load or training is not the same for both limbs."""
        described = self.arms.get(arm, {})
        loads = [phase.get("load", 1.0) for phase in described.get("phase", [])]
        return (any(isinstance(load, dict) and load["left"] != load["right"] for load in loads)
                or any(training.get("limb") != "both" for training in described.get("training", [])))

    def phases(self, arm):
        """[(name, from day, to day, whether no limb bears weight)]"""
        found, day = [], 0.0
        for phase in self.arms.get(arm, {}).get("phase", []):
            to = day + phase["duration_d"] if "duration_d" in phase else self.end_d
            load = phase.get("load", 1)
            suspended = not any(load.values() if isinstance(load, dict) else [load])
            found.append((phase["name"], day, min(to, self.end_d), suspended))
            day = to
        return found

    def suspension(self, arm):
        """First day and length of the arm's first suspension; length 0 if there is none."""
        return next(((since, to - since) for _, since, to, suspended in self.phases(arm) if suspended), (0.0, 0.0))

    def bouts_d(self, arm, muscle):
        starts = {name: since for name, since, _, _ in self.phases(arm)}
        return sorted({starts[m["phase"]] + m["first_d"] + k * m["every_d"]
                       for m in self.arms.get(arm, {}).get("massage", []) for k in range(m["bouts"])
                       if any(name.startswith(muscle) for name in m.get("muscles", [muscle]))  # gastrocnemius: its heads
                       and m["force_N"] * m["frequency_Hz"] * m["bout_min"] > 0})


def published(path, observable, muscle, curves, time, protocol):
    """The rows of the data file that say something about these curves."""
    change, absolute = QUANTITIES.get(observable, (None, None))
    arms = {curve.arm: curve for curve in reversed(curves)}
    control = arms.get(protocol.control)
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    points, baselines = [], []
    for row in rows if control else []:
        about = MUSCLES.get(row["muscle"], row["muscle"])
        if row["quantity"] == change and row["unit"].startswith("percent") and muscle.startswith(about):
            points += placed_change(row, curves, arms, time, protocol)
        elif row["quantity"] == absolute and about == muscle and row["species_strain"].startswith(STRAIN):
            point = Point(0.0, number(row["value"]), number(row["error"]), control, row["study"], False)
            baselines.append((abs(number(row["age_months"]) - protocol.age_months), point))
    return points + [point for _, point in sorted(baselines, key=lambda b: b[0])[:1]]


def placed_change(row, curves, arms, time, protocol):
    """A change in percent of another arm, put on that simulated arm's mean; none where the protocols differ."""
    unloaded, reloaded = number(row["day_unloading"]), number(row["day_reloading"])
    limb = row["limb"] if row["limb"] in ("massaged", "contralateral") else ""
    reference = arms.get(protocol.untreated if limb else protocol.control)
    for curve in curves:
        since, suspended = protocol.suspension(curve.arm)
        day = since + unloaded + reloaded
        size = np.interp(day, time, curve.mean, right=np.nan)
        alike = suspended == unloaded if reloaded else suspended >= unloaded > 0
        if reference and curve.limb == limb and curve.arm != reference.arm and alike and np.isfinite(size):
            base = np.interp(day, time, reference.mean)
            return [Point(day, base * (1 + number(row["value"]) / 100), base * number(row["error"]) / 100,
                          curve, row["study"], True)]
    return []


def number(text):
    try:
        return float(text)
    except ValueError:
        return float("nan")


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
        for k, point in enumerate(there):
            shift = (k - (len(there) - 1) / 2) * 0.03 * last - (0.025 * last if day == 0 else 0)
            error = point.error if np.isfinite(point.error) else None
            axes.errorbar(day + shift, point.value, yerr=error, marker=markers[point.source], markersize=8,
                          color=point.curve.colour, markerfacecolor="white" if point.hollow else point.curve.colour,
                          markeredgewidth=1.7, elinewidth=1.2, capsize=3, linestyle="none", zorder=5)
    axes.set_xlim(-0.05 * last, 1.03 * last)


def label_curves(axes, time, curves):
    """Names at the right ends, pushed apart; a curve that ends early is named beside its middle."""
    low, high = axes.get_ylim()
    gap, at_end = 0.048 * (high - low), []
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
    for _ in range(200):
        for k in range(1, len(places)):
            near = gap - (places[k] - places[k - 1])
            if near > 1e-9:
                places[k - 1], places[k] = places[k - 1] - near / 2, places[k] + near / 2
    for place, (value, curve) in zip(places, at_end):
        axes.annotate(curve.label, (time[-1], value), xytext=(1.03, (place - low) / (high - low)), va="center",
                      textcoords="axes fraction", color=curve.colour, fontweight="bold", fontsize=10,
                      annotation_clip=False,
                      arrowprops={"arrowstyle": "-", "color": curve.colour, "linewidth": 0.8, "shrinkA": 1, "shrinkB": 2})


def mark_protocol(axes, curves, muscle, protocol):
    """Above the panel: the phases of the arm that has most of them, and the bouts of massage of each arm."""
    strip = axes.get_xaxis_transform()
    phases = max((protocol.phases(curve.arm) for curve in curves), key=len)
    for name, since, to, suspended in phases:
        axes.plot([since, to], [1.0, 1.0], color=GREY if suspended else "#BBBBBB", linewidth=5, transform=strip,
                  solid_capstyle="butt", clip_on=False)
        axes.text((since + to) / 2, 1.02, name.replace("_", " "), transform=strip, ha="center", va="bottom",
                  color=GREY, fontsize=9.5)
        if since > 0:
            axes.axvline(since, color="#BBBBBB", linewidth=0.8, zorder=0)
    height = 0.03
    for arm in dict.fromkeys(curve.arm for curve in curves):
        days = [day for day in protocol.bouts_d(arm, muscle) if day <= protocol.end_d]
        if days:
            colour = next(curve.colour for curve in curves if curve.arm == arm)
            axes.plot(days, [height] * len(days), "|", color=colour, markersize=10, markeredgewidth=2, transform=strip)
            left = days[0] > protocol.end_d / 3
            axes.text(days[0] if left else days[-1], height, f"  bouts of massage, {arm}  ", transform=strip,
                      ha="right" if left else "left", va="center", color=colour, fontsize=9)
            height += 0.045


def draw(study, names, muscle, run, data, output):
    protocol = Protocol(study)
    here = study.isel(run=run).sel(muscle=muscle)
    time = here.time.values.astype(float)
    columns = min(2, len(names))
    rows = -(-len(names) // columns)
    figure, grid = plt.subplots(rows, columns, squeeze=False, figsize=(6.9 * columns, 4.5 * rows + 1.1))
    plotted, markers = [], {}
    for axes, name in zip(grid.flat, names):
        curves = curves_of(here[name], here.massaged, protocol)
        points = published(data, name, muscle, curves, time, protocol) if data else []
        for point in points:
            markers.setdefault(point.source, MARKERS[len(markers) % len(MARKERS)])
        plotted += points
        draw_panel(axes, time, curves, points, markers)
        label = here[name].attrs.get("long_name", name)
        unit = UNITS.get(here[name].attrs.get("units", ""), here[name].attrs.get("units", ""))
        axes.set_ylabel(textwrap.fill(f"{label} ({unit})" if unit else label, 44))
        axes.set_xlabel(f"time ({here.time.attrs.get('units', 'd')})")
        axes.spines[["top", "right"]].set_visible(False)
        low, high = axes.get_ylim()
        axes.set_ylim(low - 0.06 * (high - low), high)  # room for the bouts
        label_curves(axes, time, curves)
        mark_protocol(axes, curves, muscle, protocol)
    for axes in grid.flat[len(names):]:
        axes.set_visible(False)
    title = f"{study.attrs.get('title', 'hindlimb')}: {muscle.replace('_', ' ')}"
    if study.sizes["run"] > 1:
        title += f", run {run} of {study.sizes['run']}"
    figure.suptitle(title, x=0.01, ha="left", fontsize=13.5, fontweight="bold")
    add_legend(figure, study.sizes["animal"], plotted, markers)
    figure.savefig(output, dpi=150)


def add_legend(figure, rats, points, markers):
    handles = [(Line2D([], [], color=GREY, linewidth=2), f"simulated: mean of {rats} rats" if rats > 1 else "simulated: one rat")]
    if rats > 1:
        handles.append((Patch(color=GREY, alpha=0.25, linewidth=0), "± 1 SD over rats"))
    handles += [(Line2D([], [], color=GREY, marker=marker, linestyle="none", markersize=7, markeredgewidth=1.5,
                        markerfacecolor="white" if all(p.hollow for p in points if p.source == source) else GREY),
                 "published: " + re.sub(r"(?<=[A-Za-z])(?=\d{4})", " ", source.replace("_", ", "))) for source, marker in markers.items()]
    lines = []
    if any(p.hollow for p in points):
        lines.append("hollow: published change applied to the simulated reference arm")
    if any(np.isfinite(p.error) for p in points):
        lines.append("error bars: SD or SEM, as published, where there is one")
    columns = min(len(handles), 4)
    depth = 0.26 + 0.21 * -(-len(handles) // columns) + (0.2 if lines else 0)
    width, height = figure.get_size_inches()
    figure.tight_layout(rect=(0, depth / height, 1, 1 - 0.05 / height), w_pad=1.0)
    figure.legend(*zip(*handles), loc="lower left", bbox_to_anchor=(0.005, (0.28 if lines else 0.05) / height),
                  ncol=columns, frameon=False, fontsize=9.5)
    figure.text(0.012, 0.1 / height, "; ".join(lines), fontsize=9, color=GREY)


def main():
    here = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(prog="plot_study.py", description=__doc__)
    parser.add_argument("result", help="file made by 'hindlimb run'")
    parser.add_argument("-o", "--output", help="picture to write; its ending chooses the format (default: RESULT with .png)")
    parser.add_argument("--observables", default="csa,wet_mass", help="names with commas between (default: %(default)s)")
    parser.add_argument("--muscle", help="default: the first in the file")
    parser.add_argument("--run", type=int, default=0, help="which run of a sweep (default: %(default)s)")
    parser.add_argument("--data", default=here / "data/observations.csv", help="published values (default: the project's)")
    parser.add_argument("--no-data", action="store_const", const=None, dest="data", help="simulated curves alone")
    given = parser.parse_args()
    study = open_study(given.result)
    names = [choose("observable", name.strip(), observables(study)) for name in given.observables.split(",")]
    muscle = choose("muscle", given.muscle or str(study.muscle.values[0]), [str(m) for m in study.muscle.values])
    if not 0 <= given.run < study.sizes["run"]:
        fail(f"--run {given.run}: the file has runs 0 to {study.sizes['run'] - 1}")
    output = Path(given.output or Path(given.result).with_suffix(".png"))
    try:
        draw(study, names, muscle, given.run, given.data, output)
    except OSError as error:
        fail(f"{error.filename or output}: {error.strerror or error}")
    except ValueError as error:
        fail(str(error))
    print(f"wrote {output}")


if __name__ == "__main__":
    main()
