"""The rows of a table of measurements that say something about the curves of a study.

Two layouts: that of data/observations.csv, and that of data/facts.csv and of the table of 'hindlimb init own-data'.
"""
import csv
from dataclasses import dataclass

import numpy as np

from result_files import fail

OBSERVATIONS = ("muscle", "limb", "quantity", "unit", "value", "error", "day_unloading", "day_reloading", "study",
                "species_strain", "age_months")
FACTS = ("muscle", "limb", "quantity", "unit", "low", "high", "day_unloading", "day_reloading", "arm", "reference",
         "protocol", "kind", "source")
# data/observations.csv's own words for what a result file calls otherwise.
MUSCLES = {"MG": "gastrocnemius_medial", "LG": "gastrocnemius_lateral", "TA": "tibialis_anterior", "EDL": "edl"}
QUANTITIES = {"csa": ("fibre_CSA_change", "fibre_CSA_mean"), "wet_mass": ("muscle_mass_change", "muscle_mass")}
STRAIN = "F344"  # absolute sizes of other strains say nothing about this one
ALIASES = {"wet_mass": "mass", "neutrophils": "neutrophil"}  # of facts
OVER_TIME = ("rna_synthesis", "rna_degradation")  # facts about them are means over days
FACTORS = {"percent_per_day": 0.01, "g": 1000}  # to units of the result file


@dataclass
class Point:
    day: float
    value: float
    error: float  # NaN: none published
    curve: object  # of plot_study.py: arm, limb, mean
    source: str
    hollow: bool  # a change or ratio, put on a simulated mean
    is_band: bool = False  # the middle of what was given without a mean


def published(path, observable, muscle, curves, time, protocol):
    """The rows of the table that say something about these curves."""
    columns, rows = table_of(path)
    are_facts = bool({"arm", "reference"} & set(columns))
    missing = [column for column in (FACTS if are_facts else OBSERVATIONS) if column not in columns]
    if missing:
        fail(f"{path}: no column '{missing[0]}'; tables that can be drawn are like data/observations.csv or that of "
             "'hindlimb init own-data'")
    if are_facts:
        return [point for row in rows for point in placed_fact(row, observable, muscle, curves, time)]
    return placed_observations(rows, observable, muscle, curves, time, protocol)


def table_of(path):
    """Names of columns, and rows; a line that begins with # is none."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader((line for line in file if not line.startswith("#")), restval="")
            return table.fieldnames or [], list(table)
    except (UnicodeDecodeError, csv.Error) as error:
        fail(f"{path}: not a table with commas between its cells: {error}")


def placed_observations(rows, observable, muscle, curves, time, protocol):
    change, absolute = QUANTITIES.get(observable, (None, None))
    arms = {curve.arm: curve for curve in reversed(curves)}
    control = arms.get(protocol.control)
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


def placed_fact(row, observable, muscle, curves, time):
    """What is said of these rats on one day; a change or ratio is put on the mean of the arm that it refers to."""
    form = form_of(row["quantity"], observable)
    of_other_rats = "=" in row["protocol"]  # reloading; age_months=30
    if form is None or row["muscle"] not in (muscle, "all") or of_other_rats or row["kind"] == "predict":
        return []
    day = sum(number(row[part] or "0") for part in ("day_unloading", "day_reloading"))
    value, error, is_band = measured(row)
    curve = curve_of(curves, row["arm"], row["limb"])
    base, offset = FACTORS.get(row["unit"], 1), 0
    if form != "value":
        arm, _, other_day = row["reference"].partition(" day ")
        base = mean_on(curve_of(curves, arm, row["limb"]), number(other_day) if other_day else day, time)
        if form == "change" or row["unit"] in ("percent", "%"):
            base, offset = base / 100, base
    point = Point(day, offset + base * value, base * error, curve, row.get("study") or row["source"], form != "value",
                  is_band)
    return [point] if np.isfinite([point.value, mean_on(curve, day, time)]).all() else []


def form_of(quantity, observable):
    """How a number of a fact is made of an observable on a day: value, change, ratio; None if it is of another one."""
    for name in (observable, ALIASES.get(observable)):
        if quantity == name and name not in OVER_TIME:
            return "value"
        for form in ("change", "ratio"):
            if quantity == f"{name}_{form}" and name not in OVER_TIME:
                return form
    return None


def measured(row):
    """Mean and error; without a mean, the middle and half of the band."""
    value, low, high = number(row.get("value")), number(row["low"]), number(row["high"])
    if np.isfinite(value):
        return value, number(row.get("error")), False
    return (low + high) / 2, (high - low) / 2, True


def curve_of(curves, arm, limb):
    """The curve of that limb, or of all limbs where they are treated alike; None for the difference of limbs."""
    of_arm = [curve for curve in curves if curve.arm == arm and limb != "difference"]
    return next((curve for curve in of_arm if limb in (curve.limb, curve.side)),
                next((curve for curve in of_arm if not curve.side), None))


def mean_on(curve, day, time):
    return np.interp(day, time, curve.mean, left=np.nan, right=np.nan) if curve else np.nan


def number(text):
    try:
        return float(text or "nan")
    except ValueError:
        return float("nan")
