# tests/hosts/c/deepdip.sh -- projects/deepdip/hosts/deepdip.c and deepdip.cpp give the bits of clq train and clq predict:
# SPDX-License-Identifier: BSD-3-Clause
# deepdip.sh LIBRARY_FOLDER INCLUDE_FOLDER CLQ
set -eu
library=$1 include=$2 clq=$3
root=$(cd "$(dirname "$0")/../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"
rest="-L$library -Wl,-rpath,$library -lcalanque"
warnings="-pedantic -Wall -Wextra -Werror"
${CC:-cc} -std=c99 $warnings -I"$include" projects/deepdip/hosts/deepdip.c $rest -o "$work/c"
${CXX:-c++} -std=c++17 $warnings -Icapi/bindings/cpp/include -I"$include" projects/deepdip/hosts/deepdip.cpp $rest -o "$work/cpp"

"$clq" train projects/deepdip/runs/boss_dr10.toml train.epochs=2 train.seed=7 compute.threads=1 -o "$work/run" >"$work/log" 2>&1
"$clq" predict "$work/run/model.safetensors" projects/deepdip/data/boss_dr10_test.fits --threads 1 \
  -o "$work/predictions.fits" >"$work/log" 2>&1
for program in c cpp; do
  mkdir "$work/out"
  "$work/$program" 2 7 "$work/out" 2>"$work/log" | tail -n 1 >"$work/$program.json"
  cmp "$work/run/model.safetensors" "$work/out/model.safetensors"
  cmp "$work/predictions.fits" "$work/out/predictions.fits"
  grep -q '"crps":0\.0' "$work/$program.json"
  rm -r "$work/out"
  for wrong in "2 x $work" "2 7 $work/nowhere" "2"; do
    if "$work/$program" $wrong 2>"$work/log"; then echo "$program $wrong: exit 0"; exit 1; fi
    grep -q '^deepdip: ' "$work/log"
  done
done
cmp "$work/c.json" "$work/cpp.json"
echo "the bits of clq: $(wc -c <"$work/predictions.fits") bytes of predictions"
