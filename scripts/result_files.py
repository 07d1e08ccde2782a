"""What the scripts that read result files have in common."""
import sys
from pathlib import Path

import xarray as xr


def fail(message):
    sys.exit(f"{Path(sys.argv[0]).name}: {message}")


def choose(what, wanted, there):
    if wanted not in there:
        fail(f"{what} '{wanted}' is not in the file; there are: {', '.join(there)}")
    return wanted


def opened(path, group=None):
    for engine in ("h5netcdf", "netcdf4"):
        try:
            return xr.open_dataset(path, group=group, engine=engine)
        except Exception:  # each engine has its own kind of error for a file that it cannot read
            pass
    return None
