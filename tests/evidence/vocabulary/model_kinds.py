# tests/evidence/vocabulary/model_kinds.py -- the ways in which a model file can be wrong, each planted in a right one.
# SPDX-License-Identifier: BSD-3-Clause
"""A kind is a function of a Text and of what draws; it changes the text and returns where that is told and what is
quoted. A base that cannot be wrong in that way is told by None."""
SIZES = {"units", "channels", "kernel", "heads", "stride", "reduce"}
NUMBERS = SIZES | {"rate", "bias_init"}
HUGE = 2**63 - 1


def typo(draw, word):
    i = draw.choice([i for i in range(len(word) - 1) if word[i] != word[i + 1]])
    return word[:i] + word[i + 1] + word[i] + word[i + 2:]


def one_of(draw, options):
    return draw.choice(options) if options else None


def in_a_key(names, value_of):
    """A kind: the value of a key drawn from `names` becomes another."""
    def plant(text, draw):
        chosen = one_of(draw, text.keys_of(names))
        if chosen is None:
            return None
        value, says = value_of(draw)
        return text.set(*chosen, value), says
    return plant


def unknown_layer(text, draw):
    layer = draw.choice([layer for layer in text.layers if text.is_core(layer)])
    name = typo(draw, text.value(layer, "use"))
    return text.set(layer, "use", f'"{name}"'), f"unknown layer '{name}'"


def unknown_key(text, draw):
    layer = draw.choice(text.layers)
    name = f"units{draw.randrange(100, 999)}"
    return text.insert(draw.randrange(layer.header + 1, layer.end() + 1), f"{name} = 3"), name


def missing_key(text, draw):
    chosen = one_of(draw, text.keys_of({"channels", "kernel", "heads"}))
    if chosen is None:
        return None
    del text.lines[chosen[0].keys[chosen[1]]]
    return chosen[0].header + 1, f"{chosen[1]} is missing"


def missing_use(text, draw):
    layer = draw.choice(text.layers)
    del text.lines[layer.keys["use"]]
    return layer.header + 1, "use is missing"


def missing_input(text, draw):
    layer = draw.choice(text.layers)
    name = draw.choice([f"stem{draw.randrange(100)}", f"input.E_BV{draw.randrange(100)}"])
    return text.set(layer, "from", f'"{name}"'), name.removeprefix("input.")


def later_layer(text, draw):
    pair = one_of(draw, text.pairs(lambda a, b: "name" in b.keys))
    if pair is None:
        return None
    name = text.value(pair[1], "name")
    return text.set(pair[0], "from", f'"{name}"'), f"no layer '{name}' before this one"


def cycle(text, draw):
    """A layer that reads itself, or two that read each other."""
    pair = one_of(draw, text.pairs(lambda a, b: "name" in a.keys and "name" in b.keys))
    if pair is None:
        return None
    first, second = (text.value(layer, "name") for layer in pair)
    if draw.randrange(2):
        return text.set(pair[0], "from", f'"{first}"'), f"no layer '{first}' before this one"
    text.set(pair[1], "from", f'"{first}"')
    return text.set(pair[0], "from", f'"{second}"'), f"no layer '{second}' before this one"


def duplicate_name(text, draw):
    pair = one_of(draw, text.pairs(lambda a, b: "name" in a.keys))
    if pair is None:
        return None
    name = text.value(pair[0], "name")
    return text.set(pair[1], "name", f'"{name}"'), f"name '{name}' is taken"


def recursion(text, draw):
    layer = one_of(draw, [layer for layer in text.layers if layer.block])
    if layer is None:
        return None
    return text.set(layer, "use", f'"block.{layer.block}"'), f"block '{layer.block}' uses itself"


def too_many_repeats(text, draw):
    layer, n = draw.choice(text.layers), draw.choice([0, -3, 1001, 10**6, 10**12, HUGE])
    return text.set(layer, "repeat", n), f"from 1 to 1000, got {n}"


def huge_layer(text, draw):
    chosen = one_of(draw, [(layer, key) for layer, key in text.keys_of({"units", "channels"})
                           if text.value(layer, "use") in ("dense", "conv")])
    if chosen is None:
        return None
    text.set(*chosen, HUGE)
    return chosen[0].header + 1, f"{HUGE}"


def huge_network(text, draw):
    """10^12 parameters and more in the second of two layers before the last."""
    last = text.layers[-1]
    if text.value(last, "use") != "dense" or "from" in last.keys:
        return None
    n = draw.randrange(10**6, 10**7)
    wide = ["[[model.layer]]", 'use = "dense"', f"units = {n}"]
    return text.insert(last.header, *wide, *wide) + len(wide), f"[{n}, {n}]"


def unlike_shared(text, draw):
    """The weights of a layer of another kind, or of one that is not there."""
    pair = one_of(draw, text.pairs(lambda a, b: text.is_core(a) and text.is_core(b) and "name" in a.keys
                                   and "repeat" not in a.keys and text.value(a, "use") != text.value(b, "use")))
    if pair is None or draw.randrange(2):
        name = f"stem{draw.randrange(100)}"
        return text.set(draw.choice([p for p in text.layers if text.is_core(p)]), "shares", f'"{name}"'), name
    name = text.value(pair[0], "name")
    return text.set(pair[1], "shares", f'"{name}"'), f"{name}' is a {text.value(pair[0], 'use')}"


def layers_of(*tables):
    """Lines, with a name for each that has none, and the place of the last table's header among them."""
    named = [table if table[0].startswith("name") else (f'name = "inserted{i}"', *table) for i, table in enumerate(tables)]
    lines = [["[[model.layer]]", *table] for table in named]
    return sum(lines, []), sum(map(len, lines[:-1]))


def shape_clash(text, draw):
    """Behind the first layer of the model 12 numbers, and a layer that cannot take what stands before it."""
    n, name = draw.randrange(3, 12), f"side{draw.randrange(100)}"
    both = f'from = ["{name}", "other"]'
    maps = ('use = "reshape"', "shape = [3, 4]")
    clashes = [([('use = "reshape"', f"shape = [{n}, 13]")], f"[{n}, 13]"),
               ([(f'name = "{name}"', 'use = "dense"', f"units = {n}"), ('name = "other"', 'use = "dense"', "units = 13"),
                 (draw.choice(['use = "add"', 'use = "multiply"', 'use = "average"']), both)], f"[1, {n}] and [1, 13]"),
               ([(f'name = "{name}"', *maps), ('name = "other"', 'use = "reshape"', "shape = [4, 3]"),
                 ('use = "concat"', both)], "[1, 3, 4] and [1, 4, 3]"),
               ([maps, ('use = "attention"', f"heads = {2 * n + 1}")], f"{2 * n + 1} heads"),
               ([maps, ('use = "conv"', "channels = 2", f"kernel = {n + 2}", 'padding = "valid"')], f"reaches over {n + 2}"),
               ([(draw.choice(['use = "conv"', 'use = "conv_transpose"']), "channels = 2", f"kernel = {n}")], "got [1, 12]")]
    tables, says = draw.choice(clashes)
    lines, at = layers_of(('use = "flatten"',), ('use = "dense"', "units = 12"), *tables)
    first = [layer for layer in text.layers if not layer.block][0]
    return text.insert(first.end(), *lines) + at, says


def nested(text, draw):
    layer, opens = draw.choice(text.layers), draw.choice(["[", "{a="])
    return text.insert(layer.end(), "deep = " + opens * (10**6 // len(opens))), "depth"


def deep_key(text, draw):
    """Beyond what a stack holds of tables in tables."""
    layer, parts = draw.choice(text.layers), ".a" * draw.randrange(10**5, 5 * 10**5)
    wrong = draw.choice([f"a{parts} = 1", f"a = {{ a{parts} = 1 }}", f"[a{parts}]"])
    return text.insert(layer.end(), wrong), "16 parts"


def in_bytes(wrong, says):
    """A kind: a byte that no text holds, in the text of a key; a surrogate stands for it until the file is written."""
    def plant(text, draw):
        layer = draw.choice(text.layers)
        at = layer.keys["use"]
        text.lines[at] = text.lines[at].replace('= "', f'= "{wrong}', 1)
        return at + 1, says
    return plant


def bad_syntax(text, draw):
    layer = draw.choice(text.layers)
    wrong = draw.choice(["units =", "units 3", "units = 3 4", "units = 0x", 'name = "a'])
    return text.insert(layer.end(), wrong, ""), "Error while parsing"


def duplicate_key(text, draw):
    layer = draw.choice(text.layers)
    key = draw.choice(list(layer.keys))
    return text.insert(layer.end(), text.lines[layer.keys[key]]), f"'{key}'"


def wrong_output(text, draw):
    """A table of an output behind the layers, and the line of it that is wrong, counted from 0."""
    if any(line.startswith("bins") for line in text.lines):
        return None
    n = draw.randrange(2, 99)
    lines = ['[[model.output]]', 'name = "z"', 'target = "Z"']
    wrong, at, says = draw.choice([
        (f'loss = "mse{n}"', 3, f"mse{n}"), (f'from = "stem{n}"', 3, f"stem{n}"), (f"weight = -{n}", 3, f"-{n}"),
        (f'task = "photo{n}"', 3, f"photo{n}"), (f"wheight{n} = 1", 3, f"wheight{n}"), (f"weight = [{n}]", 3, f"[{n}]"),
        (f'loss = {{ use = "huber", delta = -{n} }}', 3, f"-{n}"), (f'loss = {{ delta = {n} }}', 3, f'"delta":{n}')])
    end = len(text.lines)
    return text.insert(end, *lines, wrong) + at, says


def negative(draw):
    n = draw.choice([0, -1, -draw.randrange(2, 10**6), -HUGE])
    return n, f"got {n}"


def unknown_parameter(draw):
    name = f"width{draw.randrange(100)}"
    return f'"${name}"', f"no parameter '{name}'"


def arithmetic(draw):
    n = draw.randrange(2, 99)
    words, says = draw.choice([(f"({n} / 0)", f"({n} / 0) is inf"), (f"({n} * )", f"({n} * ^)"),
                               (f"(3 + width{n})", f"no parameter 'width{n}'"), (f"(log(-{n}))", f"(log(-{n})) is"),
                               (f"({n} 3)", f"({n} ^3)"), (f"(min({n}))", f"min({n}")])
    return f'"${words}"', says


def nothing(text, draw):
    text.lines = ["# a model"] * draw.randrange(3)
    return None, "is missing"


def section_of_a_run_file(text, draw):
    section = draw.choice(["train", "data", "split", "compute", "output", "predict"])
    if "[data]" in text.lines:
        return None
    return text.insert(len(text.lines), f"[{section}]"), f"{section} stands in a run file"


# In the run file that names a model file.
def wrong_loss(text, draw):
    n = draw.randrange(2, 99)
    wrong, says = draw.choice([(f'loss = {{ use = "mse{n}" }}', f"mse{n}"), (f"loss = {{ delta{n} = 1 }}", f"delta{n}"),
                               (f'loss = {{ use = "huber", delta = -{n} }}', f"-{n}"),
                               (f"bins = {{ min = {n}, max = 1, n = 9 }}", f"min {n}"),
                               (f"bins = {{ min = 0, max = 1, n = -{n} }}", f"-{n}")])
    return text.insert(text.lines.index("[model]") + 1, wrong), says


def wrong_parameters(text, draw):
    name = f"width{draw.randrange(2, 99)}"
    return text.insert(text.lines.index("[model]") + 1, f"parameters = {{ {name} = 3 }}"), f"no parameter '{name}'"


def wrong_source(text, draw):
    name = f"model{draw.randrange(99)}"
    wrong, says = draw.choice([(f'fiel = "{name}"', "model.fiel"), (f"layer = [{{ use = '{name}' }}]", "model.layer")])
    return text.insert(text.lines.index("[model]") + 2, wrong), says


RUN_KINDS = {"loss of the run file": wrong_loss, "parameters of the run file": wrong_parameters,
             "two models": wrong_source}

KINDS = {
    "unknown layer": unknown_layer, "unknown key": unknown_key, "missing key": missing_key, "missing use": missing_use,
    "wrong type": in_a_key(NUMBERS, lambda draw: ("true", "got true")), "size below 1": in_a_key(SIZES, negative),
    "number for a text": in_a_key({"activation", "init"}, lambda draw: (7, "got 7")),
    "unknown function": in_a_key({"activation"}, lambda draw: (f'"rleu{draw.randrange(9)}"', "rleu")),
    "missing input": missing_input, "layer that comes later": later_layer, "cycle": cycle, "duplicate name": duplicate_name,
    "block in itself": recursion, "repeats": too_many_repeats, "arithmetic": in_a_key(NUMBERS, arithmetic),
    "unknown parameter": in_a_key(NUMBERS, unknown_parameter), "layer beyond 2^63": huge_layer,
    "10^12 parameters": huge_network, "weights of another layer": unlike_shared, "shapes that clash": shape_clash,
    "1 MB of nesting": nested, "key of 10^5 parts": deep_key, "not UTF-8": in_bytes("\udcff", "utf-8"),
    "NUL byte": in_bytes("\0", "control characters"), "syntax": bad_syntax, "key twice": duplicate_key,
    "output": wrong_output, "nothing": nothing, "section of a run file": section_of_a_run_file,
}
