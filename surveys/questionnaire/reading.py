"""YAML text to plain data, by a loader that runs nothing and expands nothing."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from surveys.questionnaire.problems import About, InstrumentErrors, Problem

LARGEST_FILE = 3_000_000
DEEPEST_FILE = 20
_DEEPEST_YAML = 200
_TOO_DEEP = "lists and mappings lie too deep in each other"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


# Only plain numbers are numbers: 012, 1:30, 0x1F, 2025-01-01, yes and no stay the texts
# they are, because they are codes.
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,9}")
_NOTHING = ("", "~", "null")
_NO_KEY = object()
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is ten times as quick


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read; `key` waits for its value."""

    holder: dict[str, Any] | list[Any]
    key: Any = _NO_KEY

    def add(self, value: Any, mark: Any) -> None:
        if isinstance(self.holder, list):
            self.holder.append(value)
        elif self.key is not _NO_KEY:
            self.holder[self.key] = value
            self.key = _NO_KEY
        else:
            raise _at(mark, "a key is not a word")

    @property
    def awaits_key(self) -> bool:
        return isinstance(self.holder, dict) and self.key is _NO_KEY

    def name(self, key: str, mark: Any) -> None:
        if key in self.holder:
            raise _at(mark, f"the key {key[:80]!r} stands twice")
        self.key = key


def _at(mark: Any, problem: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


def _data(text: str) -> Any:
    """What the YAML says: no anchors, aliases, tags, repeated keys, guessed dates or truths.

    It is built from the events of the parser, without recursion, so that neither the depth
    nor the size of the text costs more than reading it.
    """
    result: list[Any] = []
    stack: list[_Open] = [_Open(result)]
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.NodeEvent):
            _refuse_references(event)
        if isinstance(event, yaml.ScalarEvent):
            if stack[-1].awaits_key:
                stack[-1].name(event.value, event.start_mark)
            else:
                stack[-1].add(_scalar(event), event.start_mark)
        elif isinstance(event, yaml.CollectionStartEvent):
            holder: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            stack[-1].add(holder, event.start_mark)
            stack.append(_Open(holder))
            if len(stack) > _DEEPEST_YAML:
                raise _at(event.start_mark, _TOO_DEEP)
        elif isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
        elif isinstance(event, yaml.DocumentStartEvent) and result:
            raise _at(event.start_mark, "the file holds more than one document")
    return result[0] if result else None


def _refuse_references(event: Any) -> None:
    if isinstance(event, yaml.AliasEvent) or event.anchor:
        raise _at(event.start_mark, "anchors and aliases are not allowed")
    if getattr(event, "tag", None):
        raise _at(event.start_mark, f"the tag {str(event.tag)[:80]!r} is not allowed")


def _scalar(event: Any) -> Any:
    word: str = event.value
    if not event.implicit[0]:  # in quotes, or a block of text
        return word
    if word in _NOTHING:
        return None
    if word[0] in "-0123456789":
        if _WHOLE.fullmatch(word):
            return int(word)
        if _DECIMAL.fullmatch(word):
            return float(word)
    return word


def read_document(text: str) -> dict[str, Any]:
    """The authored file as plain data.

    Raises
    ------
    InstrumentErrors
        With the one problem ``not_yaml``, ``too_large`` or ``not_plain``.
    """
    if len(text) > LARGEST_FILE:
        raise InstrumentErrors((_too_large(len(text)),))
    try:
        document = _data(text)
    except (yaml.YAMLError, ValueError) as error:
        raise InstrumentErrors((_not_yaml(error),)) from None
    if not isinstance(document, dict):
        raise InstrumentErrors((_not_yaml(None),))
    return plain(document)


def plain(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document as JSON would give it back: keys are texts, numbers finite.

    Raises
    ------
    InstrumentErrors
        With the one problem ``not_plain``, where a value is of another type, a text holds
        what cannot be stored or printed, or lists and mappings lie too deep in each other.
    """
    return {str(key): _plain(value, str(key), 1) for key, value in document.items()}


def _plain(value: Any, where: str, depth: int) -> Any:
    if depth > DEEPEST_FILE:
        raise _not_plain(where, f"It lies more than {DEEPEST_FILE} deep.")
    if isinstance(value, Mapping):
        return {
            str(key): _plain(each, f"{where} > {key}", depth + 1) for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [
            _plain(each, f"{where} {place}", depth + 1) for place, each in enumerate(value, start=1)
        ]
    if isinstance(value, str) and _UNPRINTABLE.search(value):
        raise _not_plain(where, "The text holds a character that cannot be printed.")
    if isinstance(value, float) and not math.isfinite(value):
        raise _not_plain(where, "The number is not finite.")
    if value is None or isinstance(value, str | int | float):
        return value
    raise _not_plain(where, f"A {type(value).__name__} is not plain data.")


def _not_plain(where: str, message: str) -> InstrumentErrors:
    problem = Problem("not_plain", where, message, "Write texts, numbers, lists and mappings.")
    return InstrumentErrors((problem,))


def _too_large(length: int) -> Problem:
    return Problem(
        "too_large",
        "file",
        f"The file has {length} characters.",
        f"An instrument may have {LARGEST_FILE}.",
        About("", "", (str(length), str(LARGEST_FILE))),
    )


def _not_yaml(error: Exception | None) -> Problem:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "file"
    what = getattr(error, "problem", None) or getattr(error, "reason", None)
    return Problem(
        "not_yaml",
        where,
        f"The file cannot be read: {what or 'it is not a mapping of keys'}.",
        "Correct the YAML and try again.",
    )
