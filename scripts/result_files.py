"""What the scripts that read result files have in common."""
import sys
from pathlib import Path

import xarray as xr

UNITS = {"um2": "µm²", "1/mm2": "1/mm²", "1": "", "month": "months"}


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
