# tests/capi/headers.sh -- every C header, alone, in every language and compiler it promises: headers.sh INCLUDE_FOLDER
# SPDX-License-Identifier: BSD-3-Clause
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tried=0
for compiler in gcc clang; do
  command -v "$compiler" >/dev/null || { echo "headers.sh: $compiler is not installed" >&2; exit 1; }
  for header in $(cd "$1" && find calanque -name '*.h' | sort); do
    printf '#include <%s>\nint clq_header_test;\n' "$header" >"$work/header.c"
    for standard in c99 c11 c17 c++11 c++14 c++17 c++20; do
      case $standard in c++*) language=c++ ;; *) language=c ;; esac
      "$compiler" -x $language -std=$standard -Wall -Wextra -Wpadded -pedantic -Werror -I"$1" -fsyntax-only "$work/header.c" ||
        { echo "$header fails with $compiler -std=$standard"; exit 1; }
      tried=$((tried + 1))
    done
  done
done
echo "$tried compilations"
[ "$tried" -gt 0 ]
