"""Paradata as files."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from surveys.exports.delimited import render
from surveys.queries.paradata import COLUMNS, as_cells

Rows = Iterable[Mapping[str, Any]]


def as_csv(rows: Rows) -> bytes:
    """One row an event; columns that the kind of event has not are empty, parts are JSON."""
    return render(COLUMNS, [as_cells(row) for row in rows])


def as_json(rows: Rows) -> bytes:
    """A list of events, each with the details that it has."""
    return (json.dumps(list(rows), ensure_ascii=False, indent=1) + "\n").encode()


FORMATS: Mapping[str, Callable[[Rows], bytes]] = {"csv": as_csv, "json": as_json}
