#!/bin/sh
# tests/hosts/idl/places.sh -- places.sh GDL LIBCLQ_IDL: where clq_lib looks for the library, and what it says of its absence.
# SPDX-License-Identifier: BSD-3-Clause
set -eu
gdl=$1 library=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset CLQ_IDL_LIB
routines=$work/share/calanque/idl
mkdir -p "$routines" "$work/lib"
cp "$here"/../../../capi/bindings/idl/*.pro "$routines"
printf "!path = '%s:' + !path\nprint, 'found ', clq_lib()\nexit\n" "$routines" >"$work/batch.pro"
for file in "$routines"/*.pro; do
  grep -q "[( ]$(basename "$file")" "$here/../../../capi/bindings/idl/CMakeLists.txt" ||
    { echo "places.sh: $(basename "$file") is not installed"; exit 1; }
done
found() { cd "$work" && GDL_DISABLE_WX_PLOTS=1 "$gdl" -q --no-use-wx batch.pro </dev/null 2>&1; }
expect() {
  said=$(found)
  case $said in
    *"$1"*) ;;
    *) echo "places.sh: wanted '$1', got: $said"; exit 1 ;;
  esac
}

expect "no $routines/libclq_idl.so, no $routines/../../../lib/libclq_idl.so; CLQ_IDL_LIB may name libclq_idl.so"
cp "$library" "$work/lib"
expect "found $routines/../../../lib/libclq_idl.so"
cp "$library" "$routines"
expect "found $routines/libclq_idl.so"
export CLQ_IDL_LIB=/nowhere/libclq_idl.so
expect "CLQ_IDL_LIB: no file /nowhere/libclq_idl.so"
export CLQ_IDL_LIB="$work/lib/libclq_idl.so"
expect "found $work/lib/libclq_idl.so"
