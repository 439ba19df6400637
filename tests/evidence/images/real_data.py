# tests/evidence/images/real_data.py -- real survey images through clq scan and clq look, against astropy.
# SPDX-License-Identifier: BSD-3-Clause
"""Nine bands of one field, cut out around 120 of its objects: what clq scan and clq look say of them against the same
pixels read by astropy. One file a band from three surveys, of which each lacks a band. Star images of unequal shapes
and spectra, which must be refused with words. The data are in the folder that CLQ_SHARED_DATA names. The controls:
another crop, another row, a survey that lacks nothing, stars of one shape. With --work the pictures are kept, to be
looked at."""
import json
import os
import pathlib
import sys
import warnings

import numpy
from astropy.io import fits
from astropy.table import Table

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from evidence import Check, run  # noqa: E402

BANDS = ["u", "g", "r", "i", "Z", "Y", "J", "H", "Ks"]
POINTS = [0, 0, 0, 0, 30, 30, 30, 30, 30]
CROP, OBJECTS = 64, 120


def data_folder(check):
    named = os.environ.get("CLQ_SHARED_DATA", "")
    if not named:
        check.skip("real images", "CLQ_SHARED_DATA names no folder")
        check.exit()
    folder = pathlib.Path(named)
    if not (folder / "kids_viking_multiband/r.fits").exists():
        sys.exit(f"real_data: CLQ_SHARED_DATA={named} holds no kids_viking_multiband/r.fits")
    return folder


def write_run(check, name, columns, data):
    """A catalogue and the run file that reads it; the path of the run file."""
    catalogue = check.work / f"{name}.fits"
    Table(columns).write(catalogue, overwrite=True)
    path = check.work / f"{name}.toml"
    path.write_text(f'task = "regression"\n[data]\ncatalog = "{catalogue}"\n{data}\n')
    return path


def scan(check, path, *more):
    return json.loads(run([check.clq, "--json", "scan", path, *more], check=True).stdout)


def field_columns(folder):
    """120 objects of the catalogue, the brightest ones and a few at the edge."""
    rows = numpy.genfromtxt(folder / "catalog.csv", delimiter=",", names=True)
    order = numpy.argsort(rows["apmag_r"])
    edge = numpy.flatnonzero((rows["x0"] < 20) | (rows["y0"] < 20) | (rows["x0"] > 2579) | (rows["y0"] > 2579))[:5]
    chosen = list(edge) + [i for i in order if i not in edge][: OBJECTS - len(edge)]
    rows = rows[chosen]
    return {"ID": rows["id"].astype(numpy.int64), "X": rows["x0"], "Y": rows["y0"], "MAG_R": rows["apmag_r"]}


def cutout(plane, x, y):
    """CROP pixels around the pixel nearest to (x, y), both from 0; NaN outside of the plane."""
    left, bottom = (int(numpy.floor(v + 0.5)) - CROP // 2 for v in (x, y))
    out = numpy.full((CROP, CROP), numpy.nan, numpy.float32)
    x0, y0 = max(left, 0), max(bottom, 0)
    x1, y1 = min(left + CROP, plane.shape[1]), min(bottom + CROP, plane.shape[0])
    out[y0 - bottom:y1 - bottom, x0 - left:x1 - left] = plane[y0:y1, x0:x1]
    return out


def check_field(check, folder):
    columns = field_columns(folder)
    crop = CROP - 16 if check.controls else CROP
    options = (f'id = "ID"\nimages = "{folder}/{{BAND}}.fits"\nbands = {json.dumps(BANDS)}\nzeropoint = {POINTS}\n'
               f'crop = {crop}\nhcompress = true\nposition = {{ x = "X", y = "Y", origin = 0 }}\ntarget = "MAG_R"')
    path = write_run(check, "field", columns, options)
    report = scan(check, path)
    planes = [fits.getdata(folder / f"{band}.fits").astype(numpy.float32) for band in BANDS]
    cubes = numpy.array([[cutout(p, x, y) for p in planes] for x, y in zip(columns["X"], columns["Y"])])
    differ = []
    for b, found in enumerate(report["bands"]):
        pixels = cubes[:, b]
        same = (numpy.float32(found["minimum"]) == numpy.nanmin(pixels)
                and numpy.float32(found["maximum"]) == numpy.nanmax(pixels)
                and found["nan"] == numpy.isnan(pixels).sum())
        differ += [] if same else [found["name"]]
    check.line(not differ and len(report["bands"]) == len(BANDS) and report["rows"] == OBJECTS,
               "nine-band field: bands whose least, largest or missing pixels differ from astropy's",
               f"{len(differ)} of {len(report['bands'])} in {report['rows']} cutouts", "0")
    check_values(check, path, columns, cubes)


def check_values(check, path, columns, cubes):
    """The exact values of three objects, one of them at the edge; and pictures of them."""
    differ = 0
    for row in (0, 40, 119):
        prefix = check.work / f"field-{row}"
        shown = row + 1 if check.controls and row < 119 else row
        run([check.clq, "look", path, str(columns["ID"][shown]), "-o", prefix], check=True)
        seen = fits.getdata(f"{prefix}-values.fits", 1)
        given = numpy.asarray(seen["images"][0], numpy.float32)
        differ += given.shape != cubes[row].shape or given.tobytes() != numpy.ascontiguousarray(cubes[row]).tobytes()
    check.line(differ == 0, "objects whose pixels in clq look's FITS file differ from astropy's, bit for bit",
               f"{differ} of 3", "0")


def check_mixed(check, folder):
    names = ["CFHTLS", "KiDS", "PS1"]
    wanted = ["g", "r", "i"] if check.controls else ["g", "r", "i", "z"]
    if check.controls:
        names = ["KiDS"]
    path = write_run(check, "mixed", {"NAME": names},
                     f'id = "NAME"\nimages = "{folder}/{{NAME}}-test_{{BAND}}.fits"\n'
                     f'bands = {json.dumps(wanted)}\ncrop = 48')
    report = scan(check, path)
    check.line(report["missing_band"] == 3 and report["rows"] == 3, "rows of three surveys that lack a band",
               f"{report['missing_band']} of {report['rows']}", "3 of 3")
    nan = int(numpy.isnan(fits.getdata(folder / "PS1-test_z.fits")).sum())
    share = [band["nan"] / 48**2 for band in report["bands"] if band["name"].endswith("[z]")]
    found = share[0] - 2 if share else 0  # two surveys lack the whole band
    check.line(abs(found - nan / 49**2) < 0.05, "share of missing pixels in the z image of PS1",
               f"{found:.3f} (whole image {nan / 49**2:.3f})", "within 0.05 of the whole image's")
    for name in names:
        run([check.clq, "look", path, name, "-o", check.work / f"mixed-{name}"])


def check_refusals(check, folder):
    stars = sorted(p.stem for p in (folder / "ao_psf").glob("*.fits"))
    if check.controls:
        stars = [s for s in stars if s.startswith("jwst")]
    path = write_run(check, "stars", {"NAME": stars}, f'id = "NAME"\nimages = "{folder}/ao_psf/{{NAME}}.fits"')
    report = scan(check, path, "--list", check.work / "stars.ecsv")
    bad = Table.read(check.work / "stars.ecsv") if report["bad_rows"] else []
    clear = sum(name in words for name, words in zip(bad["ID"], bad["WORDS"])) if len(bad) else 0
    check.line(report["bad_rows"] == clear == 7, "star images of another shape than the first, named with both shapes",
               f"{clear} of {len(stars)}", "7 of 8")
    spectra = sorted(p.stem for p in (folder / "spectra_sdss_desi").glob("spec-*.fits"))
    source = "ao_psf" if check.controls else "spectra_sdss_desi"
    names = stars if check.controls else spectra
    path = write_run(check, "spectra", {"NAME": names}, f'id = "NAME"\nimages = "{folder}/{source}/{{NAME}}.fits"')
    done = run([check.clq, "scan", path])
    words = done.stderr.strip()
    check.line(done.returncode == 3 and names[0] in words and "image" in words and words.count("\n") == 0,
               "spectra as images: exit code and words", f"{done.returncode}: {words.replace(str(folder), '...')}",
               "3, one line")


def main():
    check = Check(__doc__)
    folder = data_folder(check)
    warnings.simplefilter("ignore")
    check_field(check, folder / "kids_viking_multiband")
    check_mixed(check, folder / "band_files_mixed")
    check_refusals(check, folder)
    check.exit()


main()
