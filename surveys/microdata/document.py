"""YAML of a mapping as plain lists, mappings and texts: nothing is guessed from a text."""

from typing import Any

import yaml

from surveys.microdata.problems import refuse

_LARGEST = 500_000
_DEEPEST = 12
_REMEDY = "See the reference of the mapping for how one is written."


class _PlainLoader(yaml.BaseLoader):
    """Every scalar is text as typed: `no`, `01` and `2012-06-01` stay what they are."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else None
            if name is None or name in seen:
                what = "is written twice" if name in seen else "is not a plain word"
                refuse(
                    "mapping_syntax",
                    f"Line {key.start_mark.line + 1} of the mapping: the key “{name}” {what}.",
                    "Write every key once, as a plain word.",
                    row=key.start_mark.line + 1,
                )
            seen.add(name)
        return super().construct_mapping(node, deep=deep)


def read_document(text: str) -> dict[str, Any]:
    """The mapping's YAML as plain data.

    Raises MicrodataRefused if it is too long or too deep, is no YAML, refers back to
    itself by aliases, or is not a mapping of keys.
    """
    if len(text) > _LARGEST:
        refuse(
            "mapping_too_long",
            f"The mapping has {len(text)} characters; {_LARGEST} are read.",
            "Write repeated columns once, with “each”.",
        )
    try:
        _refuse_aliases_and_depth(text)
        document = yaml.load(text, Loader=_PlainLoader)  # noqa: S506 -- a BaseLoader: texts only
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"Line {mark.line + 1} of the mapping" if mark else "The mapping"
        what = getattr(error, "problem", None) or "a character that YAML does not allow"
        refuse("mapping_syntax", f"{where} is not YAML: {what}.", _REMEDY)
    if not isinstance(document, dict):
        refuse("mapping_syntax", "The mapping holds no keys.", _REMEDY)
    return dict(document)


def _refuse_aliases_and_depth(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent):
            refuse(
                "mapping_alias",
                f"The mapping uses an alias (*{event.anchor}).",
                "Name the codes once under “code_lists” and use that name.",
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            refuse(
                "mapping_syntax",
                f"The mapping is nested more than {_DEEPEST} deep.",
                _REMEDY,
            )
