"""From the entries under “columns” to one mapping a column."""

import itertools
import math
import re
from typing import Any

from surveys.microdata.mapping import KIND_OF_MEASURE, ColumnMapping, Kind, MappedCode, Value
from surveys.microdata.node import Node, as_number
from surveys.questionnaire.constructs import CATALOGUE, Construct

_KEYS = (
    "column",
    "each",
    "construct",
    "at",
    "kind",
    "codes",
    "missing",
    "empty",
    "multiply",
    "minimum",
    "maximum",
    "label",
)
_PLACE = re.compile(r"\{(\w+)\}")
_MOST_COLUMNS = 20_000


def read_columns(document: Node) -> tuple[ColumnMapping, ...]:
    """Every column that the entries name, patterns written out, in their order."""
    entries = document.keys.get("columns")
    if not isinstance(entries, list) or not entries:
        document.problem("columns", "must be a list of columns.", "Start each with “- column: …”.")
        return ()
    columns: list[ColumnMapping] = []
    for number, keys in enumerate(entries, start=1):
        node = Node(
            keys if isinstance(keys, dict) else {},
            f"Entry {number} of “columns”",
            document.problems,
        )
        columns.extend(_entry(node, document.level("code_lists")))
    return tuple(columns)


def _entry(node: Node, code_lists: Node) -> tuple[ColumnMapping, ...]:
    """The columns of one entry: one, or one for each combination under “each”."""
    node.refuse_unknown(_KEYS)
    pattern = node.text("column", required=True)
    construct = _construct(node)
    kind = _kind(node, construct)
    codes, any_code = _codes(node, code_lists, construct, kind)
    at = {key: value for key, value in node.level("at").keys.items() if isinstance(value, str)}
    _check_dimensions(node, construct, at)
    combinations = _combinations(node, pattern, at)
    shared: dict[str, Any] = {
        "kind": kind,
        "construct": construct.name if construct else "",
        "codes": codes,
        "any_code": any_code,
        "missing": frozenset(node.texts("missing")),
        "empty": _value(node, "empty", construct, kind),
        "multiply": node.number("multiply") or 1.0,
        "minimum": node.number("minimum"),
        "maximum": node.number("maximum"),
    }
    return tuple(
        ColumnMapping(
            column=_fill(pattern, in_column),
            at=tuple((dimension, _fill(value, in_cell)) for dimension, value in at.items()),
            label=_fill(node.text("label"), in_cell),
            **shared,
        )
        for in_column, in_cell in combinations
    )


def _construct(node: Node) -> Construct | None:
    name = node.text("construct")
    if name and name not in CATALOGUE:
        node.problem(
            "construct",
            f"“{name}” is not a construct.",
            f"Known: {', '.join(CATALOGUE)}.",
            "unknown_construct",
        )
    return CATALOGUE.get(name)


def _kind(node: Node, construct: Construct | None) -> Kind:
    natural: Kind = KIND_OF_MEASURE[construct.measure] if construct else "text"
    if "kind" not in node.keys:
        return "choice" if "codes" in node.keys else natural
    kinds: dict[str, Kind] = {kind: kind for kind in KIND_OF_MEASURE.values()}
    kind = kinds[node.one_of("kind", tuple(kinds), natural)]
    if construct and kind != natural:
        node.problem(
            "kind",
            f"{construct.name} is {construct.measure}, which a {kind} does not give.",
            f"Leave “kind” out, or write “kind: {natural}”.",
        )
    return kind


def _check_dimensions(node: Node, construct: Construct | None, at: dict[str, str]) -> None:
    wanted = construct.dimensions if construct else ()
    if set(at) != set(wanted):
        name = construct.name if construct else "a column without a construct"
        node.problem(
            "at",
            f"names {', '.join(at) or 'no dimension'}; {name} has {', '.join(wanted) or 'none'}.",
            f"Write “at: {{{', '.join(f'{dimension}: …' for dimension in wanted)}}}”."
            if wanted
            else "Leave “at” out.",
        )


def _codes(
    node: Node, code_lists: Node, construct: Construct | None, kind: Kind
) -> tuple[tuple[MappedCode, ...], bool]:
    """Codes of a choice, and whether the file tells them."""
    written = node.keys.get("codes")
    if kind != "choice":
        if written is not None:
            node.problem("codes", f"a {kind} has no codes.", "Leave “codes” out.")
        return (), False
    if written == "any":
        if construct and construct.measure != "category":
            node.problem(
                "codes",
                f"{construct.measure} needs to know what each code counts as.",
                "List them.",
            )
        return (), True
    if isinstance(written, str):
        written = code_lists.keys.get(written)
    if isinstance(written, list):
        written = {code: code for code in written if isinstance(code, str)}
    if not isinstance(written, dict) or not written:
        node.problem(
            "codes",
            "a choice needs its codes, or the name of a list under “code_lists”.",
            "Write “codes: {0: 0, 1: 1}”.",
        )
        return (), False
    return tuple(_code(node, raw, entry, construct) for raw, entry in written.items()), False


def _code(node: Node, raw: str, entry: Any, construct: Construct | None) -> MappedCode:
    level = Node({"codes": entry}, node.where, node.problems)
    if isinstance(entry, dict):
        of_code = level.level("codes")
        of_code.refuse_unknown(("value", "label"))
        label = of_code.text("label")
        entry = of_code.text("value", default=raw)
    else:
        label = ""
    value = _as_measured(entry, construct) if isinstance(entry, str) else None
    if value is None:
        node.problem("codes", f"the code “{raw}” counts as “{entry}”.", _wanted(construct))
        return MappedCode(raw, 0.0)
    return MappedCode(raw, value, label)


def _value(node: Node, key: str, construct: Construct | None, kind: Kind) -> Value | None:
    if key not in node.keys:
        return None
    text = node.text(key)
    value = as_number(text) if kind not in ("choice", "text") else _as_measured(text, construct)
    if value is None:
        node.problem(key, f"“{text}” will not do.", _wanted(construct))
    return value


def _as_measured(text: str, construct: Construct | None) -> Value | None:
    """What a code counts as: 0 or 1, a number, or a name, as the construct wants."""
    if construct is None or construct.measure == "category":
        return text or None
    number = as_number(text)
    if construct.measure == "binary" and number not in (0, 1):
        return None
    return number


def _wanted(construct: Construct | None) -> str:
    if construct is None or construct.measure == "category":
        return "Write a name."
    return "Write 0 or 1." if construct.measure == "binary" else "Write a number."


def _combinations(
    node: Node, pattern: str, at: dict[str, str]
) -> tuple[tuple[dict[str, str], dict[str, str]], ...]:
    """For every combination under “each”: what stands in the column, and in its cell."""
    lists = _lists(node.level("each"))
    in_column = set(_PLACE.findall(pattern))
    in_cell = {place for value in at.values() for place in _PLACE.findall(value)}
    for name in sorted((in_column ^ set(lists)) | (in_cell - in_column)):
        node.problem(
            "each",
            f"“{name}” does not stand both in “column” as {{{name}}} and under “each”.",
            "Write each placeholder in both.",
        )
        return ()
    total = math.prod(len(entries) for entries in lists.values())
    if not 0 < total <= _MOST_COLUMNS:
        node.problem("each", f"gives {total} columns.", f"Write 1 to {_MOST_COLUMNS}.")
        return ()
    return tuple(
        (
            {name: raw for name, (raw, _) in zip(lists, chosen, strict=True)},
            {name: value for name, (_, value) in zip(lists, chosen, strict=True)},
        )
        for chosen in itertools.product(*lists.values())
    )


def _lists(each: Node) -> dict[str, list[tuple[str, str]]]:
    """For every placeholder the pairs of column part and value."""
    lists: dict[str, list[tuple[str, str]]] = {}
    for name, entries in each.keys.items():
        if isinstance(entries, list):
            entries = {entry: entry for entry in entries if isinstance(entry, str)}
        if isinstance(entries, dict) and all(isinstance(v, str) for v in entries.values()):
            lists[name] = list(entries.items())
        else:
            each.problem(
                name, "must be a list, or pairs of column part and value.", "Write [a, b]."
            )
    return lists


def _fill(pattern: str, values: dict[str, str]) -> str:
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), pattern)
