#!/usr/bin/env bash
# Builds the program with its tests and runs them.
set -euo pipefail
# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

presets=(release)
without_long=(-LE '^long$')
select=("${without_long[@]}")
case ${1:-} in
  '') ;;
  --all)
    presets=(release debug)
    select=()
    ;;
  -h | --help)
    echo "usage: scripts/test.sh [--all]
Installs what is missing (apt-get), builds the release preset with its tests and runs them.
  --all   the long tests too, and the others again in the debug preset (sanitizers)"
    exit
    ;;
  *) die "test.sh: '$1' is no option; see --help" ;;
esac

log=$root/build/test.log
trap return_ownership EXIT
cd "$root"
mkdir -p build

install_packages test
: >"$log"
for preset in "${presets[@]}"; do
  build_preset "$log" "$preset" ON
done
failed=()
for preset in "${presets[@]}"; do
  echo "Testing the $preset build ..."
  ctest --preset "$preset" --parallel "$(nproc)" --no-tests=error "${select[@]}" || failed+=("$preset")
  select=("${without_long[@]}")
done
[[ ${#failed[@]} -eq 0 ]] || die "Tests failed in: ${failed[*]}"
