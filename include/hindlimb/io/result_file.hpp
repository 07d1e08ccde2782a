#pragma once

#include <filesystem>

#include "hindlimb/scenario/study.hpp"
#include "hindlimb/sim/results.hpp"

namespace hindlimb::io {

using scenario::Precision;

/// Write one run as an HDF5 file that netCDF tools, h5py, xarray and R read with names and units, and its checksum.
///
/// Layout: the dimension scales run, time, arm, limb, muscle, animal; massaged(arm, limb); run_key, status, message,
/// n_steps, wall_time(run); every series as (run, arm, animal, muscle, limb, time); run has length 1. At the root:
/// Conventions, the attributes of `results` as text, and the seed. Equal results give equal bytes. If there are
/// pictures of sections, they are in the group /agents (docs/agents.md), which read_results() leaves alone.
/// Both files appear whole or not at all: written under another name, fsynced, renamed; the checksum last.
///
/// @param results    at least one arm, animal, muscle, limb and time; every series has their full size
/// @param file       replaced if it exists
/// @param precision  of the series
/// @throws Error     naming the file and what is in the way: no such directory, no permission, no space; the old
///                   file and its checksum are then untouched
void write_results(const sim::Results& results, const std::filesystem::path& file, Precision precision);

/// Read a file of one run; with Precision::f8 every number is the one that was written, NaN included.
/// @throws InputError as RunsFile, or if it has several runs
sim::Results read_results(const std::filesystem::path& file);

}  // namespace hindlimb::io
