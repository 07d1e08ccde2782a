#!/usr/bin/env bash
# Reads all C++ and all shell scripts with clang-format, clang-tidy and shellcheck.
set -euo pipefail
# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

case ${1:-} in
  -h | --help)
    echo "usage: scripts/lint.sh [PART]...
Installs what is missing (apt-get: ${lint_packages[*]}), then asks
clang-format 14 whether files are laid out by .clang-format, shellcheck about scripts/*.sh, and clang-tidy 14 by the
checks of .clang-tidy about every .cpp file of src, tests and benchmarks and the headers that it includes. Nothing is
compiled; all of it takes most of an hour on two cores.
  PART   ask clang-tidy only about files with this in their path, such as src/io"
    exit
    ;;
  -*) die "lint.sh: '$1' is no option; see --help" ;;
esac
parts=("$@")
[[ $# -gt 0 ]] || parts=('/(src|tests|benchmarks)/')

log=$root/build/lint.log
trap return_ownership EXIT
cd "$root"
mkdir -p build

install_packages lint
: >"$log"
step "$log" "Reading with clang-format" cmake "-DSOURCE_DIR=$root" -P tests/format.cmake
step "$log" "Reading with shellcheck" shellcheck -x scripts/*.sh
# A build of its own, without the precompiled headers of g++, which clang-tidy cannot read.
step "$log" "Asking CMake how files are compiled" \
  cmake --preset release -B build/lint -DHINDLIMB_TESTS=ON -DHINDLIMB_BENCHMARKS=ON -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON
step "$log" "Writing headers" cmake --build build/lint --target hindlimb_generated
echo "Reading with clang-tidy ..."
if ! run-clang-tidy-14 -quiet -p build/lint -j "$(nproc)" "${parts[@]/%/.*[.]cpp$}" >>"$log" 2>&1; then
  sed -nE "s/\x1b\[[0-9;]*m//g; s|^$root/||; /: (error|note): /p" "$log" | awk '!seen[$0]++' >&2 # headers come often
  die "clang-tidy has found something. Its whole output: $log"
fi
echo "Nothing to complain about."
