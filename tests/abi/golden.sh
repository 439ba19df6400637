# tests/abi/golden.sh -- the golden plugin of an edition, built by every compiler against the headers kept with it, in
# SPDX-License-Identifier: BSD-3-Clause
# today's host: golden.sh TEST_PROGRAM EDITION
set -eu
edition=$(cd "$(dirname "$0")" && pwd)/$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
for compiler in "gcc -O3 -flto" "gcc -O0" "clang -O0"; do
  n=$((n + 1))
  command -v "${compiler%% *}" >/dev/null || { echo "golden.sh: ${compiler%% *} is not installed" >&2; exit 1; }
  plugin=$work/clq_golden$n.so
  # shellcheck disable=SC2086
  $compiler -std=c99 -Wall -Wextra -pedantic -Werror -fPIC -shared -fvisibility=hidden -ffp-contract=off \
    -I"$edition/include" "$edition"/golden/*.c -o "$plugin" -lm
  [ "$(nm -D --defined-only "$plugin" | awk '{print $NF}')" = clq_plugin ]
  echo "== $compiler"
  (cd "$work" && CLQ_GOLDEN=$plugin "$1")
done
