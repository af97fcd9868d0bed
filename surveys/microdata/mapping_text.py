"""From the YAML of a mapping to its value, or to every problem in it."""

import re
from typing import Literal, cast

from surveys.microdata.column_text import read_columns
from surveys.microdata.document import read_document
from surveys.microdata.mapping import ColumnMapping, DesignColumns, FileOptions, Mapping
from surveys.microdata.node import Node
from surveys.microdata.problems import ProblemList
from surveys.microdata.text import ENCODINGS

_KEYS = (
    "title",
    "instrument",
    "reference_period",
    "field_period",
    "source",
    "licence",
    "file",
    "unit",
    "design",
    "code_lists",
    "columns",
    "ignore",
    "unmapped",
)
LONGEST_TITLE = 200
_INSTRUMENT_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_DELIMITERS = {
    "comma": ",",
    ",": ",",
    "semicolon": ";",
    ";": ";",
    "tab": "\t",
    "\t": "\t",
    "|": "|",
}


def read_mapping(text: str) -> Mapping:
    """The mapping that a YAML text writes. Raises MicrodataRefused with every problem."""
    problems = ProblemList()
    node = Node(read_document(text), "The mapping", problems)
    node.refuse_unknown(_KEYS)
    first_year, last_year = node.years("reference_period")
    field_start, field_end = node.dates("field_period")
    mapping = Mapping(
        title=node.text("title", required=True),
        instrument=node.text("instrument", required=True),
        reference_first_year=first_year,
        reference_last_year=last_year,
        field_start=field_start,
        field_end=field_end,
        source=node.text("source", required=True),
        licence=node.text("licence"),
        file=_file(node.level("file")),
        unit=node.text("unit", required=True),
        design=_design(node.level("design")),
        columns=read_columns(node),
        ignore=node.texts("ignore"),
        unmapped=cast(
            Literal["error", "ignore"], node.one_of("unmapped", ("error", "ignore"), "error")
        ),
    )
    _refuse_repeats(mapping.columns, problems)
    _refuse_long_names(node, mapping)
    problems.refuse_if_any()
    return mapping


def _refuse_long_names(node: Node, mapping: Mapping) -> None:
    if len(mapping.title) > LONGEST_TITLE:
        node.problem("title", f"has {len(mapping.title)} characters.", f"Use {LONGEST_TITLE}.")
    if mapping.instrument and _INSTRUMENT_NAME.fullmatch(mapping.instrument) is None:
        node.problem(
            "instrument",
            f"“{mapping.instrument}” is not a short name.",
            "Use lower-case letters, digits and hyphens, at most 80.",
        )


def _file(node: Node) -> FileOptions:
    node.refuse_unknown(("encoding", "delimiter", "decimal", "sheet"))
    return FileOptions(
        encoding=node.one_of("encoding", tuple(ENCODINGS), "utf-8"),
        delimiter=_DELIMITERS[node.one_of("delimiter", tuple(_DELIMITERS), "comma")],
        decimal=node.one_of("decimal", (".", ","), "."),
        sheet=node.text("sheet"),
    )


def _design(node: Node) -> DesignColumns:
    node.refuse_unknown(("weight", "stratum", "cluster", "population"))
    return DesignColumns(
        weight=node.text("weight"),
        stratum=node.texts("stratum"),
        cluster=node.text("cluster"),
        population=node.text("population"),
    )


def _refuse_repeats(columns: tuple[ColumnMapping, ...], problems: ProblemList) -> None:
    seen: set[str] = set()
    for mapped in columns:
        if mapped.column in seen:
            problems.add(
                "mapping_repeat",
                f"The column “{mapped.column}” is mapped twice.",
                "Map a column once.",
                column=mapped.column,
            )
        seen.add(mapped.column)
