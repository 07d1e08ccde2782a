#!/usr/bin/python3
"""Makes the estimates of a fit the shipped defaults: rewrites value and source in include/hindlimb/laws/parameters.def.

usage: scripts/adopt_fit.py results/fit_reference.toml
"""
import re
import sys
import tomllib
from pathlib import Path

TABLE = Path(__file__).resolve().parent.parent / "include/hindlimb/laws/parameters.def"
MUSCLES = ["soleus", "gastrocnemius_medial", "gastrocnemius_lateral", "plantaris", "tibialis_anterior", "edl"]
DIGITS = 4


def read_fit(path):
    """{name: (value, "95 % a to b")} with muscle.name for the parameters of one muscle."""
    text = Path(path).read_text()
    values = tomllib.loads(text)["parameters"]
    flat = {k: v for k, v in values.items() if not isinstance(v, dict)}
    flat |= {f"{muscle}.{k}": v for muscle, inner in values.items() if isinstance(inner, dict) for k, v in inner.items()}
    notes = dict(re.findall(r"^(\S+) = \S+ # (.*)$", text, re.M))
    fit = {name: (float(f"{value:.{DIGITS}g}"), notes[name]) for name, value in flat.items()}
    for name in [name for name in fit if name.startswith("gastrocnemius.")]:
        for head in ("medial", "lateral"):
            fit[name.replace(".", f"_{head}.")] = fit[name]
        del fit[name]
    return fit


def with_fitted_source(source, note):
    """The source keeps what it says of prior knowledge behind a first word on where the value is from."""
    prior = re.sub(r"^(provisional|fitted[^;]*)(; )?", "", source)
    prior = re.sub(r"@assumed(: )?", lambda m: "prior: " if m[1] else "", prior).strip("; ")
    return f"fitted, {note}" + (f"; {prior}" if prior else "")


def adopt_shared(table, name, value, note):
    pattern = rf'(HINDLIMB_PARAMETER\({name}, "[^"]*", "[^"]*", [^,]+, [^,]+, )([^,]+)(,\s*")([^"]*)(")'
    return re.subn(pattern, lambda m: f"{m[1]}{value:g}{m[3]}{with_fitted_source(m[4], note)}{m[5]}", table)


def adopt_muscle(table, muscle, name, value, note):
    pattern = rf'(HINDLIMB_MUSCLE_PARAMETER\({name}, (?:"[^"]*", ){{2}}[^,]+, [^,]+,\s*")([^"]*)(",\s*"[^"]*",\s*)([^)]*)(\))'

    def replace(match):
        numbers = [n.strip() for n in match[4].split(",")]
        numbers[MUSCLES.index(muscle)] = f"{value:g}"
        source = re.sub(rf"; {muscle} fitted[^;]*", "", re.sub(r"^provisional(; )?", "", match[2])).removeprefix("; ")
        return f"{match[1]}{source}{'; ' if source else ''}{muscle} fitted, {note}{match[3]}{', '.join(numbers)}{match[5]}"

    return re.subn(pattern, replace, table)


def main():
    if len(sys.argv) != 2 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    table = TABLE.read_text()
    for name, (value, note) in read_fit(sys.argv[1]).items():
        muscle, _, own = name.rpartition(".")
        table, n = adopt_muscle(table, muscle, own, value, note) if muscle else adopt_shared(table, name, value, note)
        if n != 1:
            sys.exit(f"adopt_fit.py: {name} stands {n} times in {TABLE}")
    TABLE.write_text(table)


if __name__ == "__main__":
    main()
