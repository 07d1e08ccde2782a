#!/usr/bin/env bash
# From a fresh checkout to the first study and its picture.
set -euo pipefail
# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

case ${1:-} in
  '') ;;
  -h | --help)
    echo "usage: scripts/quickstart.sh
Installs what is missing (apt-get), builds the program in build/release, runs configs/miller2018.toml,
compares it with published data and draws it. Replaces results/miller2018.* and nothing else."
    exit
    ;;
  *) die "quickstart.sh: '$1' is no option; see --help" ;;
esac

start=$SECONDS
study=miller2018
log=$root/build/quickstart.log
trap return_ownership EXIT
cd "$root"
mkdir -p build results

install_packages run
: >"$log"
build_preset "$log" release OFF

echo "Running configs/$study.toml ..."
build/release/hindlimb run "configs/$study.toml" --force
echo
build/release/hindlimb compare "results/$study.h5"
echo
step "$log" "Drawing results/$study.png" \
  /usr/bin/python3 scripts/plot_study.py "results/$study.h5" -o "results/$study.png"

cat <<END

Done in $((SECONDS - start)) s. In $root:
  results/$study.h5      the study: every observable, animal, limb and day, with its configuration
  results/$study.png     its picture: simulated curves, published points

Next:
  build/release/hindlimb --help
  scripts/plot_study.py results/$study.h5 --observables rna,pfak -o results/rna_pfak.png
  scripts/test.sh      runs the tests
  build/release/hindlimb init      writes studies to start from, one for your own measurements
END
