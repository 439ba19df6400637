# tests/abi/layout.py -- the borders in C as a compiler lays them out, against the snapshot that is kept.
# SPDX-License-Identifier: BSD-3-Clause
"""layout.py INCLUDE [SNAPSHOTS [frozen]]: prints every type, constant and function of the C headers in
INCLUDE/calanque, one a line; with SNAPSHOTS compares them with those of their edition in SNAPSHOTS/<major>.<minor>:
  layout.txt     what the edition began with, and what the kept headers still are: `frozen` allows nothing else
  additions.txt  what was added since, put there by hand
Of layout.txt only the size of a struct that begins with struct_size may change, and only grow. The head of an entry
is the same in every edition. Exit 0; 1: they differ, a line each; 2: it cannot be said.

Sizes, offsets and values come from the compiler's debug information, so no list of them can be forgotten."""
import pathlib
import re
import subprocess
import sys
import tempfile

CANNOT_SAY = 2


def give_up(text):
    print(f"layout: {text}", file=sys.stderr)
    sys.exit(CANNOT_SAY)


try:
    from elftools.elf.elffile import ELFFile
except ImportError:
    give_up("python3-pyelftools is not installed")

OF_A_RELEASE = re.compile(r"(CLQ_RELEASE|CLQ_VERSION_\w+|\w+_H)\b")
FLAGS = ["-std=c99", "-g", "-gdwarf-4", "-fno-eliminate-unused-debug-types"]


class Layout:
    """The lines of one folder of headers."""

    def __init__(self, include):
        self.include = pathlib.Path(include).resolve()
        self.headers = sorted(path.relative_to(self.include) for path in self.include.glob("calanque/**/*.h"))
        if not self.headers:
            give_up(f"{include}: no headers calanque/**/*.h")
        with tempfile.TemporaryDirectory(prefix="calanque-layout-") as work:
            self.source = pathlib.Path(work) / "all.c"
            self.source.write_text("".join(f"#include <{header}>\n" for header in self.headers), encoding="utf-8")
            self.lines = sorted(self._types(pathlib.Path(work) / "all.o")) + self._macros() + self._functions()

    def _gcc(self, *arguments):
        command = ["gcc", *FLAGS, f"-I{self.include}", *map(str, arguments), str(self.source)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            give_up(f"the headers do not compile: {(done.stderr.strip().splitlines() or ['gcc failed'])[0]}")
        return done.stdout

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
            elif line.startswith("#define ") and where.startswith(str(self.include)):
                found.add(re.sub(r"\s+", " ", line[len("#define "):]).strip())
        return sorted(f"macro {line}" for line in found if not OF_A_RELEASE.match(line))

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
        parameters = ["..." if p.tag == "DW_TAG_unspecified_parameters" else type_of(p) for p in to.iter_children()]
        return f"{type_of(to)}({', '.join(parameters)})"
    if kind == "array":
        bounds = [child.attributes.get("DW_AT_upper_bound") for child in to.iter_children()]
        return type_of(to) + "".join(f"[{bound.value + 1}]" if bound else "[]" for bound in bounds)
    if kind in ("structure", "enumeration"):
        return f"{kind} {name_of(to) or '{...}'}"
    return give_up(f"a {kind} type is none that the borders may have")


def described(die):
    """A struct with its members, an enumeration's constants, or another name of a type."""
    kind, name = die.tag.removeprefix("DW_TAG_"), name_of(die)
    if kind == "enumeration_type":
        for constant in die.iter_children():
            yield f"constant {name_of(constant)} = {constant.attributes['DW_AT_const_value'].value}"
    elif kind == "structure_type" and "DW_AT_byte_size" in die.attributes:
        yield f"struct {name} size {die.attributes['DW_AT_byte_size'].value}"
        for member in die.iter_children():
            if "DW_AT_bit_size" in member.attributes:
                give_up(f"struct {name}: {name_of(member)} is a bit-field, which the borders may not have")
            place = member.attributes["DW_AT_data_member_location"].value
            yield f"struct {name} {place:4d} {name_of(member)}: {type_of(member)}"
    elif kind == "typedef":
        yield f"type {name} = {type_of(die)}"
    elif kind == "union_type":
        give_up(f"union {name}: the borders may have none")


def lines_of(path):
    return path.read_text(encoding="utf-8").splitlines()


def grown(old, now):
    """Sizes that may differ: of structs that begin with struct_size and are larger now."""
    size = re.compile(r"struct (\w+) size (\d+)")
    sizes = {match[1]: int(match[2]) for match in map(size.fullmatch, now) if match}
    begins = re.compile(r"struct (\w+) +0 struct_size: uint32_t")
    extensible = {match[1] for match in map(begins.fullmatch, old) if match}
    return {match[0] for match in map(size.fullmatch, old)
            if match and match[1] in extensible and sizes.get(match[1], 0) > int(match[2])}


def compare(layout, snapshots, frozen):
    """What is wrong, a line each."""
    edition = pathlib.Path(snapshots) / layout.version()
    for needed in ("layout.txt", "additions.txt", "calanque.abi", "include/calanque/plugin/entry.h", "golden/entry.c"):
        if not (edition / needed).is_file():
            return [f"{edition / needed}: is not there; a new minor needs it, and a decision"]
    old, added = lines_of(edition / "layout.txt"), [] if frozen else lines_of(edition / "additions.txt")
    may_go = set() if frozen else grown(old, layout.lines)
    wrong = [f"gone:  {line}" for line in old + added if line not in layout.lines and line not in may_go]
    wrong += [f"new:   {line}" for line in layout.lines if line not in old and line not in added]
    for other in sorted(pathlib.Path(snapshots).glob("*/layout.txt")):
        head = [line for line in lines_of(other) if re.match(r"struct clq_plugin_entry +(0|4|6|8|16) ", line)]
        wrong += [f"moved since {other.parent.name}:  {line}" for line in head if line not in layout.lines]
    return wrong


def main():
    layout = Layout(sys.argv[1])
    if len(sys.argv) < 3:
        print("\n".join(layout.lines))
        return 0
    wrong = compare(layout, sys.argv[2], sys.argv[3:] == ["frozen"])
    print("\n".join(wrong) or f"{len(layout.lines)} lines as in {layout.version()}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
