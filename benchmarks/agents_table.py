#!/usr/bin/python3
"""How fast are agents, how much memory do they take, and does time grow with the number of fibres and no faster?

usage: agents_table.py BENCHMARK HINDLIMB OUTPUT.json

An update is one fibre or cell advanced by one step of the rules, all rules and six fields on. The peer is the same
with plain loops over plain numbers, in turn with it. PhysiCell's figure is quoted, not measured here.
"""
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import h5py
import numpy as np

STUDY = "configs/miller2018.toml"
COPIES, ROUNDS = 5, 3
SIZES = (1000, 10000, 100000)
CONVERGENCE = (50, 200, 800, 3200)  # fibres
RATS = 64
# Fibres that are alike but for their size, and rules that are linear.
LINEAR = ("parameters.slow_sensitivity=1", "parameters.slow_turnover_per_d=0.04", "parameters.fast_turnover_per_d=0.04",
          "agents.unloading_response_cv=0", "agents.massage_response_cv=0", "agents.massage_depth=0", "agents.feedback=0")
ALIKE = ("animals.set_point_cv=0", "animals.unloading_response_cv=0", "animals.massage_response_cv=0",
         f"animals.per_arm={RATS}")
OBSERVABLES = {"csa": 22, "ed1": 16}  # and the day
FIBROBLASTS_PER_MM2 = (1000, 2000)  # at both, cells are what takes the most memory
PHYSICELL = "1.1e5 to 5.7e5"


def run(*command):
    """Seconds and largest resident memory in MB."""
    start = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {status}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def kernels(program, fibres, rounds):
    return json.loads(subprocess.run([program, str(fibres), str(rounds)], check=True, capture_output=True, text=True).stdout)


def study(hindlimb, folder, fibres, *changes, threads=1):
    settings = [word for change in (f"agents.fibres={fibres}", *changes) for word in ("--set", change)]
    return run(hindlimb, "run", STUDY, "--agents", *settings, "--threads", threads, "--force", "-o", folder / "x.h5")


def one_arm(folder):
    """The reloading arm alone, one rat."""
    text = Path(STUDY).read_text()
    arms = text.split("[[arm]]")
    (folder / "one.toml").write_text(arms[0].replace("per_arm = 8", "per_arm = 1") + "[[arm]]" + arms[3])
    return folder / "one.toml"


def bytes_per_cell(hindlimb, study, folder):
    """What each further cell needs in a section that is crowded with fibroblasts; one section is simulated at a time."""
    memory, cells = [], []
    for density in FIBROBLASTS_PER_MM2:
        command = (hindlimb, "run", study, "--agents", "--set", "agents.fibres=5000", "--set",
                   f"agents.fibroblasts_per_mm2={density}", "--threads", 1, "--force", "-o", folder / "d.h5")
        memory.append(run(*command)[1])
        run(*command, "--set", "agents.snapshots_d=[0, 22]")
        with h5py.File(folder / "d.h5") as file:
            cells.append(int(file["agents/cells"][...].max()))
    return (memory[1] - memory[0]) * 1024**2 / (cells[1] - cells[0])


def differences(hindlimb, study, folder, *changes):
    """Of many sections from the mean field, as shares of it: {observable: {fibres: values}}."""
    def simulated(*more):
        settings = [word for change in (*ALIKE, *changes, *more) for word in ("--set", change)]
        run(hindlimb, "run", study, *settings, "--force", "-o", folder / "c.h5")
        with h5py.File(folder / "c.h5") as file:
            days = list(file["time"][...])
            return {name: file[name][..., days.index(day)].ravel().astype(float) for name, day in OBSERVABLES.items()}
    mean_field = simulated()
    found = {name: {} for name in OBSERVABLES}
    for fibres in CONVERGENCE:
        sections = simulated("fidelity=agents", f"agents.fibres={fibres}")
        for name in OBSERVABLES:
            found[name][fibres] = sections[name] / mean_field[name] - 1
    return found


def slope(by_fibres):
    """Of log(root mean square) against log(fibres)."""
    rms = [math.sqrt(np.mean(values**2)) for values in by_fibres.values()]
    return np.polyfit(np.log(list(by_fibres)), np.log(rms), 1)[0], rms


def convergence(hindlimb, study, folder):
    linear = differences(hindlimb, study, folder, *LINEAR)
    whole = differences(hindlimb, study, folder)
    result = {}
    for name in OBSERVABLES:
        fitted, rms = slope(linear[name])
        last = whole[name][CONVERGENCE[-1]]
        result[name] = {"slope": fitted, "rms_percent": [100 * value for value in rms],
                        "whole_difference_percent": 100 * float(np.mean(last)),
                        "whole_standard_error_percent": 100 * float(np.std(last, ddof=1)) / math.sqrt(last.size)}
    return result


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    benchmark, hindlimb, output = sys.argv[1], Path(sys.argv[2]).resolve(), Path(sys.argv[3])
    copies = [kernels(benchmark, 1000, ROUNDS) for _ in range(COPIES)]
    assert all(copy["same_bits"] for copy in copies), "lanes and plain numbers differ"
    rates = [copy["updates"] / copy["lanes_s"] for copy in copies]
    ratios = [copy["plain_s"] / copy["lanes_s"] for copy in copies]
    with tempfile.TemporaryDirectory(dir=output.parent.resolve()) as name:
        folder = Path(name)
        alone = one_arm(folder)
        small = [run(hindlimb, "run", alone, "--agents", "--threads", 1, "--force", "-o", folder / "x.h5")[0]
                 for _ in range(ROUNDS)]
        sizes = [run(hindlimb, "run", alone, "--agents", "--set", f"agents.fibres={n}", "--threads", 1, "--force",
                     "-o", folder / "x.h5") for n in SIZES]
        per_cell = bytes_per_cell(hindlimb, alone, folder)
        converged = convergence(hindlimb, alone, folder)
        large = study(hindlimb, folder, 12000, threads=os.cpu_count())
    exponent = math.log(sizes[-1][0] / sizes[0][0]) / math.log(SIZES[-1] / SIZES[0])
    bytes_per_fibre = (sizes[2][1] - sizes[1][1]) * 1024**2 / (SIZES[2] - SIZES[1])
    result = {
        "cores": os.cpu_count(), "step_min": copies[0]["step_min"],
        "updates_per_s": statistics.median(rates), "updates_per_s_least": min(rates), "updates_per_s_most": max(rates),
        "ratio_plain": statistics.median(ratios), "ratio_plain_least": min(ratios), "ratio_plain_most": max(ratios),
        "two_limbs_1000_fibres_22_d_s": statistics.median(small),
        "study_12000_fibres_s": large[0], "study_12000_fibres_memory_MB": large[1],
        "bytes_per_fibre_all_included": bytes_per_fibre, "bytes_per_cell": per_cell, "exponent": exponent,
        "convergence": converged,
        "seconds_by_fibres": {n: seconds for n, (seconds, _) in zip(SIZES, sizes)},
        "memory_MB_by_fibres": {n: memory for n, (_, memory) in zip(SIZES, sizes)},
    }
    output.write_text(json.dumps(result, indent=2) + "\n")
    print(f"{os.cpu_count()} cores; step {copies[0]['step_min']} min; an update is one fibre or cell advanced by one step\n")
    print(f"{'agents, six fields, all rules':<58}{'measured':>14}{'aim':>10}")
    rows = [
        ("updates per second and core, lanes", f"{result['updates_per_s']:.3g}", "1e7"),
        ("   spread over copies of the program", f"{min(rates):.3g}-{max(rates):.3g}", ""),
        ("plain numbers in the place of lanes, times as long", f"{result['ratio_plain']:.2f}", ""),
        ("PhysiCell 1.14, updates per second and core (quoted)", PHYSICELL, ""),
        ("1,000 fibres, two limbs, 22 d, one core", f"{result['two_limbs_1000_fibres_22_d_s']:.2f} s", "2 s"),
        ("12,000 fibres x 2 limbs x 8 rats x 4 arms, all cores", f"{large[0]:.0f} s", "120 s"),
        ("   its memory", f"{large[1]:.0f} MB", ""),
        ("bytes per fibre, its cells and all else included", f"{bytes_per_fibre:.0f}", "1000"),
        ("bytes per further cell", f"{per_cell:.0f}", "200"),
        ("time ~ fibres^x from 10^3 to 10^5, x", f"{exponent:.2f}", "1"),
    ]
    for label, value, aim in rows:
        print(f"{label:<58}{value:>14}{aim:>10}")
    print(f"\ndifference from the mean field, {2 * RATS} sections; root mean square in % at {CONVERGENCE} fibres, slope, and\n"
          f"with fibres that differ and feedback on the mean difference at {CONVERGENCE[-1]} fibres +- its standard error\n")
    for name, day in OBSERVABLES.items():
        one = converged[name]
        rms = ", ".join(f"{value:.2f}" for value in one["rms_percent"])
        print(f"{name:<5}day {day}   {rms:<28} slope {one['slope']:.2f}   {one['whole_difference_percent']:+.2f} +- "
              f"{one['whole_standard_error_percent']:.2f} %")
    print(f"\nwritten to {output}")


if __name__ == "__main__":
    main()
