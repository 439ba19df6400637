# tests/abi/abidiff.sh -- libabigail compares calanque.h's functions and their types with those that are kept:
# SPDX-License-Identifier: BSD-3-Clause
# abidiff.sh INCLUDE SNAPSHOT    with --write before them: keeps today's in SNAPSHOT instead
# Exit 0; 1: they differ; 2: it cannot be said.
set -eu
write=no
[ "$1" != --write ] || { write=yes; shift; }
command -v abidw >/dev/null || { echo "abidiff.sh: abigail-tools is not installed" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Each function with an empty body: libabigail reads compiled functions, and the library itself has no debug information.
{ echo '#include <calanque/calanque.h>'
  sed -e '/^#/d' -e 's|/\*.*\*/||' "$1/calanque/calanque.h" | tr '\n' ' ' | grep -o 'CLQ_API [^;]*;' |
    sed -e 's/^\(CLQ_API *void .*\);$/\1 { }/' -e 's/;$/ { return 0; }/'
} >"$work/functions.c"
gcc -std=c99 -g -fPIC -shared -fvisibility=hidden -I"$1" "$work/functions.c" -o "$work/libcalanque.so" || exit 2
abidw --no-corpus-path --no-comp-dir-path --no-show-locs --out-file "$work/now.abi" "$work/libcalanque.so" || exit 2
if [ $write = yes ]; then
  cp "$work/now.abi" "$2"
else
  code=0
  abidiff --no-architecture "$2" "$work/now.abi" || code=$?
  [ $((code & 3)) = 0 ] || exit 2   # 4 and 8 are changes, 1 and 2 errors
  [ $code = 0 ] || exit 1
fi
