"""Which column of a file is which field of a frame."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from surveys.frames.columns import FIELD_NAMES, FIELDS
from surveys.microdata.mapping import FileOptions
from surveys.microdata.problems import ProblemList, legible
from surveys.microdata.text import ENCODINGS

FOUND_OUT = FileOptions(encoding="", delimiter="")
"""Encoding and delimiter are found out from the file."""

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "|": "|"}
_KEYS = frozenset({"columns", "attributes", "file"})
_FILE_KEYS = frozenset({"encoding", "delimiter", "decimal", "sheet"})


@dataclass(frozen=True, slots=True)
class FrameMapping:
    """Fields by name with the column that holds each, and the columns kept as attributes."""

    columns: Mapping[str, str]
    attributes: tuple[str, ...] = ()
    file: FileOptions = field(default=FOUND_OUT)

    def document(self) -> dict[str, Any]:
        """As JSON, to be read by `mapping_of`."""
        names = {mark: name for name, mark in DELIMITERS.items()}
        return {
            "columns": dict(self.columns),
            "attributes": list(self.attributes),
            "file": {
                "encoding": self.file.encoding,
                "delimiter": names.get(self.file.delimiter, ""),
                "decimal": self.file.decimal,
                "sheet": self.file.sheet,
            },
        }


def mapping_of(document: Any) -> FrameMapping:
    """The mapping that a JSON document tells. Raises MicrodataRefused with every problem."""
    problems = ProblemList()
    if not isinstance(document, dict):
        problems.add("mapping", "The mapping is no JSON object.", "See the reference of columns.")
        document = {}
    _refuse_strangers("the mapping", document, _KEYS, problems)
    columns = _part(document, "columns", problems)
    _refuse_strangers("“columns”", columns, frozenset(FIELD_NAMES), problems)
    attributes = document.get("attributes", [])
    if not isinstance(attributes, list) or not all(isinstance(a, str) for a in attributes):
        problems.add("mapping", "“attributes” is no list of names.", "Write names of columns.")
        attributes = []
    told = {name: str(column) for name, column in columns.items() if column}
    mapping = FrameMapping(told, tuple(attributes), _options(document, problems))
    for each in FIELDS:
        if each.is_needed and each.name not in told:
            problems.add(
                "unmapped",
                f"No column is mapped to “{each.label}”.",
                "Choose the column that holds it.",
                column=each.name,
            )
    problems.refuse_if_any()
    return mapping


def check_header(
    mapping: FrameMapping, header: Sequence[str], problems: ProblemList
) -> dict[str, int]:
    """Index of every mapped column; a problem for each that is missing, twice, or used twice."""
    places: dict[str, int] = {}
    used = [*mapping.columns.values(), *mapping.attributes]
    for column in dict.fromkeys(used):
        found = [place for place, name in enumerate(header) if name == column]
        if len(found) == 1:
            places[column] = found[0]
            continue
        what = f"{len(found)} columns are called" if found else "The file has no column"
        problems.add(
            "duplicate_column" if found else "missing_column",
            f"{what} “{legible(column)}”.",
            "Give every column a name of its own." if found else "Choose another column.",
            row=1,
            column=column,
        )
    for column in {each for each in used if used.count(each) > 1}:
        problems.add(
            "mapped_twice",
            f"The column “{legible(column)}” is mapped more than once.",
            "Map a column to one field only.",
            row=1,
            column=column,
        )
    return places


def _part(document: dict[str, Any], key: str, problems: ProblemList) -> dict[str, Any]:
    part = document.get(key, {})
    if isinstance(part, dict):
        return part
    problems.add("mapping", f"“{key}” is no JSON object.", "See the reference of columns.")
    return {}


def _options(document: dict[str, Any], problems: ProblemList) -> FileOptions:
    told = _part(document, "file", problems)
    _refuse_strangers("“file”", told, _FILE_KEYS, problems)
    encoding, delimiter = str(told.get("encoding") or ""), str(told.get("delimiter") or "")
    decimal = str(told.get("decimal") or ".")
    for name, value, allowed in (
        ("encoding", encoding, {"", *ENCODINGS}),
        ("delimiter", delimiter, {"", *DELIMITERS, *DELIMITERS.values()}),
        ("decimal", decimal, {".", ","}),
    ):
        if value not in allowed:
            words = ", ".join(sorted(each for each in allowed if each.strip()))
            problems.add(
                "mapping", f"“{name}” cannot be “{legible(value)}”.", f"Use one of {words}."
            )
    mark = DELIMITERS.get(delimiter, delimiter)
    return FileOptions(encoding, mark, decimal, str(told.get("sheet") or ""))


def _refuse_strangers(
    where: str, part: Mapping[str, Any], known: frozenset[str], problems: ProblemList
) -> None:
    for name in part:
        if name not in known:
            problems.add(
                "mapping",
                f"“{legible(str(name))}” is not known in {where}.",
                f"Use {', '.join(sorted(known))}.",
            )
