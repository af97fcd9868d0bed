"""Which items the parts of an authored document name, following a rename, and letting go.

Works on the text of conditions and fills, because a draft need not compile.
"""

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

CONDITION_KEYS = ("when", "expression")
TEXT_KEYS = (
    "title", "intro", "label", "hint", "definition", "period", "message", "filter_label",
    "specify_label",
)  # fmt: skip
_TOKEN = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|[a-z][a-z0-9_]*(?:\.[a-z0-9][a-z0-9_]*)*")
_QUOTED = re.compile(r"\{answer:([a-z0-9_.]+)\}")
_LAST = "last."


@dataclass(frozen=True, slots=True)
class Dependent:
    """A part of the document that names an item.

    `way` is the keys and positions that lead to it. `kind` is one of condition, edit,
    quotation and total; `text` is what is written there.
    """

    way: tuple[str | int, ...]
    kind: str
    text: str


def names_in(condition: str, names: set[str]) -> set[str]:
    """Those of the items that a condition or expression reads."""
    found = set()
    for token in _TOKEN.findall(condition):
        if token[0] in "'\"":
            continue
        read = token.removeprefix(_LAST)
        found |= {name for name in names if read == name or read.startswith(f"{name}.")}
    return found


def dependents(document: Mapping[str, Any], names: set[str]) -> tuple[Dependent, ...]:
    """Everything that names one of the items, in the order of the document."""
    return tuple(_dependents(document, names, ()))


def _dependents(node: Any, names: set[str], way: tuple[str | int, ...]) -> Iterator[Dependent]:
    if isinstance(node, list):
        for position, entry in enumerate(node):
            yield from _dependents(entry, names, (*way, position))
        return
    if not isinstance(node, dict):
        return
    if "severity" in node and _edit_names(node, names):
        yield Dependent(way, "edit", str(node.get("message", "")))
        return
    for key, value in node.items():
        here = (*way, key)
        if isinstance(value, str):
            kind = _kind_of_mention(key, value, names)
            if kind:
                yield Dependent(here, kind, value)
        elif key not in ("translations", "bind"):
            yield from _dependents(value, names, here)


def _kind_of_mention(key: str, value: str, names: set[str]) -> str:
    if key in CONDITION_KEYS and names_in(value, names):
        return "condition"
    if key == "total_of" and value in names:
        return "total"
    if key in TEXT_KEYS and any(names_in(quoted, names) for quoted in _QUOTED.findall(value)):
        return "quotation"
    return ""


def _edit_names(edit: Mapping[str, Any], names: set[str]) -> bool:
    items = edit.get("items")
    about = {str(name) for name in items} if isinstance(items, list) else set()
    return bool(about & names) or bool(names_in(str(edit.get("when", "")), names))


def let_go(document: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    """The document without the conditions, edits and totals that name one of the items.

    Quotations in texts stay: what to say instead is for the author, who is told of them.
    """
    changed = copy.deepcopy(dict(document))
    for dependent in reversed(dependents(changed, names)):
        if dependent.kind == "quotation":
            continue
        holder: Any = changed
        for step in dependent.way[:-1]:
            holder = holder[step]
        del holder[dependent.way[-1]]
    return changed


def renamed_in(document: Mapping[str, Any], renames: Mapping[str, str]) -> dict[str, Any]:
    """The document with conditions, edits, totals and quotations under the new names.

    The names of the items themselves stay as they are.
    """
    if not renames:
        return copy.deepcopy(dict(document))
    result: dict[str, Any] = _renamed(document, renames)
    return result


def _renamed(node: Any, renames: Mapping[str, str], key: str = "") -> Any:
    if isinstance(node, Mapping):
        changed = {
            each: value if each == "translations" else _renamed(value, renames, each)
            for each, value in node.items()
        }
        if "severity" in node and isinstance(node.get("items"), list):
            changed["items"] = [_new_name(str(name), renames) for name in node["items"]]
        return changed
    if isinstance(node, list):
        return [_renamed(entry, renames, key) for entry in node]
    if not isinstance(node, str):
        return node
    return _renamed_text(key)(node, renames)


def _renamed_text(key: str) -> Callable[[str, Mapping[str, str]], str]:
    if key in CONDITION_KEYS:
        return _in_condition
    if key == "total_of":
        return _new_name
    return _in_text if key in TEXT_KEYS else _as_it_is


def _as_it_is(text: str, _renames: Mapping[str, str]) -> str:
    return text


def _in_condition(text: str, renames: Mapping[str, str]) -> str:
    def follow(found: re.Match[str]) -> str:
        token = found.group()
        return token if token[0] in "'\"" else _new_name(token, renames)

    return _TOKEN.sub(follow, text)


def _in_text(text: str, renames: Mapping[str, str]) -> str:
    return _QUOTED.sub(lambda found: f"{{answer:{_new_name(found.group(1), renames)}}}", text)


def _new_name(reference: str, renames: Mapping[str, str]) -> str:
    last = _LAST if reference.startswith(_LAST) else ""
    bare = reference.removeprefix(last)
    for old, new in renames.items():
        if bare == old or bare.startswith(f"{old}."):
            return f"{last}{new}{bare[len(old) :]}"
    return reference
