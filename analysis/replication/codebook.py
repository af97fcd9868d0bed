"""What each column of the extract is."""

import csv
import io
from typing import Any

import numpy as np

from analysis.constructs import Measured
from analysis.replication.contents import Contents

_DESIGN = {
    "firm": ("The firm, under a name of this package alone", "identifier"),
    "weight": ("How many firms of the population it stands for", "number"),
    "stratum": ("The stratum it was drawn in", "category"),
    "cluster": ("What was drawn: the firm itself, or a group of firms", "identifier"),
    "population": ("Units in the stratum, empty where not known", "number"),
}
HEADER = (
    "column", "name_in_plan", "label", "kind", "unit", "codes", "definition", "source",
    "missing_rule", "missing",
)  # fmt: skip


def codebook(contents: Contents) -> list[dict[str, Any]]:
    """A line for each column, in the order of the columns."""
    lines = [
        _line(column, "", label, kind, definition="Of the sampling design.")
        for column, (label, kind) in _DESIGN.items()
    ]
    lines += [
        _measured(column, contents.known[name], _unit_of(name, contents))
        for name, column in contents.layout.columns.items()
    ]
    lines += [
        _line(column, "", "Whether the firm is in a subpopulation", "binary", definition=text)
        for text, column in contents.layout.subpopulations.items()
    ]
    lines += [
        _line(column, "", f"Whether {key} is estimated on the firm", "binary")
        for key, column in contents.layout.samples.items()
    ]
    return lines


def _unit_of(name: str, contents: Contents) -> str:
    return next((each.unit for each in contents.dataset.variables if each.name == name), "")


def _measured(column: str, measured: Measured, unit: str) -> dict[str, Any]:
    line = _line(
        column, measured.name, measured.label, measured.kind, definition=measured.definition
    )
    occurring = {str(value) for value in measured.values} if measured.kind == "category" else set()
    codes = {code: label for code, label in measured.codes if code in occurring}
    return line | {
        "unit": unit,
        "codes": {"0": "No", "1": "Yes"} if measured.kind == "binary" else codes,
        "source": measured.source,
        "missing_rule": measured.missing_rule,
        "missing": int(np.count_nonzero(measured.missing)),
    }


def _line(column: str, name: str, label: str, kind: str, definition: str = "") -> dict[str, Any]:
    return {
        "column": column,
        "name_in_plan": name,
        "label": label,
        "kind": kind,
        "unit": "",
        "codes": {},
        "definition": definition,
        "source": "",
        "missing_rule": "",
        "missing": 0,
    }


def codebook_csv(lines: list[dict[str, Any]]) -> str:
    """The codebook as a table; codes as ``code = label`` after semicolons."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, HEADER, lineterminator="\n")
    writer.writeheader()
    for line in lines:
        codes = "; ".join(f"{code} = {label}" for code, label in line["codes"].items())
        writer.writerow(line | {"codes": codes})
    return stream.getvalue()
