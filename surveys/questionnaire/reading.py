"""YAML text to plain data, by a loader that runs nothing and expands nothing."""

import math
import re
from collections.abc import Mapping
from typing import Any

import yaml

from surveys.questionnaire.problems import InstrumentErrors, Problem

LARGEST_FILE = 500_000
DEEPEST_FILE = 20
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class _PlainLoader(yaml.SafeLoader):
    """YAML without anchors, aliases, tags, repeated keys and guessed dates or truths."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML has no types
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _at(event.start_mark, "anchors and aliases are not allowed")
        if getattr(event, "tag", None):
            raise _at(event.start_mark, f"the tag {event.tag!r} is not allowed")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen = set()
        for key, _ in node.value:
            word = key.value if isinstance(key, yaml.ScalarNode) else None
            if word is None:
                raise _at(key.start_mark, "a key is not a word")
            if word in seen:
                raise _at(key.start_mark, f"the key {word!r} stands twice")
            seen.add(word)
        return super().construct_mapping(node, deep=deep)


def _at(mark: Any, problem: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


# Only plain numbers are numbers: 012, 1:30, 0x1F, 2025-01-01, yes and no stay the texts
# they are, because they are codes.
_PlainLoader.yaml_implicit_resolvers = {}
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"-?(?:0|[1-9][0-9]{0,14})$"), list("-0123456789")
)
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"-?[0-9]{1,15}\.[0-9]{1,9}$"), list("-0123456789")
)
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"(?:~|null|)$"), ["~", "n", ""]
)


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
        document = yaml.load(text, Loader=_PlainLoader)  # noqa: S506 -- a stricter SafeLoader
    except (yaml.YAMLError, RecursionError, ValueError) as error:
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
    )


def _not_yaml(error: Exception | None) -> Problem:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "file"
    what = getattr(error, "problem", None) or getattr(error, "reason", None)
    if isinstance(error, RecursionError):
        what = "lists and mappings lie too deep in each other"
    return Problem(
        "not_yaml",
        where,
        f"The file cannot be read: {what or 'it is not a mapping of keys'}.",
        "Correct the YAML and try again.",
    )
