# tests/plugins/fits/read_rate.py -- images a second of CPU time in each layout: read_rate.py [--build DIR].
# SPDX-License-Identifier: BSD-3-Clause
"""Writes 1,000 objects of 64 x 64 x 5 F32 pixels in every layout by astropy, and reads them in random order by one reader."""
import argparse
import json
import pathlib
import subprocess
import tempfile

import numpy as np
from astropy.io import fits
from astropy.table import Table

ROOT = pathlib.Path(__file__).resolve().parents[3]
OBJECTS, BANDS, SIZE, LARGE = 1000, "ugriz", 64, 2600


def write(folder):
    """The layouts: name, catalogue, options without the folder."""
    random = np.random.default_rng(1)
    pixels = random.normal(size=(OBJECTS, len(BANDS), SIZE, SIZE)).astype(np.float32)
    ids = np.arange(OBJECTS)
    x, y = random.uniform(40, LARGE - 40, (2, OBJECTS))
    Table({"ID": ids, "X": x, "Y": y}).write(folder / "cat.fits")
    fits.PrimaryHDU(pixels).writeto(folder / "cube.fits")
    Table({"ID": ids, "IMAGE": pixels}).write(folder / "shard.fits")
    fits.PrimaryHDU(random.normal(size=(LARGE, LARGE)).astype(np.float32)).writeto(folder / "large.fits")
    for name, options in (("rice", {"compression_type": "RICE_1"}), ("gzip", {"compression_type": "GZIP_2", "quantize_level": 0})):
        (folder / name).mkdir()
        for k in ids:
            tiles = fits.CompImageHDU(pixels[k], tile_size=(SIZE, SIZE, len(BANDS)), **options)
            fits.HDUList([fits.PrimaryHDU(), tiles]).writeto(folder / name / f"{k}.fits")
    for name in ("one", "hdus", "bands"):
        (folder / name).mkdir()
    for k in ids:
        fits.PrimaryHDU(pixels[k]).writeto(folder / f"one/{k}.fits")
        planes = [fits.ImageHDU(plane, name=band) for band, plane in zip(BANDS, pixels[k])]
        fits.HDUList([fits.PrimaryHDU(), *planes]).writeto(folder / f"hdus/{k}.fits")
        for band, plane in zip(BANDS, pixels[k]):
            fits.PrimaryHDU(plane).writeto(folder / f"bands/{k}{band}.fits")
    bands = {"bands": list(BANDS)}
    cut = {"crop": SIZE, "position": {"x": "X", "y": "Y"}}
    return [("vector column", "shard.fits[1][IMAGE]", {}), ("4-D cube", "cube.fits", {}),
            ("4-D cube, crop 48", "cube.fits", {"crop": 48}), ("file an object", "one/{ID}.fits", {}),
            ("file an object, an HDU a band", "hdus/{ID}.fits", bands), ("file a band", "bands/{ID}{BAND}.fits", bands),
            ("file an object, RICE_1", "rice/{ID}.fits", {}), ("file an object, GZIP_2", "gzip/{ID}.fits", {}),
            ("64 x 64 out of 2600 x 2600, one band", "large.fits", cut)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="calanque-rate-") as name:
        folder = pathlib.Path(name)
        for layout, images, more in write(folder):
            options = json.dumps({"images": str(folder / images), **more})
            command = [arguments.build / "bin/bench_fits_read", folder / "cat.fits", options]
            print(f"{layout}: {subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()}", flush=True)


if __name__ == "__main__":
    main()
