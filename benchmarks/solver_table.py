#!/usr/bin/python3
"""Runs copies of solver_benchmark in turn, prints medians and spread, and writes the ratios as JSON.

usage: benchmarks/solver_table.py BENCHMARK BENCHMARK_WITH_DEBIANS_CVODE OUTPUT.json
"""
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

STUDY = "configs/miller2018.toml"
COPIES, RATS, ROUNDS = 5, 64, 5
NAMES = {
    "ensemble_f64": "hindlimb, ensemble, f64", "scalar": "hindlimb, scalar", "odeint": "Boost.Odeint dopri5, dense output",
    "cvode_bdf": "CVODE -O3, BDF", "cvode_adams": "CVODE -O3, Adams", "debian_bdf": "CVODE of Debian, BDF",
    "debian_adams": "CVODE of Debian, Adams", "ensemble_f32": "hindlimb, ensemble, f32",
    "cvode_bdf_f32": "CVODE -O3, BDF", "cvode_adams_f32": "CVODE -O3, Adams"}


def run(program):
    return json.loads(subprocess.run([program, STUDY, str(RATS), str(ROUNDS)], check=True, capture_output=True, text=True).stdout)


def measure(program, debian):
    """One result for each copy of the program: one copy of a file may be placed badly in memory."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for copy in range(COPIES):
            name = shutil.copy(program, Path(folder) / f"copy{copy}")
            result, other = run(name), run(debian)
            result["debian_bdf"], result["debian_adams"] = other["cvode_bdf"], other["cvode_adams"]
            results.append(result)
            print(f"copy {copy + 1} of {COPIES} done", file=sys.stderr)
    return results


def ratios(result):
    speed = {name: result[name]["per_s"] for name in NAMES}
    study = result["study"]
    return {"ratio_cvode_o3": speed["ensemble_f64"] / max(speed["cvode_bdf"], speed["cvode_adams"]),
            "ratio_cvode_o3_bdf": speed["ensemble_f64"] / speed["cvode_bdf"],
            "ratio_cvode_debian": speed["ensemble_f64"] / max(speed["debian_bdf"], speed["debian_adams"]),
            "ratio_odeint": speed["ensemble_f64"] / speed["odeint"],
            "ratio_scalar": speed["ensemble_f64"] / speed["scalar"],
            "ratio_cvode_o3_f32": speed["ensemble_f32"] / max(speed["cvode_bdf_f32"], speed["cvode_adams_f32"]),
            "ratio_cvode_o3_bdf_f32": speed["ensemble_f32"] / speed["cvode_bdf_f32"],
            "efficiency_2_cores": study["efficiency_2_cores"], "efficiency_2_apart": study["efficiency_2_apart"],
            "efficiency_2_of_possible": study["efficiency_2_cores"] / study["efficiency_2_apart"],
            "ratio_forked_arms": study["forked_dose"],
            "ratio_forked_arms_late": study["forked_late"], "study_per_s": study["per_s"]}


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    results = measure(sys.argv[1], sys.argv[2])
    print(f"simulations per second and core, {STUDY}; instruction set {results[0]['instruction_set']}\n")
    print(f"{'solver':36}{'per s':>10}{'least':>10}{'most':>10}{'rtol':>10}{'attained error':>16}")
    for name, title in NAMES.items():
        speeds = [result[name]["per_s"] for result in results]
        print(f"{title:36}{statistics.median(speeds):10.0f}{min(speeds):10.0f}{max(speeds):10.0f}"
              f"{results[0][name]['rtol']:10.1e}{results[0][name]['error']:16.1e}")
    table = {}
    print(f"\n{'ratio':36}{'median':>10}{'least':>10}{'most':>10}")
    for key in ratios(results[0]):
        values = [ratios(result)[key] for result in results]
        table[key] = statistics.median(values)
        table[f"{key}_least"], table[f"{key}_most"] = min(values), max(values)
        print(f"{key:36}{table[key]:10.2f}{min(values):10.2f}{max(values):10.2f}")
    table["instruction_set"] = results[0]["instruction_set"]
    table["solvers"] = {name: {**results[0][name], "per_s": statistics.median(result[name]["per_s"] for result in results)}
                        for name in NAMES}
    Path(sys.argv[3]).write_text(json.dumps(table, indent=2) + "\n")
    print(f"\nwritten to {sys.argv[3]}")


if __name__ == "__main__":
    main()
