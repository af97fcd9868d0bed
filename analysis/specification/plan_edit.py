"""Changes to a plan's text that leave everything else as it was typed, comments included.

The text stays the source of truth: a change replaces or inserts a few characters at the place
that YAML's own marks tell, and is taken only if the text then says what it said before and the
change, nothing else. Where that cannot be had it is refused, and the text is as it was.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from analysis.refusals import Refusal
from analysis.specification.plan_text import composed, read_document

Place = tuple[str | int, ...]
"""Keys and positions that lead to a mapping: ``()`` the plan, ``("models", 0)`` a model."""
Value = str | Mapping[str, str]
"""A word or formula; or a few of them by their keys, written between braces."""

Node = yaml.nodes.Node
_SPACE = re.compile(r"\s+")


def with_value(text: str, place: Place, key: str, value: Value, order: Sequence[str] = ()) -> str:
    """The text in which the mapping at the place has the value under the key.

    A key that is not there yet is written where `order`, the keys as a plan usually has them,
    says. Raises: Refusal ``not_yaml``, ``no_such_place``, ``cannot_edit``.
    """
    before = read_document(text)
    mapping = _mapping(text, place)
    node = _value(mapping, key)
    if node is None:
        after = _inserted(text, mapping, key, value, order)
    else:
        after = _replaced(text, mapping, node, value)
    return _proven(text, after, _changed(before, (*place, key), value))


def without_key(text: str, place: Place, key: str) -> str:
    """The text in which the mapping at the place has no such key.

    Raises: as `with_value`.
    """
    before = read_document(text)
    mapping = _mapping(text, place)
    pairs = mapping.value
    found = next((k for k, (name, _) in enumerate(pairs) if name.value == key), None)
    if found is None:
        return text
    name, node = pairs[found]
    start, stop = name.start_mark.index, _end(text, node)
    if mapping.flow_style and found + 1 < len(pairs):
        stop = pairs[found + 1][0].start_mark.index
    elif mapping.flow_style and found:
        start = _end(text, pairs[found - 1][1])
    else:
        start, stop = _whole_line(text, start, stop)
    return _proven(text, text[:start] + text[stop:], _changed(before, (*place, key), None))


def with_term(text: str, place: Place, key: str, term: str, order: Sequence[str] = ()) -> str:
    """The text in which the formula under the key has the term as well.

    Raises: as `with_value`.
    """
    before = read_document(text)
    mapping = _mapping(text, place)
    node = _value(mapping, key)
    formula = _at(before, place).get(key)
    if node is None or formula in (None, ""):
        return with_value(text, place, key, term, order)
    if not isinstance(node, yaml.ScalarNode) or isinstance(formula, dict | list):
        raise _cannot()
    if term in _terms(str(formula)):
        return text
    if str(formula).strip() == "1" and node.style is None:
        return with_value(text, place, key, term, order)
    quoted = term.replace("'", "''") if node.style == "'" else term
    stop = _end(text, node) - (1 if node.style in ("'", '"') else 0)
    after = f"{text[:stop]} + {quoted}{text[stop:]}"
    return _proven(text, after, _changed(before, (*place, key), f"{str(formula).strip()} + {term}"))


def _terms(formula: str) -> set[str]:
    return {part.strip() for part in formula.split("+")}


def _mapping(text: str, place: Place) -> yaml.MappingNode:
    node = composed(text)
    for step in place:
        if isinstance(step, int) and isinstance(node, yaml.SequenceNode):
            node = node.value[step] if step < len(node.value) else None
        else:
            node = _value(node, str(step))
    if not isinstance(node, yaml.MappingNode):
        raise Refusal(
            "no_such_place",
            "The plan no longer has the model or step that was to be changed.",
            "Choose again what is to be changed.",
        )
    return node


def _value(node: Node | None, key: str) -> Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)


def _replaced(text: str, mapping: yaml.MappingNode, node: Node, value: Value) -> str:
    """The text with the value written instead of what the node holds."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:
        raise _cannot()
    start, stop = node.start_mark.index, _end(text, node)
    written = _written(value, in_flow=bool(mapping.flow_style))
    if start and text[start - 1] == ":":
        written = f" {written}"
    return text[:start] + written + text[stop:]


def _inserted(
    text: str, mapping: yaml.MappingNode, key: str, value: Value, order: Sequence[str]
) -> str:
    """The text with a line, or an entry between braces, for the key."""
    entry = f"{key}: {_written(value, in_flow=bool(mapping.flow_style))}"
    if mapping.flow_style:
        stop = mapping.end_mark.index - 1
        kept = text[:stop].rstrip()
        comma = "" if kept.endswith(("{", ",")) else ","
        space = "" if kept.endswith("{") else " "
        return f"{kept}{comma}{space}{entry}{text[stop:]}"
    names = [name.value for name, _ in mapping.value]
    place = _place_among(names, key, order)
    indent = " " * mapping.value[0][0].start_mark.column
    stop = _end(text, mapping.value[place - 1][1])
    line_end = text.find("\n", stop) if not text[:stop].endswith("\n") else stop - 1
    if line_end < 0:
        return f"{text}\n{indent}{entry}\n"
    return f"{text[: line_end + 1]}{indent}{entry}\n{text[line_end + 1 :]}"


def _place_among(names: list[str], key: str, order: Sequence[str]) -> int:
    """After how many of the names the key comes, never before the first."""
    if key not in order:
        return len(names)
    later = set(order[order.index(key) + 1 :])
    place = next((k for k, name in enumerate(names) if name in later), len(names))
    return max(place, 1)


def _end(text: str, node: Node) -> int:
    """Behind the last character of the node; YAML's mark of a block lies behind its comments."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _end(text, node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _end(text, node.value[-1])
    stop = int(node.end_mark.index)
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        start = int(node.start_mark.index)
        return start + len(_without_comments(text[start:stop]).rstrip())
    return stop


def _without_comments(block: str) -> str:
    """A literal or folded text as far as its lines are indented deeper than what follows."""
    lines = block.splitlines(keepends=True)
    deep = next((len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()), 1)
    kept = [lines[0]]
    for line in lines[1:]:
        if line.strip() and len(line) - len(line.lstrip()) < deep:
            break
        kept.append(line)
    return "".join(kept)


def _whole_line(text: str, start: int, stop: int) -> tuple[int, int]:
    """From the start of the line to its end, if there is nothing else on it."""
    line = text.rfind("\n", 0, start) + 1
    end = text.find("\n", stop)
    end = len(text) if end < 0 else end + 1
    if text[line:start].strip() or text[stop:end].strip():
        return start, stop
    return line, end


def _written(value: Value, *, in_flow: bool) -> str:
    """The value as YAML reads it back as this very text, in quotes only where it has to be."""
    if not isinstance(value, str):
        entries = (f"{key}: {_written(each, in_flow=True)}" for key, each in value.items())
        return f"{{{', '.join(entries)}}}"
    plain = f"{{k: {value}}}" if in_flow else f"k: {value}\n"
    try:
        if yaml.safe_load(plain) == {"k": value} and "\n" not in value:
            return value
    except yaml.YAMLError:
        pass
    if "\n" in value:
        raise _cannot()
    return "'" + value.replace("'", "''") + "'"


def _at(document: Any, place: Place) -> Any:
    for step in place:
        document = document[step]
    return document


def _changed(document: Any, place: Place, value: Value | None) -> Any:
    """The document with the value at the place, or without the key."""
    step, *rest = place
    if not rest and isinstance(document, dict) and value is None:
        return {name: each for name, each in document.items() if name != step}
    if isinstance(document, list):
        changed = list(document)
        changed[int(step)] = _changed(document[int(step)], tuple(rest), value)
        return changed
    below = _changed(document[step], tuple(rest), value) if rest else value
    return {**document, step: below}


def _proven(before: str, after: str, expected: Any) -> str:
    """The new text, if it says what was to be said. Raises: Refusal ``cannot_edit``."""
    try:
        said = read_document(after)
    except Refusal:
        raise _cannot() from None
    if _plain(said) != _plain(expected) or _comments(before) != _comments(after):
        raise _cannot()
    return after


def _plain(value: Any) -> Any:
    """The data with runs of space as one, as formulas are read."""
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return _SPACE.sub(" ", value).strip() if isinstance(value, str) else value


def _comments(text: str) -> list[str]:
    """What stands behind each hash, in order."""
    return [line.partition("#")[2].strip() for line in text.splitlines() if "#" in line]


def _cannot() -> Refusal:
    return Refusal(
        "cannot_edit",
        "This part of the text is written in a way that the buttons cannot change.",
        "Change it in the text.",
    )
