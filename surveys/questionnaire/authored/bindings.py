"""Bindings of an authored item: which constructs its answer measures."""

from typing import Any

from surveys.questionnaire.items import Binding
from surveys.questionnaire.nodes import Node

BINDING_KEYS = ("construct", "at", "facet", "spread", "values", "off_route")
ROW = "$row"


def read_bindings(node: Node, *, row: str | None) -> tuple[Binding, ...]:
    """The bindings under ``bind``, one mapping or a list. `row` fills ``$row`` in a battery."""
    value = node.data.get("bind")
    if value is None:
        return ()
    entries = value if isinstance(value, list) else [value]
    if not all(isinstance(entry, dict) for entry in entries):
        node.note(
            "wrong_shape",
            "bind is not a mapping.",
            "Write construct and what it needs.",
            why="binding",
            key="bind",
        )
        return ()
    return tuple(
        _binding(Node(entry, f"{node.where} > bind", node.ledger), row) for entry in entries
    )


def _binding(node: Node, row: str | None) -> Binding:
    node.only(BINDING_KEYS)
    return Binding(
        construct=node.text("construct", needed=True),
        at=_coordinates(node, row),
        facet=node.text("facet"),
        spread=node.text("spread"),
        values=_values(node),
        off_route=node.number("off_route"),
    )


def _coordinates(node: Node, row: str | None) -> tuple[tuple[str, str], ...]:
    at = node.data.get("at", {})
    if not isinstance(at, dict):
        node.note("wrong_shape", "at is not a mapping.", "Write dimension: value.", why="binding")
        return ()
    return tuple(
        (dimension, row if value == ROW and row else str(value))
        for dimension, value in _scalars(node, "at", at)
    )


def _values(node: Node) -> tuple[tuple[str, float | str], ...]:
    values = node.data.get("values", {})
    if not isinstance(values, dict):
        node.note(
            "wrong_shape",
            "values is not a mapping.",
            "Write code: what it counts as.",
            why="binding",
        )
        return ()
    return _scalars(node, "values", values)


def _scalars(node: Node, key: str, mapping: dict[str, Any]) -> tuple[tuple[str, float | str], ...]:
    for name, value in mapping.items():
        if value is None or isinstance(value, dict | list):
            node.note(
                "wrong_shape",
                f"{name} under {key} has no value.",
                "Write name: value.",
                why="binding",
            )
    return tuple(
        (name, value if isinstance(value, int | float) else str(value))
        for name, value in mapping.items()
    )
