# tests/capi/exports.sh -- libcalanque.so exports the functions of calanque.h and nothing else: exports.sh LIBRARY HEADER
# SPDX-License-Identifier: BSD-3-Clause
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
nm -D --defined-only "$1" | awk '{print $NF}' | sed 's/@.*//' | sort -u >"$work/exported"
grep '^CLQ_API' "$2" | grep -o 'clq_[a-z_]*(' | tr -d '(' | sort -u >"$work/declared"
diff "$work/declared" "$work/exported"
wc -l <"$work/exported"
