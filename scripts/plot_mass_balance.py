#!/usr/bin/python3
"""Splits what massage adds to a muscle into synthesis, breakdown and water, as a table and a picture.

usage: scripts/plot_mass_balance.py results/mass_balance.h5 [-o PNG]

The file must come from configs/mass_balance.toml or a study like it: one untreated arm, arms with one limb massaged,
recorded finely. Fluxes of each protein pool are summed over time by the trapezoidal rule; the difference between the
sum of the parts and the simulated gain is printed as well, so that the split can be trusted.
"""
import argparse
import tomllib

import matplotlib
import numpy as np

from result_files import fail, open_result

matplotlib.use("Agg")
matplotlib.rcParams["text.parse_math"] = False  # a $ in a name is a $
import matplotlib.pyplot as plt  # noqa: E402

COLOURS = {"synthesis": "#0072B2", "breakdown": "#D55E00", "net": "#000000", "fibres": "#009E73", "water": "#56B4E9"}


def parameters_of(study, muscle):
    values = tomllib.loads(study.attrs["config"])["parameters"]
    return {**{k: v for k, v in values.items() if not isinstance(v, dict)}, **values[muscle]}


def fluxes(limb, p):
    """Synthesis and breakdown of fibre protein, in shares of the set point of fibre size per day, against time."""
    share = {"myofibrillar": 1 - p["cytosolic_fraction"] - p["mitochondrial_fraction"], "cytosolic": p["cytosolic_fraction"],
             "mitochondrial": p["mitochondrial_fraction"]}
    made = sum(share[pool] * limb[f"{pool}_synthesis"] * limb[f"{pool}_protein"] for pool in share)
    lost = sum(share[pool] * limb[f"{pool}_breakdown"] * limb[f"{pool}_protein"] for pool in share)
    return made, lost


def split(treated, untreated, p):
    """Extra gain at the end, in per cent of the untreated limb: of area by flux, of mass by what it is made of."""
    size = float(untreated.csa[-1])
    set_point = size / float(untreated.csa[0])
    total = {name: [float(flux.integrate("time")) for flux in fluxes(limb, p)] for name, limb in (("t", treated), ("u", untreated))}
    extra_made, extra_lost = np.subtract(total["t"], total["u"]) / set_point * 100
    area = 100 * (float(treated.csa[-1]) / size - 1)
    mass = float(untreated.wet_mass[-1])
    water = p["extracellular_fraction"] * float(untreated.wet_mass[0])
    extra_water = 100 * water * float(treated.extracellular_water[-1] - untreated.extracellular_water[-1]) / mass
    extra_mass = 100 * (float(treated.wet_mass[-1]) / mass - 1)
    return {"synthesis": extra_made, "breakdown": -extra_lost, "area": area, "rest": area - extra_made + extra_lost,
            "fibres": extra_mass - extra_water, "water": extra_water, "mass": extra_mass}


def split_arms(study):
    untreated = tomllib.loads(study.attrs["config"])["compare"]["untreated"]
    muscle = str(study.muscle.values[0])
    p = parameters_of(study, muscle)
    series = [name for name, variable in study.data_vars.items() if "time" in variable.dims]
    mean = study[series].isel(run=0, muscle=0).mean("animal")
    splits = {}
    for arm in study.arm.values:
        massaged = study.massaged.sel(arm=arm)
        if int(massaged.sum()) != 1:
            continue
        for limb in study.limb.values[::-1]:
            role = "massaged" if int(massaged.sel(limb=limb)) else "contralateral"
            pick = dict(limb=limb)
            splits[f"{arm} {role}"] = split(mean.sel(arm=arm, **pick), mean.sel(arm=untreated, **pick), p)
    return splits, untreated, muscle


def print_table(splits, untreated):
    print(f"extra gain at the end, in per cent of {untreated}, same limb")
    print(f"{'limb':<22}{'CSA':>8} = {'synthesis':>10} + {'breakdown':>10} + {'rest':>6}   {'wet mass':>9} = {'fibres':>7} + {'water':>6}")
    for name, s in splits.items():
        print(f"{name:<22}{s['area']:>+8.1f}   {s['synthesis']:>+10.1f}   {s['breakdown']:>+10.1f}   {s['rest']:>+6.2f}   "
              f"{s['mass']:>+9.1f}   {s['fibres']:>+7.1f}   {s['water']:>+6.1f}")


def draw(splits, untreated, muscle, output):
    figure, panels = plt.subplots(1, 2, figsize=(11, 4.4), constrained_layout=True)
    parts = [("fibre area", ["synthesis", "breakdown"], "area"), ("wet mass", ["fibres", "water"], "mass")]
    for panel, (title, names, total) in zip(panels, parts):
        for k, name in enumerate(names):
            places = np.arange(len(splits)) + (k - 1) * 0.27
            bars = panel.bar(places, [s[name] for s in splits.values()], 0.25, color=COLOURS[name], label=name)
            panel.bar_label(bars, fmt="%+.1f", padding=3)
        places = np.arange(len(splits)) + 0.27
        bars = panel.bar(places, [s[total] for s in splits.values()], 0.25, color=COLOURS["net"], label="together")
        panel.bar_label(bars, fmt="%+.1f", padding=3)
        panel.axhline(0, color="black", linewidth=0.8)
        panel.set_xticks(range(len(splits)), list(splits))
        panel.set_ylabel(f"extra gain of {title} (% of {untreated})")
        panel.margins(y=0.18)
        panel.spines[["top", "right"]].set_visible(False)
        panel.legend(frameon=False)
    figure.suptitle(f"Where the extra muscle comes from: {muscle.replace('_', ' ')}", fontweight="bold")
    figure.savefig(output, dpi=150)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("result")
    parser.add_argument("-o", "--output", help="picture (default: the result file's name with .png)")
    given = parser.parse_args()
    study = open_result(given.result, "study", {"run", "arm", "animal", "muscle", "limb", "time"})
    try:
        splits, untreated, muscle = split_arms(study)
    except (ValueError, KeyError, AttributeError) as error:
        fail(f"{given.result}: no result of configs/mass_balance.toml or a study like it ({error})")
    output = given.output or given.result.removesuffix(".h5") + ".png"
    print_table(splits, untreated)
    try:
        draw(splits, untreated, muscle, output)
    except OSError as error:
        fail(f"{error.filename or output}: {error.strerror or error}")
    print(f"wrote {output}")


if __name__ == "__main__":
    main()
