"""The rows of data/observations.csv that say something about the curves of a study."""
import csv
from dataclasses import dataclass

import numpy as np

# data/observations.csv's own words for what a result file calls otherwise.
MUSCLES = {"MG": "gastrocnemius_medial", "LG": "gastrocnemius_lateral", "TA": "tibialis_anterior", "EDL": "edl"}
QUANTITIES = {"csa": ("fibre_CSA_change", "fibre_CSA_mean"), "wet_mass": ("muscle_mass_change", "muscle_mass")}
STRAIN = "F344"  # absolute sizes of other strains say nothing about this one


@dataclass
class Point:
    day: float
    value: float
    error: float  # NaN: none published
    curve: object  # of plot_study.py: arm, limb, mean
    source: str
    hollow: bool


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
