#!/bin/bash
# tests/hosts/fortran/bits_test.sh -- the host programs give the bits of the C API and of clq train.
# SPDX-License-Identifier: BSD-3-Clause
# bits_test.sh CLQ FOLDER: the program clq; FOLDER is build.sh's.
set -euo pipefail
clq=$1 folder=$2
cd "$(dirname "$0")/../../.."
runs=$folder/runs
rm -rf "$runs"
mkdir -p "$runs"

for program in deepdip_c deepdip deepdip_f77 deepdip_f77-fdefault-real-8 deepdip-fdefault-real-8; do
  mkdir "$runs/$program"
  "$folder/$program" 2 5 "$runs/$program" >"$runs/$program/out" 2>"$runs/$program/progress"
  for file in model.safetensors predictions.fits; do
    cmp "$runs/deepdip_c/$file" "$runs/$program/$file"
  done
  cmp <(tail -1 "$runs/deepdip_c/out") <(tail -1 "$runs/$program/out")
done
grep -q '"crps"' "$runs/deepdip_c/out"

"$clq" train projects/deepdip/runs/boss_dr10.toml train.epochs=2 train.seed=5 compute.threads=1 -o "$runs/clq" >/dev/null 2>&1
"$clq" predict "$runs/clq/model.safetensors" projects/deepdip/data/boss_dr10_test.fits --threads 1 -o "$runs/clq.fits" \
  >/dev/null 2>&1
cmp "$runs/deepdip_c/model.safetensors" "$runs/clq/model.safetensors"
cmp "$runs/deepdip_c/predictions.fits" "$runs/clq.fits"

# Another seed is another model: the comparison can fail.
mkdir "$runs/other"
"$folder/deepdip" 2 6 "$runs/other" >/dev/null 2>&1
! cmp -s "$runs/deepdip_c/predictions.fits" "$runs/other/predictions.fits"

# An error ends each of them with 1 and its words.
for program in deepdip deepdip_f77; do
  status=0
  "$folder/$program" 2 5 "$runs/no/such/folder" >"$runs/out" 2>"$runs/words" || status=$?
  [ $status = 1 ] || { echo "$program: exit $status, wanted 1"; exit 1; }
  grep -q "no/such/folder" "$runs/words"
done
echo "five programs and clq train agree to the bit"
