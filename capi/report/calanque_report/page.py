# capi/report/calanque_report/page.py -- the report as one HTML file that needs nothing but itself.
# SPDX-License-Identifier: BSD-3-Clause
"""A cell that shows a number of clq evaluate carries its name in data-metric, with every digit that clq printed."""
import base64
import html
import pathlib

STYLE = """
body { font: 16px/1.5 Georgia, 'Times New Roman', serif; color: #111; background: #fff; max-width: 62rem;
       margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; margin-bottom: 0; }
h2 { font-size: 1.25rem; margin-top: 2.2rem; border-bottom: 1px solid #bbb; }
p.about { margin-top: .3rem; }
.mark { font-size: .8rem; letter-spacing: .08em; padding: .15rem .5rem; border: 1px solid #777; color: #555;
        vertical-align: middle; }
.mark.simulated { color: #fff; background: #D55E00; border-color: #D55E00; }
table { border-collapse: collapse; font-size: .85rem; }
th, td { padding: .15rem .7rem; text-align: left; vertical-align: top; }
thead th { border-bottom: 1px solid #111; }
tbody tr:nth-child(even) { background: #f4f4f4; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.wide { overflow-x: auto; }
.key { display: flex; flex-wrap: wrap; gap: .6rem; padding: 0; list-style: none; }
.key li { border: 1px solid #bbb; padding: .3rem .8rem; min-width: 6.5rem; }
.key b { display: block; font-size: 1.2rem; }
figure { margin: 1.5rem 0; }
figure img { width: 100%; }
figcaption { font-size: .88rem; }
.files { font-size: .8rem; color: #555; }
.warning { border-left: 4px solid #D55E00; padding-left: .8rem; }
pre { font-size: .78rem; background: #f4f4f4; padding: .8rem; overflow-x: auto; }
.note { font-size: .85rem; color: #333; }
@media print { body { max-width: none; margin: 0; } h2, figure { break-inside: avoid; } }
"""


def escape(text):
    return html.escape(str(text), quote=True)


def table(heads, rows, numbers=()):
    """heads and cells are texts; numbers: which columns are set flush right."""
    kind = [' class="n"' if k in numbers else "" for k in range(len(heads))]
    head = "".join(f"<th{kind[k]}>{escape(name)}</th>" for k, name in enumerate(heads))
    body = "".join("<tr>" + "".join(f"<td{kind[k]}>{escape(cell)}</td>" for k, cell in enumerate(row)) + "</tr>\n"
                   for row in rows)
    return f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>\n'


def metrics_table(rows):
    """rows: (name, value of clq evaluate, error or None, definition)."""
    lines = []
    for name, value, error, words in rows:
        shown = "not defined" if value is None else str(value)
        scatter = "" if error is None else f"{error:.2g}"
        lines.append(f'<tr><td><code>{escape(name)}</code></td>'
                     f'<td class="n" data-metric="{escape(name)}">{escape(shown)}</td><td class="n">{scatter}</td>'
                     f'<td>{escape(words)}</td></tr>\n')
    return ('<div class="wide"><table>\n<thead><tr><th>metric</th><th class="n">value</th><th class="n">error</th>'
            '<th>definition</th></tr></thead>\n<tbody>\n' + "".join(lines) + "</tbody></table></div>\n")


def key_numbers(items):
    """items: (words, name, value as shown, which attribute names it)."""
    cells = "".join(f'<li>{escape(words)}<b data-{kind}="{escape(name)}">{escape(value)}</b></li>'
                    for words, name, value, kind in items)
    return f'<ul class="key">{cells}</ul>\n'


def picture(path, words):
    """A PNG inside the page."""
    data = base64.b64encode(pathlib.Path(path).read_bytes()).decode()
    return f'<img alt="{escape(words)}" src="data:image/png;base64,{data}">'


def figure(drawn, folder):
    """A figure with its caption and the names of its files."""
    files = [f"{drawn.name}.png", f"{drawn.name}-88mm.pdf", f"{drawn.name}-180mm.pdf", *drawn.tables]
    links = " ".join(f'<a href="{escape(name)}">{escape(name)}</a>' for name in files)
    return (f'<h2 id="{escape(drawn.name)}">{escape(drawn.title)}</h2>\n<figure>\n'
            f'{picture(pathlib.Path(folder) / f"{drawn.name}.png", drawn.title)}\n'
            f'<figcaption>{escape(drawn.caption)} <span class="files">Files: {links}</span></figcaption>\n</figure>\n')


def section(title, body):
    return f"<h2>{escape(title)}</h2>\n{body}"


def paragraph(text, kind=""):
    return f'<p{f" class={chr(34)}{kind}{chr(34)}" if kind else ""}>{escape(text)}</p>\n'


def facts(pairs):
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>\n" for name, value in pairs)
    return f'<div class="wide"><table>\n<tbody>\n{rows}</tbody></table></div>\n'


def listing(title, text):
    return f"<details><summary>{escape(title)}</summary>\n<pre>{escape(text)}</pre></details>\n"


def page(title, mark, about, body, version):
    """The whole file; mark: REAL or SIMULATED."""
    kind = "mark simulated" if mark == "SIMULATED" else "mark"
    return (f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
            f'<meta name="generator" content="clq {escape(version)}">\n'
            f'<meta name="viewport" content="width=device-width">\n<style>{STYLE}</style>\n</head>\n<body>\n'
            f'<h1>{escape(title)} <span class="{kind}">{mark} DATA</span></h1>\n<p class="about">{escape(about)}</p>\n'
            f"{body}</body>\n</html>\n")
