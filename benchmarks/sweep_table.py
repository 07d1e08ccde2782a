#!/usr/bin/python3
"""How fast are sweeps, what does writing cost, how much memory do they take, and how soon does a finished one say so?

usage: sweep_table.py HINDLIMB OUTPUT.json

Simulations are of one muscle of both limbs of one rat over 22 d (benchmarks/sweep_series.toml); the peer is the usual
way, a process and a file for each point, by `hindlimb run`. Times are of the whole command, reading and writing
included; medians of three, but for the million, which is run once.
"""
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
SERIES = (HERE / "sweep_series.toml").read_text()
REPEATS = 3
PEER_RUNS = 100


def run(*command):
    """Seconds, largest resident memory in MB, and what was printed."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {status}: {output}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024, output


def changed(*changes):
    text = SERIES
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def sweep(hindlimb, folder, name, text, repeats=REPEATS):
    """Medians of a sweep that is run anew each time, and the share of its time that went into writing."""
    file = folder / f"{name}.toml"
    file.write_text(text)
    result = folder / f"{name}.h5"
    seconds, memory, shares = [], [], []
    for _ in range(repeats):
        spent, megabytes, output = run(hindlimb, "sweep", file, "-o", result, "--force")
        total, writing = map(float, re.search(r"in ([\d.e+-]+) s, ([\d.e+-]+) s of them to write", output).groups())
        seconds.append(spent)
        memory.append(megabytes)
        shares.append(writing / total)
    return {"seconds": statistics.median(seconds), "spread_s": max(seconds) - min(seconds),
            "memory_MB": max(memory), "writing_share": statistics.median(shares),
            "file_MB": result.stat().st_size / 1e6}


def peer(hindlimb, folder):
    """Seconds of one `hindlimb run` for one point, one thread, with its file."""
    text = SERIES[:SERIES.index("[sweep]")]
    (folder / "one.toml").write_text(text)
    seconds = []
    for i in range(PEER_RUNS):
        spent, _, _ = run(hindlimb, "run", folder / "one.toml", "--set", f"arm.REM.massage.force_N={0.5 + 0.08 * i}",
                          "-o", folder / "one.h5", "--force", "--quiet", "--threads", "1")
        seconds.append(spent)
    return statistics.median(seconds)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    hindlimb, output = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    final = changed(("points = 100000", 'points = 1000000\nkeep = "final"'))
    uncompressed = changed(('design = "sobol"', 'design = "sobol"\ncompress = "none"'))
    with tempfile.TemporaryDirectory(dir=output.parent.resolve()) as name:
        folder = Path(name)
        series = sweep(hindlimb, folder, "series", SERIES)
        raw = sweep(hindlimb, folder, "raw", uncompressed)
        million = sweep(hindlimb, folder, "million", final, repeats=1)
        again = [run(hindlimb, "sweep", folder / "million.toml", "-o", folder / "million.h5")[:2] for _ in range(REPEATS)]
        one = peer(hindlimb, folder)
    cores = os.cpu_count()
    result = {
        "cores": cores,
        "series_100000_s": series["seconds"], "series_100000_spread_s": series["spread_s"],
        "series_100000_memory_MB": series["memory_MB"], "series_100000_file_MB": series["file_MB"],
        "uncompressed_100000_s": raw["seconds"], "uncompressed_writing_share": raw["writing_share"],
        "final_1000000_s": million["seconds"], "final_1000000_memory_MB": million["memory_MB"],
        "final_1000000_file_MB": million["file_MB"],
        "resume_finished_1000000_s": statistics.median(seconds for seconds, _ in again),
        "process_per_point_s": one,
        "ratio_process_per_point": one / cores / (series["seconds"] / 1e5),
    }
    output.write_text(json.dumps(result, indent=2) + "\n")
    print(f"{cores} cores; a simulation is one muscle of both limbs of one rat over 22 d\n")
    rows = [
        ("10^5, 12 observables at 23 times, compressed", series["seconds"], "15 s", series),
        ("10^5, the same, not compressed", raw["seconds"], "", raw),
        ("10^6, final values only", million["seconds"], "60 s, 500 MB", million),
    ]
    print(f"{'sweep':<46}{'time':>8}{'aim':>14}{'memory':>9}{'file':>9}{'writing':>9}")
    for label, seconds, aim, measured in rows:
        print(f"{label:<46}{seconds:6.1f} s{aim:>14}{measured['memory_MB']:6.0f} MB{measured['file_MB']:6.0f} MB"
              f"{100 * measured['writing_share']:7.1f} %")
    print(f"{'the finished 10^6 again':<46}{result['resume_finished_1000000_s']:6.2f} s{'2 s':>14}")
    print(f"\na process and a file per point ({one * 1e3:.1f} ms each on one core): "
          f"{result['ratio_process_per_point']:.0f} times as long as the first line")
    print(f"written to {output}")


if __name__ == "__main__":
    main()
