# tests/projects/deepdip/simulator/read_back.py -- simulated files as astropy sees them, against the source itself.
# SPDX-License-Identifier: BSD-3-Clause
"""usage: read_back.py LIBCALANQUE, where a.fits and predictions.fits are."""
import ctypes
import json
import sys

import numpy as np
from astropy.io import fits

URI = b"deepdip://?n=300&seed=5&size=24&variant=morphology"
DTYPES = {"f32": np.float32, "f64": np.float64, "i64": np.int64}


def read_source(library, uri, n):
    """Every field of the source by the C API."""
    source = ctypes.c_int64()
    assert library.clq_source_open(uri, None, ctypes.byref(source)) == 0
    text = ctypes.create_string_buffer(1 << 16)
    assert 0 < library.clq_source_describe(source, text, ctypes.c_int64(len(text))) <= len(text)
    rows, values = np.arange(n, dtype=np.int64), {}
    for field in json.loads(text.value)["fields"]:
        array = np.zeros([n] + field["shape"], DTYPES[field["dtype"]])
        pointers = [a.ctypes.data_as(ctypes.c_void_p) for a in (rows, array)]
        assert library.clq_source_read(source, pointers[0], ctypes.c_int64(n), field["name"].encode(), pointers[1],
                                       ctypes.c_int64(array.nbytes)) == 0
        values[field["name"]] = array
    return values


def main():
    library = ctypes.CDLL(sys.argv[1])
    library.clq_source_describe.restype = ctypes.c_int64
    with fits.open("a.fits", checksum=True) as file:
        table = file["DATA"]
        assert [table.header[f"BAND{b}"] for b in range(1, 6)] == list("ugriz")
        assert [table.header[f"ZP{b}"] for b in range(1, 6)] == [22.5] * 5
        assert table.header["SIMULATD"] is True and "DATE" not in table.header
        image = table.columns["IMAGE"]
        assert (image.format, image.dim, image.unit) == ("2880E", "(24,24,5)", "nanomaggy")
        values = read_source(library, URI, 300)
        assert list(values) == table.columns.names
        for name, expected in values.items():
            assert np.array_equal(table.data[name], expected), name
    assert fits.getheader("predictions.fits", "PREDICT")["SIMULATD"] is True


main()
