#!/usr/bin/env bash
# Measures hindlimb against its peers and writes results/benchmark-<what>.json.
set -euo pipefail
# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

usage="usage: scripts/benchmark.sh solver|sweep|agents
solver  builds the benchmark (twice: CVODE from Debian's source with -O3, and as Debian ships it), runs several copies
        of it in turn, prints a table and writes results/benchmark-solver.json. About five minutes on a quiet machine.
sweep   builds the program, runs sweeps of 10^5 and 10^6 simulations, prints a table of times, memory and what writing
        costs, and writes results/benchmark-sweep.json. About two minutes, and 2 GB of disk while it runs.
agents  builds the program and a benchmark of the agents' loops, prints a table of updates per second, times, memory and how
        time grows with the number of fibres, and writes results/benchmark-agents.json. About five minutes."
case ${1:-} in
  solver | sweep | agents) ;;
  -h | --help) echo "$usage"; exit ;;
  *) die "benchmark.sh: say what to measure" "$usage" ;;
esac

cd "$root"
log=$root/build/benchmark.log
mkdir -p build results
: >"$log"
trap return_ownership EXIT
install_packages test

# The source package that belongs to the library installed, fetched with lists of its own: the system's stay as they are.
fetch_sundials() {
  local lists=$root/build/sundials/apt
  mkdir -p "$lists/state/lists/partial" "$lists/cache/archives/partial"
  local archive suite # those that the installed package came from
  read -r archive suite < <(apt-cache policy libsundials-dev | awk '/^ +[0-9]+ http/ {split($3, part, "/"); print $2, part[1]; exit}')
  echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive $suite main" >"$lists/sources.list"
  local apt=(apt-get -o "Dir::Etc::sourcelist=$lists/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$lists/state/lists" -o "Dir::Cache=$lists/cache")
  (cd "$root/build/sundials" && "${apt[@]}" update && "${apt[@]}" source --download-only sundials &&
    mkdir -p source && tar xf sundials_*.orig.tar.* -C source --strip-components=1)
}

build_sundials() {
  local here=$root/build/sundials
  rm -rf "$here/install"
  cmake -S "$here/source" -B "$here/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS_RELEASE=-O3 \
    -DBUILD_ARKODE=OFF -DBUILD_CVODES=OFF -DBUILD_IDA=OFF -DBUILD_IDAS=OFF -DBUILD_KINSOL=OFF \
    -DEXAMPLES_ENABLE_C=OFF -DEXAMPLES_INSTALL=OFF -DCMAKE_INSTALL_PREFIX="$here/install" &&
    ninja -C "$here/build" install && touch "$here/installed"
}

build_benchmark() { # DIRECTORY CMAKE-OPTION...
  local directory=$1
  shift
  cmake -S "$root" -B "$directory" -G Ninja -DCMAKE_BUILD_TYPE=Release -DHINDLIMB_TESTS=OFF -DHINDLIMB_BENCHMARKS=ON "$@" &&
    ninja -C "$directory" solver_benchmark ceiling
}

step() { # TEXT COMMAND...: silent unless it fails
  echo "$1 ..."
  "${@:2}" >>"$log" 2>&1 || { tail -n 20 "$log" >&2; die "That failed; whole output: $log"; }
}

if [[ $1 == sweep ]]; then
  build_program() { cmake --preset release && cmake --build build/release --target hindlimb; }
  step "Building hindlimb" build_program
  exec /usr/bin/python3 benchmarks/sweep_table.py build/release/hindlimb results/benchmark-sweep.json
fi

if [[ $1 == agents ]]; then
  build_agents() {
    cmake --preset release -DHINDLIMB_BENCHMARKS=ON && cmake --build build/release --target hindlimb agents_benchmark
  }
  step "Building hindlimb and the benchmark" build_agents
  exec /usr/bin/python3 benchmarks/agents_table.py build/release/benchmarks/agents_benchmark build/release/hindlimb \
    results/benchmark-agents.json
fi

[[ -e build/sundials/installed ]] || {
  mkdir -p build/sundials
  step "Fetching the source of SUNDIALS" fetch_sundials
  step "Building it with -O3" build_sundials
}
step "Building the benchmark (minutes, the first time)" build_benchmark build/benchmark -DCMAKE_PREFIX_PATH="$root/build/sundials/install"
step "Building it with Debian's SUNDIALS" build_benchmark build/benchmark-debian
build/benchmark/benchmarks/ceiling
/usr/bin/python3 benchmarks/solver_table.py build/benchmark/benchmarks/solver_benchmark \
  build/benchmark-debian/benchmarks/solver_benchmark results/benchmark-solver.json
