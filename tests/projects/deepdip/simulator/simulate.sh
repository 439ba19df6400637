# tests/projects/deepdip/simulator/simulate.sh -- clq simulate writes what it promises: simulate.sh CLQ LIBRARY
# SPDX-License-Identifier: BSD-3-Clause
set -eu
clq=$(realpath "$1") library=$(realpath "$2") here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
if ! /usr/bin/python3 -c 'import astropy' 2>/dev/null; then
  echo "skipped: astropy is absent: /usr/bin/python3 cannot import it"
  exit 77
fi

"$clq" simulate deepdip --n 300 --seed 5 --size 24 --variant morphology -o a.fits 2>err
grep -qx 'a.fits: 300 rows, SIMULATED' err
"$clq" simulate deepdip --n 300 --seed 5 --size 24 --variant morphology -o b.fits --json >out
grep -qx '{"output":"b.fits","rows":300}' out
cmp a.fits b.fits

cat >run.toml <<'TOML'
task = "regression"
[data]
catalog = "deepdip://galaxies?n=300"
id = "OBJID"
scalars = ["FLUX_?"]
target = "Z"
[[model.layer]]
use = "dense"
[train]
epochs = 1
TOML
"$clq" train run.toml -o run >/dev/null 2>&1
"$clq" predict run/model.safetensors a.fits -o predictions.fits 2>/dev/null
"$clq" evaluate run/model.safetensors a.fits 2>/dev/null | grep -qx 'SIMULATED data'
/usr/bin/python3 "$here/read_back.py" "$library"

refused() {  # WORDS ARGUMENT...: exit code 2 and a line that holds WORDS
  words=$1 code=0
  shift
  "$clq" simulate "$@" >out 2>err || code=$?
  if [ $code -ne 2 ] || ! grep -qF -- "$words" err; then
    echo "simulate $*: exit $code, wanted 2 with '$words':"
    cat err
    exit 1
  fi
}
refused 'simulate needs -o OUT' deepdip
refused 'no data source' deepdap -o c.fits
refused "variant must be plain or morphology, got 'odd'" deepdip --variant odd -o c.fits
refused "n must be an integer from 1 to 1000000000, got '-3'" deepdip --n -3 -o c.fits
refused "n must be an integer from 1 to 1000000000, got '0'" deepdip --n 0 -o c.fits
refused "size must be an integer from 8 to 256, got '0'" deepdip --size 0 -o c.fits
refused 'SOURCE is a name such as deepdip' deepdip://galaxies -o c.fits
[ ! -e c.fits ]
