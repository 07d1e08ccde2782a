"""What the scripts that read result files have in common."""
import difflib
import hashlib
import subprocess
import sys
from pathlib import Path

import h5py
import xarray as xr

UNITS = {"um2": "µm²", "1/mm2": "1/mm²", "1": "", "month": "months"}
HDF5 = b"\x89HDF\r\n\x1a\n"  # how every such file begins
SLOWEST_BYTES_PER_S = 2e6  # far more than it takes; a file that is not read by then is never read
MOST_LETTERS = 54  # of a name, in the heading of a panel


def fail(message):
    sys.exit(f"{Path(sys.argv[0]).name}: {message}")


def choose(what, wanted, there):
    if wanted in there:
        return wanted
    by_small_letters = {name.lower(): name for name in there}
    near = difflib.get_close_matches(wanted.lower(), by_small_letters, 1)
    hint = f"did you mean '{by_small_letters[near[0]]}'? There are: " if near else "there are: "
    fail(f"{what} '{wanted}' is not in the file; {hint}{', '.join(there)}")


def open_result(path, kind, dimensions):
    """What a file of a kind ('study' or 'sweep') has at its top; fails, saying why, where it cannot be read."""
    made = f"'hindlimb {'run' if kind == 'study' else kind}' makes one"
    require_whole(path, made)
    root = opened(path)
    if root is None or not dimensions <= set(root.dims):
        fail(f"{path}: not a {kind}'s result file; {made}")
    return root


def require_whole(path, made):
    """Fails where a file is not there, or is not as it was written: a broken one can crash whoever opens it."""
    beside = Path(f"{path}.sha256")
    try:
        if Path(path).is_fifo():
            fail(f"{path}: is a pipe, not a file")
        with open(path, "rb") as file:
            is_hdf5 = file.read(len(HDF5)) == HDF5
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest() if beside.exists() else None
        if digest and digest not in beside.read_text(encoding="utf-8", errors="replace"):
            fail(f"{path}: changed or broken: its SHA-256 is not the one in '{beside.name}'")
    except FileNotFoundError:
        fail(f"{path}: no such file; {made}")
    except IsADirectoryError:
        fail(f"{path}: is a directory, not a file")
    except OSError as error:
        fail(f"{error.filename or path}: cannot be read: {error.strerror}")
    if is_hdf5 and not digest and not can_be_read(path):
        fail(f"{path}: cannot be read: it is broken")


def can_be_read(path):
    """Tried in a process of its own."""
    seconds = 20 + Path(path).stat().st_size / SLOWEST_BYTES_PER_S
    try:
        done = subprocess.run([sys.executable, "-B", __file__, path], capture_output=True, timeout=seconds, check=False)
        return done.returncode == 0
    except subprocess.TimeoutExpired:
        return False


def read_all(path):
    """Every number and text of a file."""
    def read(_, there):
        dict(there.attrs)
        if isinstance(there, h5py.Dataset):
            there[()]

    with h5py.File(path) as file:
        file.visititems(read)
    opened(path)


def opened(path, group=None):
    for engine in ("h5netcdf", "netcdf4"):
        try:
            return xr.open_dataset(path, group=group, engine=engine)
        except Exception:  # each engine has its own kind of error for a file that it cannot read
            pass
    return None


def shortened(name, most=MOST_LETTERS):
    """A name without its middle where it is longer."""
    return name if len(name) <= most else f"{name[:most // 2 - 1]}…{name[-(most // 2):]}"


def short_names(names, most=MOST_LETTERS):
    """Of each name; all of them whole where two would become equal."""
    short = {name: shortened(name, most) for name in names}
    return short if len(set(short.values())) == len(short) else {name: name for name in names}


def observables(series):
    """Names; those of single fibre types with the type after a dot."""
    names = []
    for name, variable in series.data_vars.items():
        types = [str(t) for t in series.fibre_type.values] if "fibre_type" in variable.dims else []
        names += [f"{name}.{t}" for t in types] or [name]
    return names


def values_of(series, observable):
    """The variable, of one fibre type where the name has one."""
    name, _, fibre_type = observable.partition(".")
    return series[name].sel(fibre_type=fibre_type) if fibre_type else series[name]


def quantity_of(series, observable):
    """What an observable is, in words."""
    name, _, fibre_type = observable.partition(".")
    return series[name].attrs.get("long_name", name) + (f", {fibre_type}" if fibre_type else "")


def unit_of(variable):
    unit = variable.attrs.get("units", "")
    return UNITS.get(unit, unit)


if __name__ == "__main__":
    read_all(sys.argv[1])
