# tests/plugins/fits/own_images.sh -- no output replaces an image that is read: own_images.sh CLQ
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
mkdir 'cut[1]'
/usr/bin/python3 - <<'PYTHON'
import numpy as np
from astropy.io import fits
from astropy.table import Table
Table({"ID": [7, 8]}).write("cat.fits")
cube = np.ones((2, 1, 4, 4), "f4")
fits.PrimaryHDU(cube).writeto("cube.fits")
for k in (0, 1):
    fits.PrimaryHDU(cube[k]).writeto(f"cut[1]/{7 + k}.fits")
PYTHON
ln -s cube.fits link.fits
ln -s 'cut[1]' folder
cp -r . ../"$(basename "$work").kept"
trap 'rm -rf "$work" "$work.kept"' EXIT

list() {  # CODE IMAGES OUTPUT
  printf '[data]\ncatalog = "cat.fits"\nimages = "%s"\n' "$2" >run.toml
  code=0
  "$clq" scan run.toml --list "$3" >out 2>err || code=$?
  if [ $code -ne "$1" ] || { [ $code -eq 2 ] && ! grep -qF "$3: is the data that is read" err; }; then
    echo "scan of $2 into $3: exit $code, wanted $1:"
    cat err
    exit 1
  fi
}
list 2 cube.fits cube.fits
list 2 cube.fits ./cube.fits
list 2 cube.fits link.fits
list 2 'cut[1]/{ID}.fits[0]' 'cut[1]/8.fits'
list 2 'cut[1]/{ID}.fits[0]' folder/8.fits
list 0 'cut[1]/{ID}.fits[0]' 'cut[1]/bad.fits'
list 0 cube.fits bad.fits
for file in cube.fits 'cut[1]/7.fits' 'cut[1]/8.fits'; do cmp "$file" "$work.kept/$file"; done
