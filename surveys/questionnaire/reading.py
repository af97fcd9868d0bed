"""YAML text to plain data, by a loader that runs nothing and expands nothing."""

from typing import Any

import yaml

from surveys.questionnaire.problems import InstrumentErrors, Problem

LARGEST_FILE = 1_000_000


class _PlainLoader(yaml.SafeLoader):
    """YAML without anchors, aliases, duplicate keys or dates."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.MarkedYAMLError(
                problem="anchors and aliases are not allowed", problem_mark=event.start_mark
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str | int | float | bool) or key in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key!r} is repeated or is not a word",
                    problem_mark=key_node.start_mark,
                )
            seen.add(key)
        return super().construct_mapping(node, deep=True)


_PlainLoader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_document(text: str) -> dict[str, Any]:
    """The authored file as plain data.

    ``yes`` and ``no`` are the words themselves, because they are codes.

    Raises
    ------
    InstrumentErrors
        With the one problem ``not_yaml`` or ``too_large``.
    """
    if len(text) > LARGEST_FILE:
        raise InstrumentErrors((_too_large(len(text)),))
    try:
        document = yaml.load(text, Loader=_PlainLoader)  # noqa: S506 -- a stricter SafeLoader
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InstrumentErrors((_not_yaml(error),)) from None
    if not isinstance(document, dict):
        raise InstrumentErrors((_not_yaml(None),))
    return document


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
    what = getattr(error, "problem", None) or "it is not a mapping of keys"
    return Problem(
        "not_yaml", where, f"The file cannot be read: {what}.", "Correct the YAML and try again."
    )
