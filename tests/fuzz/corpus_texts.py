# tests/fuzz/corpus_texts.py -- run files, expressions and CSV tables, right and wrong ones.
# SPDX-License-Identifier: BSD-3-Clause
"""Texts alone; a byte that is no UTF-8 stands as a lone surrogate, "\\udcff"."""

RUN = """task = "regression"
[data]
catalog = "cat.fits"
id = "ID"
scalars = ["MAG_*", "A"]
target = "Z"
[model]
layer = [{ use = "dense", units = 8, activation = "tanh" }, { use = "dense" }]
[train]
optimizer = { name = "adam", lr = 1e-3 }
"""
BLOCKS = """[model.parameters]
width = 4
[[model.layer]]
use = "block.stem"
repeat = 2
wide = "$width"
[[model.layer]]
use = "dense"
from = ["stem1.2", "input"]
[model.block.stem.parameters]
wide = 1
[[model.block.stem.layer]]
use = "dense"
name = "one"
units = "$wide"
from = "input[0]"
[[model.block.stem.layer]]
use = "concat"
from = ["one", "input"]
"""


def nested(levels, key, value):
    """Blocks in one another, each of which hands the next twice what it was given."""
    text = f"[[model.layer]]\nuse = \"block.b0\"\n{key} = {value.replace('$', '')}\n"
    for i in range(levels):
        inner = f"use = \"block.b{i + 1}\"\n{key} = {value}" if i + 1 < levels else "use = \"dense\""
        text += f"[[model.block.b{i}.layer]]\n{inner}\n"
        if key != "from":
            text += f"[model.block.b{i}.parameters]\n{key} = 1\n"
    return text


RUN_FILES = {
    "whole": RUN,
    "blocks": BLOCKS,
    "empty": "",
    "set": RUN + "\n%%\ntrain.epochs 3\ndata.on_bad.stop_after 9\ntrain.optimizer.beta1 0.8\ncompute.devices "
                 "[\"cpu\", \"cpu\"]\ndata.scalars A\ntrain.epoch 3\nmodel.loss {use = \"crps\"}\n",
    "transforms": RUN + "[[transform]]\nuse = \"clip\"\nlow = -1.5\nhigh = 1e300\n[[transform]]\nuse = \"asinh\"\n",
    "texts": "[data]\nid = '''a\nb\\'''\ntarget = \"\\u00e9\\u0001\\\"\\\\\\t\"\nwhere = 'A > 1'\n",
    "numbers": "[split]\nvalid = 0.1\ntest = 1e-300\nseed = 9223372036854775807\n[data]\nnull = [-0.0, 1e22, 0x10, 1_0]\n",
    "bins": "[model.bins]\nmin = 0\nmax = 1.0\nn = 100\n[model.loss]\nuse = \"crps\"\n",
    "dates": "[data]\nid = 1979-05-27\n",
    "nan": "[split]\nvalid = nan\n",
    "infinite": "[train]\nclip_norm = -inf\n",
    "unknown": "[train]\nepoch = 3\n",
    "newline-in-a-key": "\"a\\nb\" = 1\n[train]\n\"c\\u001bd\" = 2\n",
    "dotted-key": "[train]\n\"optimizer.name\" = \"sgd\"\n",
    "wrong-type": "[train]\nepochs = \"many\"\nbatch = [1]\n",
    "twice": "[train]\nepochs = 1\nepochs = 2\n",
    "cut": RUN[:150],
    "no-utf8": "[data]\nid = \"\udcff\"\n",
    "deep": "[data]\nnull = " + "[" * 200 + "]" * 200,
    "open-tables": "[model.loss]\nuse = \"x\"\na.b.c = [{ d = { e = [1, { f = {} }] } }]\n\"x y\".\"\" = 1\n",
    "no-layer": "[model]\nuse = \"small\"\nfile = \"absent.toml\"\n",
    "absent-file": "[model]\nfile = \"absent.toml\"\nparameters = { width = 3 }\n",
    "itself": "[[model.layer]]\nuse = \"block.a\"\n[[model.block.a.layer]]\nuse = \"block.a\"\n",
    "repeats": "[[model.layer]]\nuse = \"block.a\"\nrepeat = 1000\n[[model.block.a.layer]]\nuse = \"dense\"\nrepeat = 1000\n",
    "names-taken": "[[model.layer]]\nuse = \"dense\"\nname = \"a\"\n[[model.layer]]\nuse = \"dense\"\nname = \"a\"\n",
    "inputs-doubled": nested(12, "from", '["input", "input"]'),
    "parameters-doubled": nested(12, "wide", '["$wide", "$wide"]'),
    "input-index": BLOCKS.replace("input[0]", "input[18446744073709551616]"),
    "bare-words": "task = regression\n",
    "own-keys": "[model.parameters]\nuse = 1\n[[model.layer]]\nuse = \"dense\"\n",
}
EXPRESSIONS = {f"{i:02}": text for i, text in enumerate([
    "MAG_G - MAG_R", "A > 1 && B <= 2 || !isnan(C)", "2 ** -x ** 2", "max(min(A, 3), log10(`e_B-V`))",
    "-(-(+1.5e3))", "1e999", "1e-999", "9007199254740993", "a = b", "a & b", "1 < 2 < 3", "((((((A))))))",
    "(" * 99 + "1" + ")" * 99, "(" * 101, "!" * 101 + "A", "1" + "+1" * 60, "A" + "**A" * 50, "``", "`a", "`a\nb` > 0",
    "sqrt()", "sqrt(1, 2)", "sqr(1)", "floor(1.5) == 1", "exp(abs(-A)) / 0", "é", "\udcff", "", " \t ", "1 2", "A.", ".5",
    "min(" * 70 + "1" + ", 2)" * 70, "a-b*c/d**e", "isnan(0/0) != 0", "A\x1b[31m", "log(A) + \x00", "x1 == x2 && x3 != x4",
])}
CSV_FILES = {
    "plain": "ID,A,B,NAME\n1,0.5,-3,x\n2,1e-3,,\"y \"\"z\"\"\"\n3,nan,7,\n",
    "one-column": "A\n1\n\n2\n\n",
    "numbers-as-names": "\"1\",\"2\"\n3,4\n",
    "lines-in-quotes": "A,B\n\"a\nb\r\n#c\",1\n\" d \",2\n",
    "crlf": "A,B\r\n1,2\r\n3,4\r\n",
    "bom": "\ufeffA,B\n1,2\n",
    "comments": "# one\n# two\nA,B\n1,2\n",
    "long-integers": "ID,A\n9223372036854775807,18446744073709551615\n-9223372036854775808,0\n",
    "beyond": "A\n18446744073709551616\n1e400\n-1e-400\n",
    "semicolons": "A;B\n1;2\n",
    "tabs": "A\tB\n1\t2\n",
    "empty": "",
    "names-alone": "ID,A\n",
    "no-names": "1,2\n3,4\n",
    "twice": "A,A\n1,2\n",
    "short-row": "A,B\n1\n",
    "long-row": "A,B\n1,2,3\n",
    "open-quote": "A,B\n\"1,2\n",
    "after-a-quote": "A,B\n\"1\"x,2\n",
    "nul": "A,B\n1\x002,3\n",
    "no-utf8": "A,\udcff\n\udcfe,2\n",
    "no-end": "A,B\n1,2",
    "unnamed": ",B\n1,2\n",
    "ecsv": "# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:\n# - {name: ID, datatype: int64}\n# - {name: A, unit: mag, "
            "datatype: float32, description: 'a, b'}\n# - {name: OK, datatype: bool}\n# - {name: T, datatype: string}\n"
            "# meta:\n#   k: v\nID,A,OK,T\n1,0.5,True,x\n2,nan,False,\"a \"\n",
    "ecsv-blocks": "# %ECSV 0.9\n# ---\n# datatype:\n# - name: ID\n#   datatype: uint8\n#   meta: {a: [1, {b: c}]}\n# -\n"
                   "#   name: 'A b'\n#   unit: \"m\\\"/s\"\n#   datatype: float64\nID \"A b\"\n1 2.5\n255 \"\"\n",
    "ecsv-lines": "# %ECSV 1.0\n# delimiter: ','\n# datatype:\n# - {name: A,\n#    datatype: int16,\n#    unit: 'x}'}\n"
                  "# - {name: B, datatype: float16},\nA,B\n-5,0.1\n",
    "ecsv-gaps": "# %ECSV 1.0\n# datatype:\n# - {name: A, datatype: int32}\n# - {name: B, datatype: int64}\nA B\n1 2\n\"\" "
                 "9007199254740993\n",
    "ecsv-misfit": "# %ECSV 1.0\n# datatype:\n# - {name: A, datatype: uint8}\nA\n300\n-1\n1.5\n",
    "ecsv-open-brace": "# %ECSV 1.0\n# datatype:\n# - {name: A, datatype: int8\nA\n1\n",
    "ecsv-no-list": "# %ECSV 1.0\n# datatype:\nA\n1\n",
    "ecsv-delimiter": "# %ECSV 1.0\n# delimiter: ';'\n# datatype:\n# - {name: A, datatype: int8}\nA\n1\n",
    "ecsv-unknown": "# %ECSV 1.0\n# datatype:\n# - {name: A, datatype: complex64}\nA\n1\n",
    "ecsv-names": "# %ECSV 1.0\n# datatype:\n# - {name: A, datatype: int8}\n# - {name: B, datatype: int8}\nA C\n1 2\n",
    "ecsv-dash": "# %ECSV 1.0\n# datatype:\n#-\n# - \n#   - x\n#  name A\nA\n1\n",
    "ecsv-no-colon": "# %ECSV 1.0\n# what\nA\n1\n",
}
