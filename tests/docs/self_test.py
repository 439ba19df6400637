# tests/docs/self_test.py -- the checks of the documents find what is planted, and only that.
# SPDX-License-Identifier: BSD-3-Clause
"""self_test.py --build DIR [--sanitize LIST]"""
import argparse
import pathlib
import sys
import tempfile

import check_names
import run_snippets

MAIN = "int main(void) { return %s; }\n"
EXCERPT = "// docs/examples/plugins/layer.cpp\nusing clq::sdk::%s;\n// ...\nusing %s;\n"

# What is planted, and words of the answer; an empty answer: nothing is wrong.
SNIPPETS = [
    ("```sh\nclq --version\n```\n", ""),
    ("```sh\nclq --version | grep -q nothing\n```\n", "exit 1"),
    ("```sh\nfalse\ntrue\n```\n", "exit 1"),
    ("```sh\nbash tests/run.sh   # in full\n```\n", ""),
    ("```sh\nbash tests/run.sh again\n```\n", "tests/run.sh: No such file"),
    ("```\nclq --version\n```\n", "the fence says '```'"),
    ("```rust\nfn main() {}\n```\n", "'```rust'"),
    ("~~~sh\nclq --version\n~~~\n", "'~~~sh'"),
    ("```sh\nclq --version\n", "has no end"),
    ("```console\n$ clq --version\nclq 9.9.9\n```\n", ""),
    ("```console\n$ clq --version\ncalanque 0.1.0\n```\n", "clq --version printed"),
    ("```console\n$ clq --version\n```\n", "clq --version printed"),
    ("```console\n$ clq --help\n...\nnothing of the kind\n```\n", "clq --help printed"),
    ("```console\nclq --version\n```\n", "a console begins with"),
    ("```toml\n# a.toml\ntrain.epochs = 3\n```\n```sh\nclq train a.toml --show-config | grep 'epochs = 3'\n```\n", ""),
    ("```toml\ntrain.epoch = 3\n```\n", "did you mean 'train.epochs'"),
    ("```toml\n[train\n```\n", "run.toml:1"),
    ("```c\n#include <calanque/calanque.h>\n" + MAIN % "clq_version() == 0" + "```\n", ""),
    ("```c\n" + MAIN % "3" + "```\n", "exit 3"),
    ("```c\n" + MAIN % "clq_version()" + "```\n", "implicit declaration"),
    ("```python\nassert 1 + 1 == 2\n```\n", ""),
    ("```python\nassert 1 + 1 == 3\n```\n", "AssertionError"),
    ("```text\nanything\n```\n", ""),
    ("```cpp\n" + EXCERPT % ("Graph", "Json = nlohmann::json") + "```\n", ""),
    ("```cpp\n" + EXCERPT % ("Grape", "Json = nlohmann::json") + "```\n", "does not hold these lines"),
    ("```cpp\n" + EXCERPT % ("Graph", "clq::sdk::fail") + "```\n", "does not hold these lines"),
    ("```cpp\nusing clq::sdk::Graph;\n```\n", "names no file"),
    ("```cmake\n# docs/examples/plugins/CMakeLists.txt\nfind_package(calanque 0.1 REQUIRED)\n```\n", ""),
    ("```cmake\n# docs/examples/plugins/CMakeLists.txt\nfind_package(calanque REQUIRED)\n```\n", "does not hold"),
]

NAMES = [
    ("`core/src/data/feeder.cpp`, `core/src/{data,train}`, `core/src/*/CMakeLists.txt`, `Feeder::next`", ""),
    ("`core/src/data/feeder.c`", "there is no core/src/data/feeder.c"),
    ("`core/src/{data,dada}`", "there is no core/src/dada"),
    ("`Feeder::surprise`", "there is no Feeder::surprise"),
    ("[a](nowhere.md)", "nowhere.md leads nowhere"),
]


def as_wanted(planted, answer, problems):
    problems = list(problems)
    found = "\n".join(problems)
    if bool(problems) == bool(answer) and answer in found:
        return True
    print(f"planted:\n{planted}\nwanted '{answer}', got '{found}'\n")
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--sanitize", default="")
    arguments = parser.parse_args()
    good = True
    words = check_names.sources()
    with tempfile.TemporaryDirectory(prefix="calanque-docs-") as folder:
        document = pathlib.Path(folder) / "planted.md"
        for planted, answer in SNIPPETS:
            document.write_text(planted, encoding="utf-8")
            _, problems = run_snippets.check_document(document, arguments.build.resolve(), arguments.sanitize)
            good &= as_wanted(planted, answer, problems)
        for planted, answer in NAMES:
            document.write_text(planted, encoding="utf-8")
            good &= as_wanted(planted, answer, check_names.problems_of(document, words))
        for lines, answer in ((149, ""), (150, "long.cpp: has 150 lines")):
            examples = pathlib.Path(folder) / "examples/plugins"
            examples.mkdir(parents=True, exist_ok=True)
            (examples / "long.cpp").write_text("int x;\n" * lines, encoding="utf-8")
            good &= as_wanted(f"an example of {lines} lines", answer, check_names.long_examples(examples.parent))
    good &= as_wanted("a long block that no document holds", "is in no document", run_snippets.unused_long([]))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
