#!/bin/sh
# Writes again what is generated: configs/reference.toml, docs/keys.md, and the parts of docs/model.md and docs/ODD.md between markers.
#
# usage: scripts/renew_pages.sh BUILD [FIT.md]     BUILD: where the program is; FIT.md: the report of `hindlimb fit`, if it is new
set -eu
cd "$(dirname "$0")/.."
hindlimb=$1/hindlimb

between() { # between NAME [PAGE] < new text
  sed -i -e "/^<!-- $1: begin/r /dev/stdin" -e "/^<!-- $1: begin/,/^<!-- $1: end/{//!d}" "docs/${2:-model.md}"
}

"$hindlimb" explain --reference > configs/reference.toml
"$hindlimb" explain --markdown > docs/keys.md
"$hindlimb" explain --model | between tables
"$hindlimb" explain --agents | between agents ODD.md
"$hindlimb" validate --markdown | between validation
if [ $# -gt 1 ]; then
  sed 's/^## /### /' "$2" | between fit
fi
