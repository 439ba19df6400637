#!/bin/sh
# tests/hosts/idl/run_gdl.sh -- run_gdl.sh GDL TEST [FOLDER...]: the procedure TEST by GDL, with the .pro files of the folders.
# SPDX-License-Identifier: BSD-3-Clause
# GDL leaves with status 0 after an error that nothing caught, so the test's own last line is looked for.
set -eu
gdl=$1 test=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
path=$here:$root/capi/bindings/idl
for folder in "$@"; do path=$path:$folder; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf "!path = '%s:' + !path\n!quiet = 1\n.compile expect\n%s\nexit, status=9\n" "$path" "$test" >"$work/batch.pro"
cd "${CLQ_TEST_FOLDER:-$work}"
status=0
GDL_DISABLE_WX_PLOTS=1 "$gdl" -q --no-use-wx "$work/batch.pro" </dev/null >"$work/out" 2>&1 || status=$?
cat "$work/out"
[ "$status" = 0 ] && grep -q "^$test: [1-9][0-9]* expectations, 0 failed" "$work/out"
