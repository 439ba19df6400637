#!/bin/bash
# tests/hosts/fortran/exits_test.sh -- what ends a program without ierr, and what does not compile.
# SPDX-License-Identifier: BSD-3-Clause
# exits_test.sh FORTRAN FOLDER: FOLDER is build.sh's.
set -uo pipefail
fortran=$1 folder=$2
here=$(cd "$(dirname "$0")" && pwd)
failed=0
say() { echo "$*"; failed=1; }

ends() {  # ARGUMENT WORDS: status 1, the words on standard error, nothing on standard output
  local out status
  out=$("$folder/no_ierr" "$1" 2>"$folder/words")
  status=$?
  [ $status = 1 ] || say "no_ierr $1: exit $status, wanted 1"
  [ -z "$out" ] || say "no_ierr $1: wrote '$out'"
  grep -qxF "$2" "$folder/words" || say "no_ierr $1: wanted '$2', got: $(head -1 "$folder/words")"
}
ends 1 "clq_source%add: field must have a name"
ends 2 "clq_source%add: 'b': the last dimension must count the 2 samples, got (3)"

compiles() { "$fortran" -cpp -fsyntax-only -I"$folder" "$@" "$here/borrowed_slice.f90" 2>"$folder/words"; }
compiles -DWHOLE || say "a whole array cannot be borrowed: $(cat "$folder/words")"
compiles && say "a slice can be borrowed"
[ $failed = 0 ] && echo "two exits and a slice are as they should be"
exit $failed
