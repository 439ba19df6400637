# tests/abi/golden.sh -- the golden plugin of each edition, built by every compiler against its own frozen headers, in
# SPDX-License-Identifier: BSD-3-Clause
# today's host: golden.sh TEST_PROGRAM
set -eu
folder=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tried=0
for edition in "$folder"/*.*/golden; do
  include=$(dirname "$edition")/include
  for compiler in "gcc -O3 -flto" "gcc -O0" "clang -O0"; do
    if ! command -v "${compiler%% *}" >/dev/null; then
      echo "skipped: ${compiler%% *} is not installed"
      continue
    fi
    plugin=$work/clq_golden$tried.so
    # shellcheck disable=SC2086
    $compiler -std=c99 -Wall -Wextra -pedantic -Werror -fPIC -shared -fvisibility=hidden -ffp-contract=off -I"$include" \
      "$edition"/*.c -o "$plugin" -lm
    [ "$(nm -D --defined-only "$plugin" | awk '{print $NF}')" = clq_plugin ]
    (cd "$work" && CLQ_GOLDEN=$plugin "$1")
    tried=$((tried + 1))
  done
done
echo "$tried golden plugins"
[ "$tried" -ge 2 ]
