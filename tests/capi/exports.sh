# tests/capi/exports.sh -- libcalanque.so exports the functions of calanque.h and nothing else, no symbol that is one for
# SPDX-License-Identifier: BSD-3-Clause
# the whole process, and looks for libraries in no place that depends on where it runs: exports.sh LIBRARY HEADER
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
nm -D --defined-only "$1" | awk '{print $NF}' | sed 's/@.*//' | sort -u >"$work/exported"
grep '^CLQ_API' "$2" | grep -o 'clq_[a-z_]*(' | tr -d '(' | sort -u >"$work/declared"
diff "$work/declared" "$work/exported"
if readelf -sW "$1" | grep ' UNIQUE '; then echo "$1: unique symbols"; exit 1; fi
if readelf -dW "$1" | grep '(RPATH)'; then echo "$1: RPATH"; exit 1; fi
paths=$(readelf -dW "$1" | sed -nE 's/.*\(RUNPATH\).*\[(.*)\]/\1/p')
printf '%s' "$paths" | grep -qvE '^(\$ORIGIN|/)[^:]*(:(\$ORIGIN|/)[^:]*)*$' && { echo "$1: RUNPATH $paths"; exit 1; }
wc -l <"$work/exported"
