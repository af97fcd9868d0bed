"""The paradata of a wave as rows: pseudonymous, without answers, notes or access codes."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Exists, OuterRef

from surveys.fieldwork.paradata import EVENT_KINDS
from surveys.models import CaseEvent, Response, Wave

COLUMNS = (
    "pseudonym", "at", "kind", "page", "entry", "entered", "open", "visible", "hidden", "gaps",
    "changes", "how", "device", "language", "items", "edits", "revision", "before", "after",
    "role", "sections", "section", "pages", "share", "step", "channel", "mode", "call", "call_back",
    "layouts",
)  # fmt: skip


def paradata_rows(wave: Wave) -> Iterator[Mapping[str, Any]]:
    """One row an event, by pseudonym and time; only what `EVENT_KINDS` names is told.

    A row of kind ``layouts`` closes a case that answered batteries: how each was shown.
    """
    layouts = _layouts(wave)
    last = ""
    events = CaseEvent.objects.filter(case__wave=wave).order_by("case__pseudonym", "at", "pk")
    fields = events.values_list("case__pseudonym", "kind", "at", "detail")
    for pseudonym, kind, at, detail in fields.iterator(chunk_size=2000):
        if last and last != pseudonym:
            yield from _layout_row(last, layouts)
        last = pseudonym
        known = EVENT_KINDS.get(kind)
        told = {key: detail[key] for key in known.details if key in detail} if known else {}
        yield {"pseudonym": pseudonym, "at": at.isoformat(), "kind": kind} | told
    if last:
        yield from _layout_row(last, layouts)


def count_of(wave: Wave) -> int:
    """How many rows `paradata_rows` gives."""
    events = CaseEvent.objects.filter(case=OuterRef("case"))
    shown = Response.objects.filter(Exists(events), case__wave=wave).exclude(layouts={})
    return CaseEvent.objects.filter(case__wave=wave).count() + shown.count()


def as_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """A row in the order of `COLUMNS`; what has parts is JSON."""
    return tuple(_cell(row.get(column)) for column in COLUMNS)


def _layouts(wave: Wave) -> dict[str, dict[str, str]]:
    found = Response.objects.filter(case__wave=wave).exclude(layouts={})
    return dict(found.values_list("case__pseudonym", "layouts"))


def _layout_row(
    pseudonym: str, layouts: Mapping[str, Mapping[str, str]]
) -> Iterator[Mapping[str, Any]]:
    if pseudonym in layouts:
        yield {"pseudonym": pseudonym, "kind": "layouts", "layouts": layouts[pseudonym]}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)
