# tests/evidence/hosts/words.py -- whether the words of an error say which argument it is about.
# SPDX-License-Identifier: BSD-3-Clause
import re

# What is wrong may also be what came before: nothing was set, a key of the configuration is missing, a training is over;
# of an array it is what it holds.
MISSING = re.compile(r"there are no \w+|was not set|nothing was|\w+\.\w+ is missing|text:\d|JSON object|the training has ended|"
                     r"elements a sample, got \d|has too many bytes")


def names_one(words, names, texts, numbers):
    """`names` of the arguments, and what those are that are texts or numbers: by its name, its kind, or what it was."""
    if any(re.search(r"[^ -~]", text) for text in texts):
        return True  # shown with other letters
    shown = [text[:40] for text in texts if text] + [str(number) for number in numbers]
    called = "|".join(form for name in names for form in (name, name.split("_")[0].rstrip("s")))
    return bool(called) and re.search(rf"\b({called})s?\b", words) is not None or MISSING.search(words) is not None or \
        any(text in words for text in shown) or ("" in texts and re.search(r"(^|: ): |^ is |empty|''", words) is not None)
