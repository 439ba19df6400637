# capi/report/calanque_report/citation.py -- CITATION.bib: the code, this network, and the paper of its method.
# SPDX-License-Identifier: BSD-3-Clause

PASQUET = """@article{pasquet2019,
  author  = {Pasquet, J. and Bertin, E. and Treyer, M. and Arnouts, S. and Fouchez, D.},
  title   = {Photometric redshifts from SDSS images using a convolutional neural network},
  journal = {Astronomy \\& Astrophysics},
  volume  = {621},
  pages   = {A26},
  year    = {2019},
  doi     = {10.1051/0004-6361/201833617}
}
"""


def citation(run):
    """BibTeX, by what run.json and the bundle say."""
    made, model = run.provenance, run.model
    version = made.get("version", "")
    entries = [_entry("software", "calanque", {
        "author": "{The Calanque authors}", "title": "Calanque: neural networks on astronomical data",
        "version": version, "note": "BSD-3-Clause"})]
    entries.append(_entry("misc", f"network-{model['id']}", {
        "title": f"Network {model['id']} for {run.task}, {model['parameters']} parameters",
        "year": made.get("end", "")[:4],
        "note": f"Trained with Calanque {version} on data of fingerprint {made.get('fingerprint', '')[:16]}; "
                f"XXH3-128 {model['hash']}"}))
    if run.task == "photoz" or any(layer.get("use", "").startswith("deepdip.") for layer in model["layers"]):
        entries.append(PASQUET)
    return "\n".join(entries)


def _entry(kind, key, fields):
    lines = "".join(f"  {name:<7} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{kind}{{{key},\n{lines.removesuffix(chr(10)).removesuffix(',')}\n}}\n"
