# tests/evidence/images/fits_values.py -- the fits source's pixels against astropy's, bit for bit as float32.
# SPDX-License-Identifier: BSD-3-Clause
"""Images written by astropy in every layout and BITPIX, read in random order by 1 and by 4 readers of one source. With
--controls astropy's values are those of files in which one pixel of one object is another."""
import json
import pathlib
import sys

import numpy as np
from astropy.io import fits
from astropy.table import Table

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import Check, run

OBJECTS, BANDS, HEIGHT, WIDTH = 40, 3, 12, 10
DTYPES = {8: np.uint8, 16: np.int16, 32: np.int32, 64: np.int64, -32: np.float32, -64: np.float64}
PLAIN = (8, 16, 32, 64, -32, -64)
TILES = (8, 16, 32, -32, -64)


def draw(bitpix, random, method, bands):
    """Whole range of an integer, or a part of it for RICE; floats of many sizes, some NaN: cfitsio 4.2 makes all of a
    small tile NaN that RICE quantises and that has one."""
    tiles = method != "plain"
    shape = (OBJECTS, bands, HEIGHT, WIDTH)
    if bitpix > 0:
        info = np.iinfo(DTYPES[bitpix])
        low, high = (info.min, info.max) if not tiles or bitpix < 32 else (-(2**28), 2**28)
        return random.integers(low, high, shape, dtype=DTYPES[bitpix], endpoint=True)
    pixels = random.normal(size=shape) * (1.0 if tiles else 10.0 ** random.uniform(-30, 30, shape))
    if method != "RICE_1":
        pixels[random.random(shape) < 0.02] = np.nan
    return pixels.astype(DTYPES[bitpix])


def with_other_pixel(pixels, random):
    """The same, but one pixel is half as large."""
    other = pixels.copy()
    at = tuple(random.integers(0, n) for n in pixels.shape)
    other[at] = other[at] / 2 if np.abs(other[at]) > 2 else 64
    return other


def image_hdu(pixels, method):
    if method == "plain":
        return fits.ImageHDU(pixels, name="IMAGE")
    # A tile an object: of a cube each plane, of an object's file all its bands.
    tile = (WIDTH, HEIGHT, 1 if len(pixels) == OBJECTS else BANDS)
    lossless = method == "GZIP_2"
    level = {"quantize_level": 0} if lossless else {}
    return fits.CompImageHDU(pixels, name="IMAGE", compression_type=method, tile_size=tile, **level)


def write(folder, layout, pixels, method, catalogue):
    """Writes the images; the pattern that reads them, and the files with a function that takes object k from them."""
    folder.mkdir(parents=True)
    ids = catalogue["ID"]
    if layout == "cube":
        pixels = pixels[:, 0] if pixels.shape[1] == 1 else pixels
        fits.HDUList([fits.PrimaryHDU(), image_hdu(pixels, method)]).writeto(folder / "cube.fits")
        return "cube.fits[IMAGE]"
    if layout == "column":
        Table({"ID": ids, "PIXELS": pixels}).write(folder / "shard.fits")
        return "shard.fits[1][PIXELS]"
    for k, name in enumerate(ids):
        fits.HDUList([fits.PrimaryHDU(), image_hdu(pixels[k], method)]).writeto(folder / f"{name}.fits")
    return "{ID}.fits"


def by_astropy(folder, layout, catalogue):
    if layout == "cube":
        pixels = fits.getdata(folder / "cube.fits", "IMAGE")
        pixels = pixels[:, np.newaxis] if pixels.ndim == 3 else pixels
    elif layout == "column":
        pixels = fits.getdata(folder / "shard.fits", 1)["PIXELS"]
    else:
        pixels = np.stack([fits.getdata(folder / f"{name}.fits", "IMAGE") for name in catalogue["ID"]])
    return pixels.astype(np.float32)


def by_calanque(check, folder, pattern, readers):
    out = folder / "pixels.bin"
    options = json.dumps({"images": str(folder / pattern)})
    done = run([check.build / "bin/dump_fits_images", check.work / "cat.fits", options, readers, check.seed, out])
    if done.returncode:
        raise SystemExit(done.stderr)
    return np.fromfile(out, np.float32).reshape(OBJECTS, -1, HEIGHT, WIDTH)


def differing(a, b):
    """Pixels of other bits; a NaN equals any NaN, for a compressed one has no bits of its own."""
    return int(np.sum((a.view(np.uint32) != b.view(np.uint32)) & ~(np.isnan(a) & np.isnan(b))))


def count(check, layout, method, bitpix, random, catalogue):
    """Pixels that differ, of 1 and of 4 readers. astropy 5.2 compresses up to 3 axes: such a cube has one band."""
    tiles = method != "plain"
    pixels = draw(bitpix, random, method, 1 if tiles and layout == "cube" else BANDS)
    folder = check.work / f"{layout}_{method}_{bitpix}".replace(" ", "_")
    pattern = write(folder, layout, pixels, method, catalogue)
    truth = folder
    if check.controls:
        truth = folder.with_name(folder.name + "_other")
        write(truth, layout, with_other_pixel(pixels, random), method, catalogue)
    wanted = by_astropy(truth, layout, catalogue)
    return [differing(by_calanque(check, folder, pattern, readers), wanted) for readers in (1, 4)]


def main():
    check = Check(__doc__)
    random = np.random.default_rng(check.seed)
    catalogue = Table({"ID": random.permutation(1000)[:OBJECTS]})
    catalogue.write(check.work / "cat.fits")
    cases = [("plain", layout, PLAIN) for layout in ("cube", "column", "file an object")]
    cases += [(method, layout, TILES) for method in ("RICE_1", "GZIP_2") for layout in ("cube", "file an object")]
    for method, layout, every in cases:
        counts = {bitpix: count(check, layout, method, bitpix, random, catalogue) for bitpix in every}
        wrong = sum(map(sum, counts.values()))
        # A fault that one BITPIX does not show is a control that failed.
        seen = all(n > 0 for both in counts.values() for n in both) if check.controls else wrong > 0
        bands = 1 if method != "plain" and layout == "cube" else BANDS
        total = 2 * len(every) * OBJECTS * bands * HEIGHT * WIDTH
        claim = (f"{method}, {layout}, BITPIX {' '.join(map(str, every))}, 1 and 4 readers: pixels that differ from "
                 "astropy's")
        check.line(not seen, claim, f"{wrong} of {total}", "0")
    check.exit()


if __name__ == "__main__":
    main()
