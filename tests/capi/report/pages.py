# tests/capi/report/pages.py -- reads a report as a browser would, and says what is wrong with it.
# SPDX-License-Identifier: BSD-3-Clause
import html.parser
import pathlib
import re

VOID = {"meta", "img", "br", "hr", "input", "link"}
LOADS = {"src", "href", "srcset", "data", "action", "poster", "background"}


class Page(html.parser.HTMLParser):
    """numbers: {(attribute, metric): text}; rows: cells of its tables; problems: what such a page must not have."""

    def __init__(self, path):
        super().__init__()
        self.folder = pathlib.Path(path).parent
        self.numbers, self.problems, self.pictures, self.text = {}, [], 0, ""
        self.rows = []
        self._open, self._cell = [], None
        source = pathlib.Path(path).read_text(encoding="utf-8")
        self.feed(source)
        self.close()
        self.problems += [f"<{tag}> is never closed" for tag in self._open]
        self.problems += [f"{found}" for found in re.findall(r"url\([^)]*\)|@import[^;]*", source)]

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
        if tag in ("script", "link", "iframe", "object", "embed"):
            self.problems.append(f"<{tag}>")
        for name, value in attrs:
            if name in LOADS:
                self._look_at(tag, value or "")
            if name in ("data-metric", "data-rounded"):
                self._cell = (name, value)
                self.numbers[self._cell] = ""

    def _look_at(self, tag, value):
        if tag == "img" and value.startswith("data:image/png;base64,"):
            self.pictures += 1
        elif tag != "a" or not (self.folder / value).is_file():
            self.problems.append(f"<{tag}> leads to {value[:80]}")

    def handle_endtag(self, tag):
        if not self._open or self._open.pop() != tag:
            self.problems.append(f"</{tag}> closes another")
        self._cell = None

    def handle_data(self, data):
        self.text += data
        if self._open and self._open[-1] in ("td", "th", "code"):
            self.rows[-1][-1] += data
        if self._cell:
            self.numbers[self._cell] += data


def printed_metrics(text):
    """{metric: digits} of what `clq evaluate --json` printed."""
    inner = re.search(r'"metrics":\{(.*?)\}', text)[1]
    return dict(re.findall(r'"(\w+)":([^,]+)', inner))


def wrong_numbers(page, printed):
    """The metrics that the page shows otherwise than clq printed them, lacks, or shows rounded to another number."""
    wrong = []
    for name, digits in printed.items():
        shown = page.numbers.get(("data-metric", name))
        if shown != ("not defined" if digits == "null" else digits):
            wrong.append(f"{name}: {shown} for {digits}")
    for (kind, name), shown in page.numbers.items():
        if kind == "data-rounded" and shown != f"{float(printed[name]):.{len(shown.partition('.')[2])}f}":
            wrong.append(f"{name}: {shown} rounded from {printed[name]}")
        if kind == "data-metric" and name not in printed:
            wrong.append(f"{name}: clq prints no such metric")
    return wrong


def width_of_pdf(path):
    """In mm, by its MediaBox."""
    box = re.search(rb"/MediaBox \[([^\]]*)\]", pathlib.Path(path).read_bytes())[1].split()
    return (float(box[2]) - float(box[0])) * 25.4 / 72
