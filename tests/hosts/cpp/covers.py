# tests/hosts/cpp/covers.py -- every function of calanque.h is called by the C++ headers.
# SPDX-License-Identifier: BSD-3-Clause
"""covers.py: exit 1 and a line for each function that no header calls."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "capi/bindings"))
import header  # noqa: E402


def main():
    files = (ROOT / "capi/bindings/cpp/include/calanque").rglob("*.hpp")
    called = set(re.findall(r"\bclq_\w+", "".join(path.read_text(encoding="utf-8") for path in files)))
    # The words of an error come with the exception; its code is the exception's own.
    missing = [f.name for f in header.read(ROOT / "capi/include").functions if f.name not in called | {"clq_error_code"}]
    for name in missing:
        print(f"calanque.hpp: nothing calls {name}")
    sys.exit(1 if missing or len(called) < 50 else 0)


if __name__ == "__main__":
    main()
