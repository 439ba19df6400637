#!/bin/bash
# tests/hosts/fortran/build.sh -- the Fortran library and every program of these tests, by hand and without CMake.
# SPDX-License-Identifier: BSD-3-Clause
# build.sh FORTRAN CC INCLUDE LIBRARY_FOLDER FOLDER: INCLUDE has calanque/calanque.h, LIBRARY_FOLDER libcalanque.so.
set -euo pipefail
fortran=$1 cc=$2 include=$3 libraries=$4 folder=$5
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
bindings=$root/capi/bindings/fortran
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"

# A list in CMake's words: the names that end with .f90.
for source in $(sed -n '/_sources/,/)/p' "$bindings/sources.cmake" | grep -o 'calanque[a-z0-9_]*\.f90'); do
  threads=()
  [ "$source" != calanque_base.f90 ] || threads=(-fopenmp)   # for the words of an error; nothing to link comes of it
  "$fortran" -std=f2018 -Wall -Wno-unused-dummy-argument -fimplicit-none -Werror -O1 -fPIC "${threads[@]}" -c "$bindings/$source"
done
ar rcs libcalanque_fortran.a calanque*.o

link=(-L. -lcalanque_fortran -L"$libraries" -lcalanque "-Wl,-rpath,$libraries" -ldl)
flags=(-g -Wall -Wno-maybe-uninitialized -fcheck=bounds,do,mem,pointer,recursion -I. -I"$bindings")
"$cc" -std=c99 -pedantic -Wall -Werror -I"$include" -c "$here/spy.c"
for test in arrays errors training; do
  "$fortran" "${flags[@]}" -o "${test}_test" "$here/checks.f90" "$here/spy.f90" "$here/${test}_test.f90" spy.o "${link[@]}"
done
"$fortran" "${flags[@]}" -fopenmp -o threads_test "$here/checks.f90" "$here/threads_test.f90" "${link[@]}"
"$fortran" "${flags[@]}" -o no_ierr "$here/no_ierr.f90" "${link[@]}"

# Fixed form, and once more where REAL is REAL*8 and DOUBLE PRECISION twice that.
hosts=$root/projects/deepdip/hosts
for reals in "" -fdefault-real-8; do
  "$fortran" "${flags[@]}" -Wno-conversion $reals -o "f77_test$reals" "$here/f77_test.f" "${link[@]}"
  "$fortran" "${flags[@]}" -Wno-conversion $reals -o "deepdip_f77$reals" "$hosts/deepdip_f77.f" "${link[@]}"
  "$fortran" "${flags[@]}" $reals -o "deepdip$reals" "$hosts/deepdip.f90" "${link[@]}"
done
"$fortran" "${flags[@]}" -fdefault-real-8 -o f77_real8 "$here/f77_real8.f" "${link[@]}"
"$cc" -std=c99 -pedantic -Wall -Werror -I"$include" -o deepdip_c "$here/deepdip.c" "${link[@]}" -lgfortran -lm
