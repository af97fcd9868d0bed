"""YAML text of a plan to plain data, by a loader that runs nothing and expands nothing."""

import copy
import hashlib
import json
from functools import lru_cache
from typing import Any

import yaml

from analysis.refusals import Refusal

LARGEST_PLAN = 200_000


class _PlainLoader(yaml.SafeLoader):
    """YAML without anchors, aliases, tags or repeated keys."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML has no types
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.MarkedYAMLError(
                problem="anchors and aliases are not allowed in a plan",
                problem_mark=event.start_mark,
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = True) -> Any:
        met: set[str] = set()
        for key_node, _ in node.value:
            key = str(self.construct_object(key_node, deep=True))
            if key in met:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key!r} stands twice", problem_mark=key_node.start_mark
                )
            met.add(key)
        return super().construct_mapping(node, deep=deep)


def read_document(text: str) -> dict[str, Any]:
    """The plan as plain data, the caller's own.

    Raises: Refusal ``not_yaml`` or ``too_large``.
    """
    document, refusal = _read(text)
    if refusal is not None:
        raise Refusal(refusal.code, refusal.message, refusal.remedy)
    return copy.deepcopy(document)


def composed(text: str) -> yaml.nodes.Node | None:
    """The text as a tree of marked nodes, of which nothing is constructed; None if it is none."""
    return None if _read(text)[1] is not None else _composed(text)


# A text is read for its checks, its controls and its changes at once; a long one takes seconds.
@lru_cache(maxsize=8)
def _composed(text: str) -> yaml.nodes.Node | None:
    root: yaml.nodes.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    return root


@lru_cache(maxsize=8)
def _read(text: str) -> tuple[dict[str, Any], Refusal | None]:
    try:
        return _document(text), None
    except Refusal as refusal:
        # Without the traceback, which holds on to all that was read.
        return {}, Refusal(refusal.code, refusal.message, refusal.remedy)


def _document(text: str) -> dict[str, Any]:
    if len(text) > LARGEST_PLAN:
        raise Refusal(
            "too_large",
            f"The plan has {len(text)} characters; {LARGEST_PLAN} are allowed.",
            "Shorten it.",
        )
    try:
        document = yaml.load(text, Loader=_PlainLoader)  # noqa: S506 -- a stricter SafeLoader
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        what = getattr(error, "problem", None) or "it is not YAML"
        raise Refusal(
            "not_yaml", f"The plan cannot be read{where}: {what}.", "Correct the YAML."
        ) from None
    if not isinstance(document, dict):
        raise Refusal("not_yaml", "The plan is not a mapping of keys.", "Start with  title: ...")
    return document


def fingerprint(document: dict[str, Any]) -> str:
    """SHA-256 of the plan's canonical JSON: layout and comments do not count."""
    canonical = json.dumps(
        _with_text_keys(document), sort_keys=True, ensure_ascii=False, default=str
    )
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _with_text_keys(value: Any) -> Any:
    """The data with every key a text: JSON cannot sort a number among texts."""
    if isinstance(value, dict):
        return {str(key): _with_text_keys(entry) for key, entry in value.items()}
    return [_with_text_keys(entry) for entry in value] if isinstance(value, list) else value
