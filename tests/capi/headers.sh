# tests/capi/headers.sh -- every C header, alone, in every language and compiler it promises:
# SPDX-License-Identifier: BSD-3-Clause
# headers.sh INCLUDE_FOLDER [COMPILER...]
set -eu
include=$1
shift
[ $# -gt 0 ] || set -- gcc clang
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tried=0
for compiler; do
  command -v "$compiler" >/dev/null || { echo "headers.sh: $compiler is not installed" >&2; exit 1; }
  for header in $(cd "$include" && find calanque -name '*.h' | sort); do
    # clang looks for padding where it lays a struct out, which is where somebody asks for its size.
    structs=$(sed -nE 's/^(typedef )?struct (clq_[a-z_]+) \{.*/\2/p' "$include/$header" | sed 's/.*/+ sizeof(struct &)/')
    printf '#include <%s>\nint clq_header_test[1 %s];\n' "$header" "$(echo "$structs" | tr '\n' ' ')" >"$work/header.c"
    for standard in c99 c11 c17 c++11 c++14 c++17 c++20; do
      case $standard in c++*) language=c++ ;; *) language=c ;; esac
      "$compiler" -x $language -std=$standard -Wall -Wextra -Wpadded -pedantic -Werror -I"$include" -fsyntax-only \
        "$work/header.c" || { echo "$header fails with $compiler -std=$standard"; exit 1; }
      tried=$((tried + 1))
    done
  done
done
echo "$tried compilations"
[ "$tried" -gt 0 ]
