"""Items as the native cells of a survey row."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from surveys.interchange.expressions.to_xpath import xpath_of_condition, xpath_of_expression
from surveys.interchange.expressions.tree import Untranslatable
from surveys.interchange.xlsform.cells import Cells

_QUOTED_ANSWER = re.compile(r"\{answer:(?!last\.)([a-z0-9_.]+)\}")
_FILE_NAME = re.compile(r"[^A-Za-z0-9._-]")
OWN_CODES = ".codes"


def text_cell(value: Any) -> str:
    """A text with answers quoted as XLSForms do: ``${staff}``."""
    text = "" if value is None else str(value)
    return _QUOTED_ANSWER.sub(lambda found: f"${{{found.group(1)}}}", text).strip()


def put(cells: Cells, column: str, value: Any) -> None:
    text = text_cell(value)
    if text:
        cells[column] = text


def put_condition(cells: Cells, column: str, text: Any, rosters: Collection[str]) -> None:
    """The condition in XPath; no cell for what XPath cannot say."""
    if not isinstance(text, str) or not text.strip():
        return
    translate = xpath_of_expression if column == "calculation" else xpath_of_condition
    try:
        cells[column] = translate(text, rosters)
    except Untranslatable:
        return


def item_cells(item: Mapping[str, Any], prefix: str, rosters: Collection[str]) -> Cells:
    """The native cells of an item; `prefix` is that of the roster which it belongs to."""
    kind = str(item.get("kind"))
    name = str(item.get("name"))
    cells: Cells = {"type": _type(kind, item, f"{prefix}{name}"), "name": f"{prefix}{name}"}
    put(cells, "label", item.get("label"))
    put(cells, "hint", item.get("hint"))
    put(cells, "guidance_hint", item.get("definition"))
    put_condition(cells, "relevant", item.get("when"), rosters)
    if item.get("required") == "hard" and kind not in ("battery", "allocation", "roster"):
        cells["required"] = "yes"
    if kind == "computed":
        put_condition(cells, "calculation", item.get("expression"), rosters)
    put(cells, "constraint", _constraint(kind, item))
    put(cells, "appearance", _appearance(kind, item))
    if kind == "scale":
        cells["parameters"] = _range(item)
    return cells


def _type(kind: str, item: Mapping[str, Any], name: str) -> str:
    match kind:
        case "single_choice" | "multiple_choice":
            word = "select_one" if kind == "single_choice" else "select_multiple"
            codes = item.get("codes")
            return f"{word} {codes if isinstance(codes, str) else name + OWN_CODES}"
        case "lookup":
            return f"select_one_from_file {_FILE_NAME.sub('-', str(item.get('codes')))}.csv"
        case "number" | "share":
            return "decimal" if item.get("decimals") else "integer"
        case "battery" | "allocation":
            return "begin_group"
    return _PLAIN_TYPES.get(kind, "text")


_PLAIN_TYPES = {
    "money": "integer",
    "year": "integer",
    "date": "date",
    "scale": "range",
    "roster": "begin_repeat",
    "note": "note",
    "computed": "calculate",
}


def _appearance(kind: str, item: Mapping[str, Any]) -> str:
    if kind == "text" and item.get("long") in ("yes", True):
        return "multiline"
    if kind == "date" and item.get("precision") == "month":
        return "month-year"
    return ""


def _constraint(kind: str, item: Mapping[str, Any]) -> str:
    if kind == "multiple_choice":
        most = item.get("most")
        return f"count-selected(.) <= {most}" if _is_number(most) else ""
    if kind not in ("number", "money", "year", "date"):
        return ""
    parts = []
    for key, sign in (("minimum", ">="), ("maximum", "<=")):
        bound = item.get(key)
        if kind == "date" and isinstance(bound, str) and bound and "'" not in bound:
            parts.append(f". {sign} date('{bound}')")
        elif _is_number(bound):
            parts.append(f". {sign} {bound}")
    return " and ".join(parts)


def _range(item: Mapping[str, Any]) -> str:
    first, last = item.get("minimum", 0), item.get("maximum", 4)
    return f"start={first} end={last} step=1"


def _is_number(value: Any) -> bool:
    """A number that XPath can write; one with an exponent it cannot."""
    return isinstance(value, int | float) and not isinstance(value, bool) and "e" not in str(value)
