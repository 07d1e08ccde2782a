#!/usr/bin/env bash
# Installs what hindlimb needs on Debian; quickstart.sh and test.sh source it for the functions below.
set -euo pipefail

build_packages=(g++ cmake ninja-build git libeigen3-dev libboost-dev libboost-program-options-dev libhdf5-dev
                libtomlplusplus-dev librandom123-dev libfmt-dev libssl-dev
                libdeflate-dev libceres-dev)
plot_packages=(python3 python3-xarray python3-h5netcdf python3-matplotlib python3-pil)
# libsundials-dev: only the tests that compare with CVODE; python3-netcdf4, netcdf-bin: other readers of result files;
# python3-vtk9: a reader of what export_vtk.py writes; zsh, mandoc: completion and man pages; doxygen: the reference of
# the headers; dpkg-dev: packages; clang-format-14: the test of the same name; from r-base-core on: readers that draw, and a font that Octave needs.
test_packages=(libgtest-dev libgmock-dev librapidcheck-dev libsundials-dev python3-h5py python3-netcdf4 netcdf-bin
               python3-vtk9 zsh mandoc doxygen dpkg-dev clang-format-14
               r-base-core r-cran-ncdf4 r-bioc-rhdf5 gnuplot-nox octave octave-netcdf fonts-freefont-otf)
# For scripts/lint.sh; those of the tests are for what it reads of them.
lint_packages=(clang-format-14 clang-tidy-14 shellcheck libgtest-dev libgmock-dev librapidcheck-dev libsundials-dev)

root=$(CDPATH='' cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

die() {
  {
    echo
    printf '%s\n' "$@"
  } >&2
  exit 1
}

# Those of the packages named that are not installed, one a line.
missing_packages() {
  local installed
  # shellcheck disable=SC2016 # ${...} is dpkg-query's own notation
  installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null | sed -n 's/ installed$//p') || true
  grep -Fxv -f <(printf '%s\n' "$installed") < <(printf '%s\n' "$@") || true
}

# install_packages run|test|lint: installs what is missing; silent where nothing is.
install_packages() {
  local wanted=("${build_packages[@]}" "${plot_packages[@]}") missing as_root=(env) by_hand
  [[ $1 != test ]] || wanted+=("${test_packages[@]}")
  [[ $1 != lint ]] || wanted+=("${lint_packages[@]}")
  if ! command -v dpkg-query >/dev/null; then
    echo "This is no Debian system, so nothing is installed. Needed, by their Debian names: ${wanted[*]}" >&2
    return # CMake will say what it cannot find
  fi
  mapfile -t missing < <(missing_packages "${wanted[@]}")
  [[ ${#missing[@]} -gt 0 && -n ${missing[0]} ]] || return 0

  by_hand="Install by hand, then start again:  apt-get install --no-install-recommends ${missing[*]}"
  command -v apt-get >/dev/null || die "apt-get is not there to install what is missing." "$by_hand"
  if [[ $EUID -ne 0 ]]; then
    command -v sudo >/dev/null || die "Packages are missing, and only root or sudo may install them." "$by_hand"
    as_root=(sudo env)
    ${as_root[0]} -v || die "sudo refused to install what is missing." "$by_hand"
  fi
  as_root+=(DEBIAN_FRONTEND=noninteractive)

  local log=$root/build/setup.log
  mkdir -p "$root/build"
  echo "Installing ${#missing[@]} packages: ${missing[*]}"
  # A repository that does not answer need not be the one that has the packages: let the installation decide.
  "${as_root[@]}" apt-get update >"$log" 2>&1 </dev/null || true
  if ! "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "${missing[@]}" \
    >>"$log" 2>&1 </dev/null; then
    grep -E '^(E|W|Err)[: ]' "$log" | tail -n 12 >&2 || true
    die "apt-get could not install them (no network? whole output: $log)." "$by_hand"
  fi
}

# step <log> <title> <command>...: one line with the time taken; if it fails, the end of the log.
step() {
  local log=$1 title=$2 start=$SECONDS
  shift 2
  printf '%-58s' "$title ..."
  if "$@" >>"$log" 2>&1 </dev/null; then
    printf '%4d s\n' $((SECONDS - start))
  else
    printf 'failed after %d s\n\n' $((SECONDS - start))
    tail -n 40 "$log" >&2
    die "$title failed. The whole log: $log"
  fi
}

# build_preset <log> <preset> ON|OFF (the tests)
build_preset() {
  local log=$1 preset=$2 tests=$3 launcher='' fresh=() what=program
  [[ $tests == OFF ]] || what="program and tests"
  # A checkout that was moved or copied brings a cache that points elsewhere.
  local cache=$root/build/$preset/CMakeCache.txt
  if [[ -f $cache ]] && ! grep -Fqx "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache"; then fresh=(--fresh); fi
  launcher=$(command -v ccache) || true
  step "$log" "Configuring the $preset build" \
    cmake --preset "$preset" "${fresh[@]}" "-DHINDLIMB_TESTS=$tests" "-DCMAKE_CXX_COMPILER_LAUNCHER=$launcher"
  # time_macros, pch_defines: ccache's manual asks for them where headers are precompiled.
  step "$log" "Building $what (minutes, the first time)" \
    env CCACHE_SLOPPINESS=pch_defines,time_macros cmake --build "build/$preset" --parallel "$(nproc)"
}

# What root made under sudo belongs to whoever owns the checkout.
return_ownership() {
  [[ $EUID -ne 0 ]] || chown -R --reference="$root" "$root/build" "$root/results" 2>/dev/null || true
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  case ${1:-} in
    run | test | lint)
      install_packages "$1"
      return_ownership
      ;;
    *)
      echo "usage: scripts/setup.sh run|test|lint
Installs what is missing with apt-get: run, to build, run and plot; test, for the tests also; lint, for scripts/lint.sh."
      [[ ${1:-} == -h || ${1:-} == --help ]] || exit 2
      ;;
  esac
fi
