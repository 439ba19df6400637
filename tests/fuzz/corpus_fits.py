# tests/fuzz/corpus_fits.py -- FITS files card by card, whole ones and ones that are wrong in one place.
# SPDX-License-Identifier: BSD-3-Clause
"""Small ones, of a few records; what is compressed is written by astropy."""
import io
import json
import struct

import numpy as np
from astropy.io import fits

RECORD = 2880


def card(keyword, value):
    between = "  " if keyword in ("CONTINUE", "COMMENT") else "= "
    return (keyword.ljust(8) + between + value).ljust(80)[:80]


def pad(data, fill):
    return data + fill * (-len(data) % RECORD)


def unit(cards, data=b""):
    text = "".join(c if isinstance(c, str) else card(*c) for c in cards) + "END"
    return pad(text.encode("latin-1"), b" ") + pad(data, b"\0")


PRIMARY = unit([("SIMPLE", "T"), ("BITPIX", "8"), ("NAXIS", "0"), ("EXTEND", "T")])
HAND = {"XTENSION": "'BINTABLE'", "BITPIX": "8", "NAXIS": "2", "NAXIS1": "8", "NAXIS2": "3", "PCOUNT": "0",
        "GCOUNT": "1", "TFIELDS": "2", "TTYPE1": "'MAG'", "TFORM1": "'1E'", "TUNIT1": "'mag'", "TTYPE2": "'ID'",
        "TFORM2": "'1J'", "TNULL2": "-99", "EXTNAME": "'CAT'"}
ROWS = struct.pack(">fififi", 1.0, 5, float("nan"), -99, 3.14159, 2**31 - 1)
IMAGE = {"XTENSION": "'IMAGE'", "BITPIX": "-32", "NAXIS": "3", "NAXIS1": "4", "NAXIS2": "3", "NAXIS3": "2",
         "PCOUNT": "0", "GCOUNT": "1", "EXTNAME": "'SCI'", "BAND1": "'g'", "BAND2": "'r'", "ZP1": "22.5", "BUNIT": "'nMgy'"}
PIXELS = struct.pack(">24f", *range(24))
TILED = {"XTENSION": "'BINTABLE'", "BITPIX": "8", "NAXIS": "2", "NAXIS1": "8", "NAXIS2": "3", "PCOUNT": "0",
         "GCOUNT": "1", "TFIELDS": "1", "TTYPE1": "'COMPRESSED_DATA'", "TFORM1": "'1PB(9)'", "ZIMAGE": "T",
         "ZCMPTYPE": "'RICE_1'", "ZBITPIX": "16", "ZNAXIS": "2", "ZNAXIS1": "4", "ZNAXIS2": "3", "ZNAME1": "'BLOCKSIZE'",
         "ZVAL1": "32", "ZNAME2": "'BYTEPIX'", "ZVAL2": "2"}


def changed(cards, data=b"", extra=(), **values):
    """The HDU with some values replaced, None taking a card away, and cards added behind."""
    cards = {k: v for k, v in {**cards, **values}.items() if v is not None}
    return unit([*cards.items(), *extra], data)


def bad_tables():
    """Keyword, value: the table's header with one of them wrong."""
    wrong = [("BITPIX", "17"), ("NAXIS", "999"), ("NAXIS1", "9"), ("NAXIS2", "9223372036854775807"), ("PCOUNT", "-8"),
             ("GCOUNT", "2"), ("TFIELDS", "1000"), ("TFORM1", "'-1E'"), ("TFORM1", "5"), ("TTYPE2", "'MAG'"),
             ("TDIM1", "'(1,)'"), ("TSCAL2", "0"), ("TZERO2", "'many'"), ("TNULL2", "1.5"), ("NAXIS2", None),
             ("ZTABLE", "T"), ("TFORM2", "'1PJ(3)'")]
    return {f"bad-{i:02}-{k.lower()}": PRIMARY + changed(HAND, ROWS, **{k: v}) for i, (k, v) in enumerate(wrong)}


def table_of_all():
    """Every kind of column in four rows."""
    forms = [("L", "1L", b"TF\0T"), ("X", "12X", bytes(8)), ("B", "1B", b"\0\x7f\x80\xff"),
             ("S", "1B", b"\0\x7f\x80\xff"), ("I", "1I", struct.pack(">4h", 0, -1, 32767, -32768)),
             ("U", "1I", struct.pack(">4h", 0, -1, 32767, -32768)), ("K", "1K", struct.pack(">4q", 0, -1, 7, -2**63)),
             ("ID", "1K", struct.pack(">4q", 0, -1, 7, -2**63)), ("E", "2E", struct.pack(">8f", *range(8))),
             ("D", "1D", struct.pack(">4d", 0, -1.5, float("inf"), float("nan"))),
             ("SC", "1I", struct.pack(">4h", 0, 1, 2, 3)), ("V", "6E", struct.pack(">24f", *range(24))),
             ("NAME", "5A", b"ab   cd\0xy     obj 4")]
    cards = dict(list(HAND.items())[:7])
    rows = [b"", b"", b"", b""]
    for i, (name, form, data) in enumerate(forms, 1):
        cards |= {f"TTYPE{i}": f"'{name}'", f"TFORM{i}": f"'{form}'"}
        width = len(data) // 4
        rows = [row + data[k * width:(k + 1) * width] for k, row in enumerate(rows)]
    cards |= {"TFIELDS": str(len(forms)), "NAXIS1": str(len(rows[0])), "NAXIS2": "4", "TZERO4": "-128",
              "TZERO6": "32768", "TZERO8": "9223372036854775808", "TSCAL11": "2.0", "TZERO11": "10", "TDIM12": "'(3,2)'",
              "TUNIT12": "'nMgy'", "EXTNAME": "'CAT'"}
    return unit(cards.items(), b"".join(rows))


def table_files(_):
    files = {"hand": PRIMARY + changed(HAND, ROWS), "all": PRIMARY + table_of_all(),
             "two": PRIMARY + changed(HAND, ROWS) + changed(HAND, ROWS, EXTNAME="'SECOND'"),
             "image-first": PRIMARY + changed(IMAGE, PIXELS) + changed(HAND, ROWS),
             "no-rows": PRIMARY + changed(HAND, NAXIS2="0"),
             "text-ids": PRIMARY + changed(HAND, ROWS, TFORM2="'4A'", TNULL2=None),
             "long-name": PRIMARY + changed(HAND, ROWS, TTYPE1=f"'{'M' * 60}&'", extra=[("CONTINUE", "'AG of ''x'''")]),
             "unpadded": (PRIMARY + changed(HAND, ROWS))[:2 * RECORD + 24],
             "cut": (PRIMARY + changed(HAND, ROWS))[:2 * RECORD + 20],
             "special-records": PRIMARY + changed(HAND, ROWS) + b"x" * RECORD,
             "heap": PRIMARY + changed(HAND, ROWS, PCOUNT="10"), "empty": b"", "zeros": bytes(RECORD),
             "tiles-first": PRIMARY + changed(TILED, bytes(24)) + changed(HAND, ROWS)}
    return files | bad_tables()


def header_files(_):
    files = {"hand": PRIMARY + changed(HAND), "all": PRIMARY + table_of_all(),
             "image": PRIMARY + changed(IMAGE, PIXELS), "tiled": PRIMARY + changed(TILED, bytes(24)),
             "groups": unit([("SIMPLE", "T"), ("BITPIX", "8"), ("NAXIS", "2"), ("NAXIS1", "0"), ("NAXIS2", "5"),
                             ("GROUPS", "T"), ("PCOUNT", "2"), ("GCOUNT", "3")], bytes(30)),
             "loose": PRIMARY + changed(HAND, extra=["HIERARCH naxis2 = 9".ljust(80)]),
             "lower-case": PRIMARY + changed(HAND, extra=["naxis1  = 9".ljust(80)]),
             "no-blank": PRIMARY + changed(HAND, extra=["TFORM1  ='1D'".ljust(80)]),
             "twice": PRIMARY + changed(HAND, extra=[("NAXIS2", "2")]),
             "no-end": PRIMARY + changed(HAND).replace(b"END", b"   "),
             "continued": PRIMARY + changed(HAND, TUNIT1="'a&'", extra=[("CONTINUE", "'b&'"), ("CONTINUE", "c")]),
             "commentary": PRIMARY + changed(HAND, extra=[("COMMENT", "NAXIS2  = 3"), " " * 80, "HISTORY = 'x'".ljust(80)]),
             "control": PRIMARY + changed(HAND, EXTNAME="'a\n\x1b[31m'"),
             "dims": PRIMARY + changed(HAND, TFORM1="'4294967296E'", TDIM1="'(65536,65536)'"),
             "short": PRIMARY[:1000], "primary-alone": PRIMARY}
    wrong = [("ZNAXIS", "7"), ("ZNAXIS1", "0"), ("ZTILE1", "5"), ("ZTILE2", "-1"), ("ZVAL1", "0"), ("ZVAL2", "3"),
             ("ZCMPTYPE", "'HCOMPRESS_1'"), ("ZCMPTYPE", "'PLIO_1'"), ("ZBITPIX", "12"), ("ZQUANTIZ", "'NONE'"),
             ("ZDITHER0", "0"), ("ZNAXIS1", "99999999999"), ("TTYPE1", "'OTHER'")]
    files |= {f"tiles-{i:02}": PRIMARY + changed(TILED, bytes(24), **{k: v}) for i, (k, v) in enumerate(wrong)}
    bad = [("NAXIS", "5"), ("BSCALE", "0"), ("BLANK", "-1"), ("NAXIS1", "9223372036854775807"), ("ZP1", "'none'")]
    return files | {f"image-{i}": PRIMARY + changed(IMAGE, PIXELS, **{k: v}) for i, (k, v) in enumerate(bad)}


def objects(n, extra=()):
    """A catalogue of n rows: ID, X, Y."""
    rows = b"".join(struct.pack(">qdd", 100 + i, 1 + i, 2.0) for i in range(n))
    cards = dict(list(HAND.items())[:7]) | {"TFIELDS": "3", "NAXIS1": "24", "NAXIS2": str(n), "EXTNAME": "'CAT'"}
    for i, (name, form) in enumerate([("ID", "1K"), ("X", "1D"), ("Y", "1D")], 1):
        cards |= {f"TTYPE{i}": f"'{name}'", f"TFORM{i}": f"'{form}'"}
    return unit([*cards.items(), *extra], rows)


def vectors(dims, n=2):
    """ID and an image in each row."""
    size = int(np.prod(dims))
    rows = b"".join(struct.pack(f">q{size}f", 100 + i, *range(size)) for i in range(n))
    cards = dict(list(HAND.items())[:7]) | {
        "TFIELDS": "2", "NAXIS1": str(8 + 4 * size), "NAXIS2": str(n), "TTYPE1": "'ID'", "TFORM1": "'1K'",
        "TTYPE2": "'IMG'", "TFORM2": f"'{size}E'", "TDIM2": f"'({','.join(map(str, dims))})'", "EXTNAME": "'CAT'"}
    return PRIMARY + unit(cards.items(), rows)


def packed(kind, dtype, **options):
    """Three planes in tiles, as astropy packs them, behind a catalogue of one row."""
    hdu = fits.CompImageHDU(np.arange(60, dtype=dtype).reshape(3, 4, 5), name="SCI", compression_type=kind, **options)
    text = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(text)
    return PRIMARY + objects(1) + text.getvalue()[RECORD:]


def image_inputs(_):
    cube = PRIMARY + objects(2) + changed(IMAGE, PIXELS)
    plane = PRIMARY + objects(2) + changed(IMAGE, PIXELS, NAXIS="2", NAXIS3=None, BAND1=None, BAND2=None, FILTER="'g'")
    cases = {
        "cube": ({"images": "[SCI]", "crop": 2}, cube),
        "one-object": ({"images": "@[SCI]"}, PRIMARY + objects(1) + changed(IMAGE, PIXELS)),
        "position": ({"images": "[SCI]", "crop": 3, "position": {"x": "X", "y": "Y"}}, plane),
        "position-bands": ({"images": "[2]", "crop": 5, "position": {"x": "X", "y": "Y", "origin": 0}, "bands": ["r"]}, cube),
        "missing-band": ({"images": "[SCI]", "bands": ["r", "z"], "on_missing_band": "mask", "crop": 2,
                          "position": {"x": "X", "y": "Y"}}, cube),
        "column": ({"images": "[IMG]"}, vectors([3, 2])),
        "column-bands": ({"images": "[CAT][IMG]", "bands": ["g", "r"], "crop": 1, "zeropoint": [22.5, 22]}, vectors([3, 2, 2])),
        "column-by-id": ({"images": "@[IMG]", "id": "ID"}, vectors([3, 2])),
        "no-column": ({"images": "[NONE]"}, vectors([3, 2])),
        "integers": ({"images": "[SCI]"}, PRIMARY + objects(2) + changed(IMAGE, bytes(range(48)), BITPIX="16", BLANK="1", BZERO="32768")),
        "scaled": ({"images": "[SCI]"}, PRIMARY + objects(2) + changed(IMAGE, bytes(range(24)), BITPIX="8", BSCALE="1e300")),
        "four-axes": ({"images": "[SCI]"}, PRIMARY + objects(2) + changed(IMAGE, PIXELS, NAXIS="4", NAXIS4="1")),
        "more-objects": ({"images": "[SCI]"}, PRIMARY + objects(3) + changed(IMAGE, PIXELS)),
        "large-crop": ({"images": "[SCI]", "crop": 65536}, cube),
        "two-images": ({"images": "@", "bands": ["g", "r"]},
                       PRIMARY + objects(1) + changed(IMAGE, PIXELS[:48], NAXIS="2", NAXIS3=None, EXTNAME="'g'") +
                       changed(IMAGE, PIXELS[:48], NAXIS="2", NAXIS3=None, EXTNAME="'r'")),
        "braces": ({"images": "@{ID}{BAND}", "bands": ["g"]}, cube),
        "odd-options": ({"images": "[SCI]", "crop": -1, "bands": [1], "zeropoint": "x", "position": 5}, cube),
        "rice": ({"images": "[SCI]"}, packed("RICE_1", "i2")),
        "rice-crop": ({"images": "[SCI]", "crop": 2, "position": {"x": "X", "y": "Y"}}, packed("RICE_1", "i4")),
        "gzip": ({"images": "[SCI]"}, packed("GZIP_1", "f4", quantize_level=0)),
        "gzip2": ({"images": "[SCI]"}, packed("GZIP_2", "i2")),
        "quantized": ({"images": "[SCI]"}, packed("RICE_1", "f4")),
        "hcompress": ({"images": "[SCI]"}, packed("HCOMPRESS_1", "i2", tile_shape=(1, 4, 5))),
        "tiles-lie": ({"images": "[SCI]"}, PRIMARY + objects(1) + changed(TILED, struct.pack(">6i", 9, 0, 9, 9, 99, 3), EXTNAME="'SCI'")),
    }
    return {name: json.dumps(options).encode() + b"\n" + file for name, (options, file) in cases.items()}
