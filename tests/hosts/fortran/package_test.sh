#!/bin/bash
# tests/hosts/fortran/package_test.sh -- the library installed beside libcalanque.so, found by CMake, pkg-config and fpm.
# SPDX-License-Identifier: BSD-3-Clause
# package_test.sh FORTRAN PREFIX FOLDER: PREFIX has Calanque, FOLDER is new.
set -euo pipefail
fortran=$1 prefix=$2 folder=$3
here=$(cd "$(dirname "$0")" && pwd)
sources=$(cd "$here/../../../capi/bindings/fortran" && pwd)
export FC=$fortran LD_LIBRARY_PATH=$folder/installed/lib
rm -rf "$folder"
mkdir -p "$folder"
cp -r "$prefix" "$folder/installed"

try() {  # NAME WANTED: a build of the consumer
  cmake -S "$here/consumer" -B "$folder/$1" -DCMAKE_PREFIX_PATH="$folder/installed" >"$folder/$1.log"
  grep -q "is imported: $2" "$folder/$1.log" || { echo "$1: wanted imported: $2"; cat "$folder/$1.log"; exit 1; }
  cmake --build "$folder/$1" >>"$folder/$1.log"
  "$folder/$1/consumer" | grep -x "calanque [0-9.]*"
}

cmake -S "$sources" -B "$folder/build" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_INSTALL_PREFIX="$folder/installed" >"$folder/install.log"
cmake --build "$folder/build" >>"$folder/install.log"
cmake --install "$folder/build" >>"$folder/install.log"
modules=("$folder"/installed/lib/fortran/modules/calanque/*)
test -f "${modules[0]}/calanque.mod"
try with_modules TRUE

if command -v pkg-config >/dev/null; then
  export PKG_CONFIG_PATH=$folder/installed/lib/pkgconfig
  # shellcheck disable=SC2046
  (cd "$folder" && "$fortran" -o by_pkg_config "$here/consumer/consumer.f90" "$here/consumer/old.f" \
    $(pkg-config --cflags --libs calanque-fortran))
  "$folder/by_pkg_config"
fi

# A compiler of which nobody installed the modules.
mv "${modules[0]}" "$folder/elsewhere"
try from_sources FALSE

if command -v fpm >/dev/null; then
  cp -r "$folder/installed/share/calanque/fortran" "$folder/fpm"
  (cd "$folder/fpm" && fpm build --compiler "$fortran" --link-flag "-L$folder/installed/lib" >"$folder/fpm.log" 2>&1)
  find "$folder/fpm/build" -name "libcalanque*" | grep -q .
  echo "fpm builds it"
else
  echo "no fpm here"
fi
