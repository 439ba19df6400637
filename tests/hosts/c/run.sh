# tests/hosts/c/run.sh -- compiles each C program of a folder as strict C99 against the library, and runs it:
# SPDX-License-Identifier: BSD-3-Clause
# run.sh LIBRARY_FOLDER INCLUDE_FOLDER PROGRAM.c...; LIBRARY_FOLDER holds libcalanque.so and calanque/plugins
set -eu
library=$1 include=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
options="-std=c99 -pedantic -Wall -Wextra -Wconversion -Wno-sign-conversion -Werror"
for program; do
  name=$(basename "$program" .c)
  ${CC:-cc} $options -I"$include" "$program" -L"$library" -Wl,-rpath,"$library" -lcalanque -lm -o "$work/$name" ||
    { echo "$program: does not compile"; exit 1; }
  mkdir "$work/$name.out"
  case $name in
    plugins) argument=$library/calanque/plugins/clq_cpu_ref.so ;;
    training) argument=$work/$name.out/run ;;
    *) argument=$work/$name.out ;;
  esac
  "$work/$name" "$argument" >"$work/output" 2>&1 || { echo "$program: exit $?"; cat "$work/output"; exit 1; }
  echo "$name: fine"
done
[ $# -gt 0 ]
