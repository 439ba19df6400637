# tests/evil/host_test.py -- one process loads every plugin that can be refused, and goes on as if there had been none.
# SPDX-License-Identifier: BSD-3-Clause
"""host_test.py LIBRARY PLUGIN"""
import ctypes
import json
import os
import re
import shutil
import sys
import tempfile

from switches import RETURNS


class Host:
    def __init__(self, library):
        self.lib = ctypes.CDLL(library)
        for name in ("clq_error_text", "clq_plugins_report", "clq_devices_report"):
            getattr(self.lib, name).restype = ctypes.c_int64
            getattr(self.lib, name).argtypes = [ctypes.c_char_p, ctypes.c_int64]
        self.lib.clq_plugin_probe.restype = ctypes.c_int64
        self.lib.clq_plugin_probe.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int64]

    @staticmethod
    def text(call, *first):
        room = ctypes.create_string_buffer(1 << 20)
        size = call(*first, room, len(room))
        return room.value.decode() if size >= 0 else f"status {size}"

    def load(self, path):
        """"": loaded; else the words."""
        status = self.lib.clq_plugins_load(path.encode())
        return "" if status >= 0 else self.text(self.lib.clq_error_text)

    def reports(self):
        return {entry["file"]: entry for entry in json.loads(self.text(self.lib.clq_plugins_report))}


def copy_for(plugin, folder, how):
    """A library of its own for each switch: what changes its entry runs when it is opened."""
    os.environ["CLQ_EVIL"] = how
    return shutil.copy(plugin, os.path.join(folder, f"clq_{how}.so"))


def refuse_all(host, plugin, folder, wrong):
    for how, words in RETURNS.items():
        path = copy_for(plugin, folder, how)
        for turn in ("first", "second"):  # what is refused can be tried again
            said = host.load(path)
            if not said.startswith(path + ": ") or not re.search(words, said):
                wrong.append(f"{how}, {turn}: '{said}' does not say {words}")
        print(f"{how}: {said}")
    for how in RETURNS:
        entry = host.reports()[os.path.join(folder, f"clq_{how}.so")]
        if entry["in_use"] or entry["offers"]:
            wrong.append(f"{how}: in use after all: {entry}")


def use_one(host, plugin, folder, wrong):
    path = copy_for(plugin, folder, "nothing")
    if said := host.load(path):
        wrong.append(f"nothing is wrong with it, and yet: {said}")
    linked = os.path.join(folder, "clq_linked.so")
    os.symlink(path, linked)
    seen = json.loads(host.text(host.lib.clq_plugin_probe, linked.encode()))
    if [entry["file"] for entry in seen] != [path]:
        wrong.append(f"a plugin in use was initialised again by another name: {seen}")
    if not isinstance(json.loads(host.text(host.lib.clq_devices_report)), list):
        wrong.append("there is no list of devices")


def main():
    os.environ["CLQ_PLUGIN_PATH"] = ""
    host, plugin, wrong = Host(sys.argv[1]), os.path.abspath(sys.argv[2]), []
    with tempfile.TemporaryDirectory() as folder:
        refuse_all(host, plugin, folder, wrong)
        use_one(host, plugin, folder, wrong)
    print(f"{len(RETURNS)} switches in one process, {len(wrong)} wrong", *wrong, sep="\n")
    sys.exit(1 if wrong else 0)


main()
