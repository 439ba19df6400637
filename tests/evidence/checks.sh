# tests/evidence/checks.sh -- the arguments and the loop of the scripts beside it, which source it.
# SPDX-License-Identifier: BSD-3-Clause
#
# They set before: topic, the folder of the checks; every, all of them; long, those that know --full; packages, for
# tests/install_packages.sh; presets, to be built.
set -euo pipefail
cd "$(dirname "$0")/../.."

install=yes
checks=()
full=()
arguments=(--seed 1)

refuse() {
  echo "$topic.sh: $1" >&2
  exit 2
}

take_arguments() {
  while [ $# -gt 0 ]; do
    case $1 in
      --controls) arguments+=(--controls) ;;
      --full) [ ${#long[@]} -gt 0 ] || refuse "no check takes --full"; full=(--full) ;;
      --seed | --only) [ $# -gt 1 ] || refuse "$1 wants a value" ;;&
      --seed) arguments+=(--seed "$2"); shift ;;
      --only) [[ " ${every[*]} " == *" $2 "* ]] || refuse "no check $2; there are: ${every[*]}"; checks+=("$2"); shift ;;
      --no-install) install=no ;;
      *) refuse "unknown argument $1" ;;
    esac
    shift
  done
  [ ${#checks[@]} -gt 0 ] || checks=("${every[@]}")
}

build() {
  for preset in "${presets[@]}"; do
    cmake --preset "$preset" >/dev/null
    cmake --build --preset "$preset" -j "$(nproc)" -- --quiet
  done
}

# Exit code 77 of a check: nothing is wrong, and a part was not measured.
run_checks() {
  local check short=0 skipped=()
  for check in "${checks[@]}"; do
    local more=() code=0
    [[ " ${long[*]} " != *" $check "* ]] || more=("${full[@]}")
    /usr/bin/python3 "tests/evidence/$topic/$check.py" --build build/release "${arguments[@]}" "${more[@]}" || code=$?
    case $code in
      0) ;;
      77) skipped+=("$check") ;;
      *) short=1 ;;
    esac
  done
  [ ${#skipped[@]} -eq 0 ] || echo "${#skipped[@]} of ${#checks[@]} checks skipped, in whole or in part: ${skipped[*]}"
  return $short
}

take_arguments "$@"
[ $install = no ] || bash tests/install_packages.sh "$packages"
build
run_checks
