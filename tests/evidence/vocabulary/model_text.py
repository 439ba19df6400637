# tests/evidence/vocabulary/model_text.py -- a model file as lines, in which layers are found and changed.
# SPDX-License-Identifier: BSD-3-Clause
import dataclasses
import re

HEADER = re.compile(r"\[\[model\.(?:block\.(\w+)\.)?layer\]\]")
KEY = re.compile(r"(\w+)\s*=\s*(.*?)\s*(?:#.*)?$")


@dataclasses.dataclass
class Layer:
    """A table of a layer: the index of its header, and of each of its keys."""
    block: str
    header: int
    keys: dict

    def end(self):
        return max([self.header, *self.keys.values()]) + 1


class Text:
    """A file as lines, in which layers are found."""

    def __init__(self, text):
        self.lines = text.splitlines()
        self.layers = []
        open_layer = None
        for i, line in enumerate(self.lines):
            if line.startswith("["):
                header = HEADER.match(line)
                open_layer = Layer(header[1] or "", i, {}) if header else None
                self.layers += [open_layer] if header else []
            elif open_layer and KEY.match(line):
                open_layer.keys[KEY.match(line)[1]] = i

    def value(self, layer, key):
        return KEY.match(self.lines[layer.keys[key]])[2].strip('"') if key in layer.keys else ""

    def is_core(self, layer):
        return "." not in self.value(layer, "use")

    def set(self, layer, key, value):
        """Replaces the key's line, or adds one behind the header; the number of that line."""
        if key in layer.keys:
            self.lines[layer.keys[key]] = f"{key} = {value}"
            return layer.keys[key] + 1
        return self.insert(layer.header + 1, f"{key} = {value}")

    def insert(self, at, *lines):
        """The number of the first of these lines."""
        self.lines[at:at] = lines
        return at + 1

    def keys_of(self, names):
        return [(layer, key) for layer in self.layers for key in layer.keys if key in names and self.is_core(layer)]

    def pairs(self, right):
        """Layers of one list, the first above the second, that are `right`."""
        return [(a, b) for i, a in enumerate(self.layers) for b in self.layers[i + 1:]
                if a.block == b.block and right(a, b)]
