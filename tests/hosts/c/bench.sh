# tests/hosts/c/bench.sh -- the figures of tests/hosts/c/bench, a line each: bench.sh LIBRARY_FOLDER INCLUDE_FOLDER
# SPDX-License-Identifier: BSD-3-Clause
set -eu
library=$1 include=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in getters single_image threads; do
  ${CC:-cc} -std=c99 -O2 -pedantic -Wall -Wextra -Werror -I"$include" "$here/bench/$name.c" -L"$library" \
    -Wl,-rpath,"$library" -lcalanque -lpthread -o "$work/$name"
done
"$work/getters"
"$work/single_image" "$work"
"$work/threads" "$work"
