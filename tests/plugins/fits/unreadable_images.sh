# tests/plugins/fits/unreadable_images.sh -- rows whose image cannot be had: skipped, named: unreadable_images.sh CLQ
# SPDX-License-Identifier: BSD-3-Clause
set -eu
clq=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
if ! /usr/bin/python3 -c 'import astropy' 2>/dev/null; then
  echo "skipped: astropy is absent: /usr/bin/python3 cannot import it"
  exit 77
fi
mkdir cut
/usr/bin/python3 - <<'PYTHON'
import numpy as np
from astropy.io import fits
from astropy.table import Table
rng = np.random.default_rng(1)
n = 40
name = np.array([str(k) for k in range(n - 1)] + ["x" * 300])  # no file system takes the last
Table({"ID": np.arange(n), "NAME": name, "Y": rng.normal(size=n)}).write("cat.fits")
cube = rng.normal(size=(n, 1, 4, 4)).astype("f4")
for k in range(1, n - 1):
    fits.PrimaryHDU(cube[k]).writeto(f"cut/{k}.fits")
others = fits.BinTableHDU(Table({"ID": 1000 + np.arange(n)}))
fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(cube, name="IMAGE"), others]).writeto("others.fits")
PYTHON
ln -s 0.fits cut/0.fits

run_file() {  # IMAGES
  cat >run.toml <<TOML
task = "regression"
[data]
catalog = "cat.fits"
id = "ID"
images = "$1"
target = "Y"
on_bad = "skip"
[[transform]]
use = "standardise"
fields = ["images"]
[[model.layer]]
use = "flatten"
[[model.layer]]
use = "dense"
[train]
epochs = 1
batch = 8
TOML
}
fail() {
  echo "$1"
  cat out err
  exit 1
}

run_file 'cut/{NAME}.fits'
# What is wrong stands there in the words of the system, in the language of the host.
"$clq" scan run.toml >out 2>err || fail "scan of images in a loop of links"
grep -q '^cannot be read  *2$' out || fail "wanted two rows that cannot be read"
grep -q '^row 0 (the first is 0): .*cat.fits\[1\], row 1, cut/0.fits: [^:/]*[a-z][^:/]*$' out ||
  fail "the loop of links is not told, or a file twice"
grep -q '^row 39 .*xxx.fits: [^:/]*[a-z][^:/]*$' out || fail "the long name is not told"
"$clq" train run.toml -o run >out 2>err || fail "a training that skips bad rows ends at a loop of links"

run_file others.fits
code=0
"$clq" train run.toml -o none >out 2>err || code=$?
[ $code -eq 3 ] || fail "exit $code where no id is among those of the images, wanted 3"
grep -q 'none of .* training rows can be read; the first: cat.fits\[1\], row .*no image has its ID in others.fits' err ||
  fail "wanted the first row and the file"
