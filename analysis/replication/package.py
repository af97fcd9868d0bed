"""The replication package of a run: a ZIP that needs nothing of Milieu to be checked."""

import json
import platform
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from analysis import pipeline
from analysis.dataset import Dataset
from analysis.pipeline.prepared import Prepared
from analysis.replication.archive import zipped
from analysis.replication.codebook import codebook, codebook_csv
from analysis.replication.contents import Contents, DataKind
from analysis.replication.expected import expected_csv
from analysis.replication.extract import csv_of, extract_frame, order_of, replicates_csv
from analysis.replication.gathering import gathered, not_made
from analysis.replication.readme import readme
from analysis.replication.scripts import python_script, r_script
from analysis.replication.synthetic import Synthesised, synthesised
from analysis.specification.model import Described, Plan
from analysis.tables import delimited, latex
from analysis.tables.curve import specifications_csv
from analysis.tables.table import Table

PYTHON_PACKAGES = ("numpy", "pandas", "patsy", "scipy", "statsmodels")
_TABLES = ("table", "margins_table", "descriptives_table", "curve_table")


def package(
    dataset: Dataset,
    plan: Plan,
    document: Mapping[str, Any],
    tables: Mapping[str, Any],
    *,
    kind: DataKind,
    key: bytes,
    folder: str = "replication",
    origin: Mapping[str, Any] | None = None,
) -> bytes:
    """The package as the bytes of a ZIP.

    `document` is estimates.json of the run, and `tables` the documents of its tables, by
    `table`, `margins_table`, `descriptives_table` and `curve_table`. `kind` says whether firms'
    answers go out under new names, or synthetic ones. By `key` firms get their names and
    synthetic answers are drawn; throw it away. `origin` is what provenance.json tells besides.

    Raises: Refusal ``replication_of_imputed``; where data are synthetic, those of the synthesis,
    and of the plan if nothing of it can be estimated on them.
    """
    prepared = Prepared(dataset, plan)
    if kind == "pseudonymised":
        contents = gathered(dataset, plan, prepared.known, document, kind)
        files = _files(contents, tables, key)
    else:
        contents, made = _synthetic(prepared, document, key)
        files = _files(contents, _tables(made), key)
        files |= _of_tables(tables, "published")
        files["published/estimates.json"] = _json(document)
    files["provenance.json"] = _json(provenance(contents, document, origin or {}))
    files["README.md"] = readme(contents, list(files)).encode()
    return zipped(dict(sorted(files.items())), folder)


def _synthetic(
    prepared: Prepared, document: Mapping[str, Any], key: bytes
) -> tuple[Contents, pipeline.Results]:
    """The contents on synthetic answers, with what the plan gives of them."""
    real = gathered(prepared.dataset, prepared.plan, prepared.known, document, "synthetic")
    invented: Synthesised = synthesised(real, key)
    # Definitions and scales are among the synthetic columns already.
    asked = _of_answers(prepared, document)
    plan = replace(prepared.plan, definitions=(), scales=(), descriptives=asked)
    made = pipeline.run(invented.dataset, plan)
    contents = gathered(
        invented.dataset, plan, invented.known, made.estimates_document, "synthetic"
    )
    return replace(contents, left_out=(*contents.left_out, *not_made(document))), made


def _of_answers(prepared: Prepared, document: Mapping[str, Any]) -> tuple[Described, ...]:
    """The descriptions that the run made of answers.

    The frame is not made up with the answers, and what was refused has no columns among them.
    """
    refused = {each["place"] for each in document.get("not_described", ())}
    return tuple(
        each
        for place, each in enumerate(prepared.plan.descriptives, start=1)
        if place not in refused and each.statistic != "respondents_against_frame"
    )


def _tables(made: pipeline.Results) -> dict[str, Any]:
    return {
        name: None if table is None else table.to_document()
        for name, table in (
            ("table", made.table),
            ("margins_table", made.margins_table),
            ("descriptives_table", made.descriptives_table),
            ("curve_table", made.curve_table),
        )
    }


def _files(contents: Contents, tables: Mapping[str, Any], key: bytes) -> dict[str, bytes]:
    frame = extract_frame(contents, key)
    order = order_of(frame)
    lines = codebook(contents)
    files = {
        "data/extract.csv": csv_of(frame.iloc[list(order)]).encode(),
        "codebook.csv": codebook_csv(lines).encode(),
        "codebook.json": _json(lines),
        "plan.yaml": contents.plan.source.encode(),
        "expected/expected.csv": expected_csv(contents).encode(),
        "expected/estimates.json": _json(contents.document),
        "replicate.R": r_script(contents).encode(),
        "replicate.py": python_script(contents).encode(),
        "requirements.txt": requirements().encode(),
    }
    for design in contents.layout.designs.values():
        if design.replicates is not None:
            files[design.file] = replicates_csv(design.replicates.weights[list(order)])
    if contents.document["curve"] is not None:
        files["expected/specifications.csv"] = specifications_csv(dict(contents.document["curve"]))
    return files | _of_tables(tables, "expected")


def _of_tables(tables: Mapping[str, Any], folder: str) -> dict[str, bytes]:
    found = {}
    for name in _TABLES:
        if tables.get(name) is None:
            continue
        table = Table.from_document(tables[name])
        for ending, render in (("tex", latex.render), ("csv", delimited.render)):
            content = render(table)
            found[f"{folder}/{name}.{ending}"] = (
                content if isinstance(content, bytes) else content.encode()
            )
    return found


def provenance(
    contents: Contents, document: Mapping[str, Any], origin: Mapping[str, Any]
) -> dict[str, Any]:
    """Where the numbers come from, and by which versions they were made."""
    return {
        "data_in_the_package": contents.kind,
        "survey": dict(document["data"]),
        "plan": dict(document["plan"]),
        "run_fingerprint": document["fingerprint"],
        "extract_fingerprint": document["extract_fingerprint"],
        **origin,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PYTHON_PACKAGES},
    }


def requirements() -> str:
    """The Python packages that replicate.py needs, at the versions it was tried with."""
    return "".join(f"{name}=={version(name)}\n" for name in PYTHON_PACKAGES)


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
