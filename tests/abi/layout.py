# tests/abi/layout.py -- the borders in C as a compiler lays them out, against the snapshot that is kept.
# SPDX-License-Identifier: BSD-3-Clause
"""layout.py INCLUDE [SNAPSHOTS]: prints every type, constant and function of the C headers in INCLUDE/calanque, one a
line; with SNAPSHOTS compares them with SNAPSHOTS/<major>.<minor>/layout.txt, and ends with 1 where they differ or that file
is not there.

Sizes, offsets and values come from the compiler's debug information, so no list of them can be forgotten."""
import pathlib
import re
import subprocess
import sys
import tempfile

try:
    from elftools.elf.elffile import ELFFile
except ImportError:
    sys.exit("layout: python3-pyelftools is not installed")

FLAGS = ["-std=c99", "-g", "-gdwarf-4", "-fno-eliminate-unused-debug-types"]


class Layout:
    """The lines of one folder of headers."""

    def __init__(self, include):
        self.include = pathlib.Path(include).resolve()
        self.headers = sorted(path.relative_to(self.include) for path in self.include.glob("calanque/**/*.h"))
        if not self.headers:
            sys.exit(f"layout: {include}: no headers calanque/**/*.h")
        with tempfile.TemporaryDirectory(prefix="calanque-layout-") as work:
            self.source = pathlib.Path(work) / "all.c"
            self.source.write_text("".join(f"#include <{header}>\n" for header in self.headers), encoding="utf-8")
            self.lines = sorted(self._types(pathlib.Path(work) / "all.o")) + self._macros() + self._functions()

    def _gcc(self, *arguments):
        command = ["gcc", *FLAGS, f"-I{self.include}", *map(str, arguments), str(self.source)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def _types(self, built):
        self._gcc("-c", "-o", built)
        with open(built, "rb") as file:
            for unit in ELFFile(file).get_dwarf_info().iter_CUs():
                files = unit.dwarfinfo.line_program_for_CU(unit)["file_entry"]
                folders = unit.dwarfinfo.line_program_for_CU(unit)["include_directory"]
                for die in unit.get_top_DIE().iter_children():
                    number = die.attributes.get("DW_AT_decl_file")
                    entry = files[number.value - 1] if number and number.value else None
                    folder = folders[entry["dir_index"] - 1].decode() if entry and entry["dir_index"] else ""
                    if folder.startswith(str(self.include)):
                        yield from described(die)

    def _macros(self):
        """Those of our own headers, by their text."""
        found, where = set(), ""
        for line in self._gcc("-E", "-dD").splitlines():
            if line.startswith("# "):
                where = line.split('"')[1]
            elif line.startswith("#define ") and where.startswith(str(self.include)) and not line.endswith("_H "):
                found.add("macro " + re.sub(r"\s+", " ", line[len("#define "):]).strip())
        return sorted(line for line in found if "CLQ_RELEASE" not in line and "CLQ_VERSION_TEXT" not in line)

    def _functions(self):
        text = "".join((self.include / header).read_text(encoding="utf-8") for header in self.headers)
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        declared = re.findall(r"^CLQ_API\s+(.*?);", text, flags=re.S | re.M)
        return sorted("function " + re.sub(r"\s+", " ", line) for line in declared)

    def version(self):
        numbers = dict(re.findall(r"^macro CLQ_ABI_(MAJOR|MINOR) (\d+)$", "\n".join(self.lines), flags=re.M))
        return f"{numbers['MAJOR']}.{numbers['MINOR']}"


def name_of(die):
    name = die.attributes.get("DW_AT_name")
    return name.value.decode() if name else ""


def type_of(die):
    """The type a DIE refers to, as C would write it."""
    if "DW_AT_type" not in die.attributes:
        return "void"
    to = die.get_DIE_from_attribute("DW_AT_type")
    kind = to.tag.removeprefix("DW_TAG_").removesuffix("_type")
    if kind in ("base", "typedef"):
        return name_of(to)
    if kind == "pointer":
        return type_of(to) + "*"
    if kind == "const":
        return type_of(to) + " const"
    if kind == "subroutine":
        return f"{type_of(to)}({', '.join(type_of(p) for p in to.iter_children())})"
    if kind == "array":
        bounds = [child.attributes.get("DW_AT_upper_bound") for child in to.iter_children()]
        return type_of(to) + "".join(f"[{bound.value + 1}]" if bound else "[]" for bound in bounds)
    return f"{kind} {name_of(to) or '{...}'}"


def described(die):
    """A struct with its members, an enumeration's constants, or another name of a type."""
    kind, name = die.tag.removeprefix("DW_TAG_"), name_of(die)
    if kind == "enumeration_type":
        for constant in die.iter_children():
            yield f"constant {name_of(constant)} = {constant.attributes['DW_AT_const_value'].value}"
    elif kind == "structure_type" and "DW_AT_byte_size" in die.attributes:
        yield f"struct {name} size {die.attributes['DW_AT_byte_size'].value}"
        for member in die.iter_children():
            place = member.attributes["DW_AT_data_member_location"].value
            yield f"struct {name} {place:4d} {name_of(member)}: {type_of(member)}"
    elif kind == "typedef":
        yield f"type {name} = {type_of(die)}"


def compare(layout, snapshots):
    kept = pathlib.Path(snapshots) / layout.version() / "layout.txt"
    if not kept.is_file():
        return [f"{kept}: is not there; a new minor needs its snapshot, its frozen headers and a decision"]
    old = kept.read_text(encoding="utf-8").splitlines()
    return ([f"gone:  {line}" for line in old if line not in layout.lines]
            + [f"new:   {line}" for line in layout.lines if line not in old])


def main():
    layout = Layout(sys.argv[1])
    if len(sys.argv) < 3:
        print("\n".join(layout.lines))
        return 0
    wrong = compare(layout, sys.argv[2])
    print("\n".join(wrong) or f"{len(layout.lines)} lines as in {layout.version()}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
