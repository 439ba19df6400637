# tests/evidence/foundations/abi_libraries.py -- libraries and headers with one defect each, for the gates that look at files.
# SPDX-License-Identifier: BSD-3-Clause
"""Each is made twice, with the defect and without: a gate that refuses both has seen nothing."""
import re
import shutil
import sys

from evidence import ROOT, last_line, run

INCLUDE = ROOT / "capi/include"
PLUGIN = """#include <calanque/plugin/entry.h>
static clq_status CLQ_CALL init(const clq_host *host) { return host == 0 ? CLQ_E_ABI : CLQ_OK; }
static void CLQ_CALL deinit(void) {}
static const void *CLQ_CALL get_factory(const char *id) { (void)id; return 0; }
EXTERN CLQ_EXPORT const clq_plugin_entry clq_plugin =
    CLQ_PLUGIN_ENTRY_INIT("org.example.none", "1.0.0", "BSD-3-Clause", init, deinit, get_factory);
"""
ORIGIN = "-Wl,--enable-new-dtags,-rpath,$ORIGIN"
EXPORT = '__attribute__((visibility("default")))'
# what: code behind the plugin's, how it is linked
PLUGINS = {
    "a plugin exports a function more": (f"{EXPORT} int clq_more() {{ return 1; }}", ORIGIN),
    "a plugin has a symbol that is one for the whole process":
        (f"template <class T> struct S {{ {EXPORT} static int n; }}; template <class T> int S<T>::n = 1; "
         f"template struct {EXPORT} S<int>;", ORIGIN),
    "a plugin does not look beside itself": ("", "-Wl,-rpath,/usr/lib"),
    "a plugin does not say where to look": ("", "-Wl,-O1"),
    "a plugin looks where it is run": ("", "-Wl,--enable-new-dtags,-rpath,$ORIGIN::/usr/lib"),
    "a plugin overrules LD_LIBRARY_PATH": ("", "-Wl,--disable-new-dtags,-rpath,$ORIGIN"),
}
# what: a function that is in the library alone, or one of the header that is not in it
LIBRARIES = {"the library exports a function that its header has not": ("clq_more", ""),
             "the library has not all functions of its header": ("", "clq_version")}
# what: compiler, header, pattern, replacement
HEADERS = {
    "a struct has padding, for gcc": ("gcc", "plugin/backend.h", r"(typedef struct clq_op \{)", r"\1 char odd;"),
    "a struct has padding, for clang": ("clang", "plugin/backend.h", r"(typedef struct clq_op \{)", r"\1 char odd;"),
    "a header is not C": ("gcc", "calanque.h", r"(typedef int64_t clq_handle;)", r"\1 typedef const clq_handle &clq_reference;"),
    "a header is not C++": ("clang", "calanque.h", r"(typedef int64_t clq_handle;)", r"\1 typedef clq_handle class;"),
}


def compile_library(language, source, target, link):
    flags = ["-x", language, "-fPIC", "-shared", "-fvisibility=hidden", f"-I{INCLUDE}", link]
    done = run(["c++" if language == "c++" else "cc", *flags, source, "-o", target])
    if done.returncode != 0:
        sys.exit(f"abi: {source.name}: {last_line(done)}")


def refuses_plugin(folder, code, link):
    folder.mkdir()
    (folder / "plugin.cpp").write_text(PLUGIN.replace("EXTERN", 'extern "C"') + code + "\n", encoding="utf-8")
    compile_library("c++", folder / "plugin.cpp", folder / "clq_none.so", link)
    return run(["sh", ROOT / "tests/plugins/exports.sh", folder / "clq_none.so"]).returncode != 0


def refuses_library(folder, more, less):
    folder.mkdir()
    header = INCLUDE / "calanque/calanque.h"
    names = set(re.findall(r"^CLQ_API.*?(clq_[a-z_]+)\(", header.read_text(encoding="utf-8"), flags=re.MULTILINE))
    names = sorted((names | ({more} if more else set())) - {less})
    (folder / "library.c").write_text("".join(f"{EXPORT} int {name}(void) {{ return 0; }}\n" for name in names))
    compile_library("c", folder / "library.c", folder / "libcalanque.so", ORIGIN)
    return run(["sh", ROOT / "tests/capi/exports.sh", folder / "libcalanque.so", header]).returncode != 0


def refuses_header(folder, compiler, header, pattern, replacement):
    shutil.copytree(INCLUDE, folder)
    path = folder / "calanque" / header
    text, times = re.subn(pattern, replacement, path.read_text(encoding="utf-8"), count=1)
    if times != 1:
        sys.exit(f"abi: {header}: nothing matches {pattern}")
    path.write_text(text, encoding="utf-8")
    return run(["sh", ROOT / "tests/capi/headers.sh", folder, compiler]).returncode != 0


def uncaught(work, whole):
    """Names of the defects that their gate does not see, of all, and how many there are. `whole`: a control, no file has
    its defect."""
    sound = {refuses_plugin: ("", ORIGIN), refuses_library: ("", "")}
    wrong, n = [], 0
    for gate, defects in ((refuses_plugin, PLUGINS), (refuses_library, LIBRARIES), (refuses_header, HEADERS)):
        for what, defect in defects.items():
            healthy = sound.get(gate) or (*defect[:3], r"\1")
            if gate(work / f"sound-{n}", *healthy):
                sys.exit(f"abi: {gate.__name__}: what is sound is refused: {what}")
            if not gate(work / f"defect-{n}", *(healthy if whole else defect)):
                wrong.append(what)
            n += 1
    return wrong, n
