"""What a newer version of the frame tells of firms, kept as their events.

Only what the two lists say: that a firm is new on the list, gone from it, under another name, or
told otherwise by the register. Why, and what became of a firm, a person records.
"""

from datetime import datetime

from django.db import connection

from surveys.models import EnterpriseEvent, Frame, User

_Kind = EnterpriseEvent.Kind

TOLD = (
    ("size_class", "size class"),
    ("industry", "industry"),
    ("region", "region"),
    ("nace", "NACE"),
    ("group_id", "group"),
)
"""Fields of which a change is an event, in words. Sizes and contacts change with every list."""

_INSERT = """
INSERT INTO surveys_enterpriseevent
    (enterprise_id, kind, "on", note, by_id, at, successor_id, frame_id)
SELECT {firm}.enterprise_id, %(kind)s, %(on)s, {note}, %(by)s, %(at)s, NULL, %(frame)s
FROM surveys_unit AS new_unit {join}
WHERE {where}
"""
_ALONE = """
{firm}.frame_id = %({side})s AND {firm}.enterprise_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM surveys_unit AS other
    WHERE other.frame_id = %({against})s AND other.register_id = {firm}.register_id
)
"""
_BOTH = """
new_unit.frame_id = %(frame)s AND old_unit.frame_id = %(previous)s
AND new_unit.enterprise_id IS NOT NULL AND ({differs})
"""
_PAIRED = "JOIN surveys_unit AS old_unit ON old_unit.register_id = new_unit.register_id"
_BACK = """
CASE WHEN EXISTS (
    SELECT 1 FROM surveys_unit AS earlier JOIN surveys_frame AS version
    ON version.id = earlier.frame_id
    WHERE earlier.enterprise_id = new_unit.enterprise_id AND version.number < %(number)s
) THEN 'Back: an earlier version than the last one had it.' ELSE '' END
"""


def record_changes(*, frame: Frame, by: User | None, at: datetime) -> None:
    """Append the events of a version against the one before, within the caller's transaction.

    One statement for each kind, however many firms. The first version tells of no change.
    """
    if frame.previous is None:
        return
    told = {
        "frame": frame.pk,
        "previous": frame.previous.pk,
        "number": frame.number,
        "on": connection.ops.adapt_datefield_value(at.date()),
        "by": by.pk if by else None,
        "at": connection.ops.adapt_datetimefield_value(at),
    }
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The rows are too new for the planner to know that there are many.
            cursor.execute("ANALYZE surveys_unit")
        for kind, statement in _statements():
            cursor.execute(statement, {**told, "kind": kind.value})


def _statements() -> list[tuple[EnterpriseEvent.Kind, str]]:
    alone = _ALONE.format(firm="new_unit", side="frame", against="previous")
    gone = _ALONE.format(firm="new_unit", side="previous", against="frame")
    differs = " OR ".join(f"new_unit.{name} <> old_unit.{name}" for name, _ in TOLD)
    renamed = "new_unit.name <> old_unit.name"
    return [
        (_Kind.APPEARED, _INSERT.format(firm="new_unit", note=_BACK, join="", where=alone)),
        (_Kind.LEFT, _INSERT.format(firm="new_unit", note="''", join="", where=gone)),
        (_Kind.RENAMED, _paired("'Before: ' || old_unit.name || '.'", renamed)),
        (_Kind.REGISTER_CHANGED, _paired(_changes(), differs)),
    ]


def _paired(note: str, differs: str) -> str:
    where = _BOTH.format(differs=differs)
    return _INSERT.format(firm="new_unit", note=note, join=_PAIRED, where=where)


def _changes() -> str:
    """Every field that changed with its value before and now, as SQL."""
    parts = [
        f"CASE WHEN new_unit.{name} <> old_unit.{name} THEN '{words}: ' || "
        f"{_shown('old_unit', name)} || ' → ' || {_shown('new_unit', name)} || '. ' ELSE '' END"
        for name, words in TOLD
    ]
    return f"TRIM({' || '.join(parts)})"


def _shown(unit: str, name: str) -> str:
    return f"CASE WHEN {unit}.{name} = '' THEN 'none' ELSE {unit}.{name} END"
