# tests/fuzz/corpus.py -- writes the corpora: small files that the product makes, and what can be wrong with each.
# SPDX-License-Identifier: BSD-3-Clause
"""corpus.py --build DIR [TARGET]...

Rewrites corpus/<target>/ from here. Files whose names begin with `found-` are inputs that once failed; they stay.
"""
import argparse
import pathlib
import tempfile

from corpus_made import bundle_heads, tensor_files
from corpus_fits import header_files, image_inputs, table_files
from corpus_texts import CSV_FILES, EXPRESSIONS, RUN_FILES

FOLDER = pathlib.Path(__file__).resolve().parent / "corpus"
LARGEST = 12 * 2880
# Places of capi_calls.cpp's table; a call whose choices are all 0 is a sane one.
MAKE_ALL, N_CALLS = 0, 30


def call_sequences(_):
    """Each call by itself, each on a model that is there, and longer ways through the library."""
    files = {f"alone-{call:02}": bytes([call]) for call in (1, 7, 19, 26, 28)}
    files |= {f"after-{call:02}": bytes([MAKE_ALL, call]) + bytes(12) for call in range(1, N_CALLS)}
    zeros = bytes(8)
    files["batch"] = bytes([0, 1]) + zeros[:2] + bytes([2]) + zeros + bytes([3]) + zeros
    files["train"] = bytes([0, 7]) + zeros[:5] + bytes([8]) + zeros[:3] + bytes([9]) + zeros
    files["wild"] = bytes([0, 1, 15]) + bytes(range(200, 208)) + bytes([0, 13, 31, 14, 2, 0, 13, 0])
    return files


def entries(_):
    """One choice turned at each place of the entry and its tables."""
    files = {"whole": b""}
    for at in range(0, 30):
        for choice in (6, 7):
            if (at + choice) % 2 == 0:
                files[f"at-{at:02}-{choice}"] = bytes(at) + bytes([choice]) + b"\x05ab\ncd\xff\x10"
    files["holes"] = bytes(8) + bytes([3]) + b"\xff" * 24
    files["lists"] = bytes(22) + bytes([3, 0, 0, 0, 0, 0, 0, 7, 7, 6, 6, 5, 5, 3, 3, 3])
    return files


TARGETS = {"safetensors": tensor_files, "bundle_json": bundle_heads, "run_file": lambda _: RUN_FILES,
           "expression": lambda _: EXPRESSIONS, "fits_header": header_files, "fits_table": table_files,
           "fits_images": image_inputs, "csv": lambda _: CSV_FILES, "capi_calls": call_sequences,
           "plugin_entry": entries}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, default=FOLDER.parents[2] / "build/release")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="default: all")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="calanque-corpus-") as work:
        for target in arguments.targets or TARGETS:
            folder = FOLDER / target
            folder.mkdir(parents=True, exist_ok=True)
            for file in folder.iterdir():
                if not file.name.startswith("found-"):
                    file.unlink()
            for name, content in TARGETS[target]((arguments.build.resolve(), pathlib.Path(work))).items():
                data = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
                if len(data) > LARGEST:
                    raise SystemExit(f"corpus.py: {target}/{name} has {len(data)} bytes")
                (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
