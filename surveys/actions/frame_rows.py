"""The firms of a frame, written in bulk: by COPY on PostgreSQL, in batches elsewhere."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from surveys.frames import FIELD_NAMES, FrameRow
from surveys.models import Enterprise, Frame, Unit
from surveys.sampling.selection import permanent_random_numbers

_AT_ONCE = 1_000
_COLUMNS = ", ".join((*FIELD_NAMES, "attributes"))

_STAGE = f"""
CREATE TEMPORARY TABLE frame_rows ON COMMIT DROP AS
SELECT {_COLUMNS}, permanent_random_number AS number FROM surveys_unit WITH NO DATA
"""  # noqa: S608 -- of names of columns only
_COPY = f"COPY frame_rows ({_COLUMNS}, number) FROM STDIN"
_MAKE_ENTERPRISES = """
INSERT INTO surveys_enterprise AS known
    (survey_id, register_id, permanent_random_number, name, made_at)
SELECT %s, register_id, number, name, %s FROM frame_rows
ON CONFLICT (survey_id, register_id) DO UPDATE SET name = excluded.name
WHERE known.name <> excluded.name
"""
_OF_ROW = ", ".join(f"row.{name}" for name in (*FIELD_NAMES, "attributes"))
_MAKE_UNITS = f"""
INSERT INTO surveys_unit (frame_id, enterprise_id, permanent_random_number, {_COLUMNS})
SELECT %s, firm.id, firm.permanent_random_number, {_OF_ROW}
FROM frame_rows AS row
JOIN surveys_enterprise AS firm ON firm.survey_id = %s AND firm.register_id = row.register_id
"""  # noqa: S608 -- of names of columns only


def write_rows(
    *,
    frame: Frame,
    chunks: Iterable[list[FrameRow]],
    origin: str,
    seed: int,
    at: datetime,
) -> None:
    """Write the units of the frame within the caller's transaction.

    A firm whose register identifier the survey knows is the same enterprise and keeps its
    permanent random number; a new one gets the number that follows from identifier, origin
    and seed.
    """
    numbered = ((chunk, _numbers(chunk, origin, seed)) for chunk in chunks)
    if connection.vendor == "postgresql":
        _copy(frame, numbered, at)
        return
    for chunk, numbers in numbered:
        _write(frame, chunk, numbers, at)


def _numbers(chunk: list[FrameRow], origin: str, seed: int) -> list[float]:
    identifiers = [row.register_id for row in chunk]
    numbers: list[float] = permanent_random_numbers(identifiers, origin=origin, seed=seed).tolist()
    return numbers


def _copy(
    frame: Frame, numbered: Iterator[tuple[list[FrameRow], list[float]]], at: datetime
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy(_COPY) as copy:
            for chunk, numbers in numbered:
                for row, number in zip(chunk, numbers, strict=True):
                    told = json.dumps(row.attributes, ensure_ascii=False)
                    copy.write_row((*row[:-1], told, number))
        cursor.execute("ANALYZE frame_rows")
        cursor.execute(_MAKE_ENTERPRISES, [frame.survey_id, at])
        cursor.execute(_MAKE_UNITS, [frame.pk, frame.survey_id])
        cursor.execute("DROP TABLE frame_rows")


def _write(frame: Frame, chunk: list[FrameRow], numbers: list[float], at: datetime) -> None:
    firms = _enterprises(frame, chunk, numbers, at)
    Unit.objects.bulk_create(
        [
            Unit(
                frame=frame,
                enterprise=firms[row.register_id],
                permanent_random_number=firms[row.register_id].permanent_random_number,
                **row._asdict(),
            )
            for row in chunk
        ],
        batch_size=_AT_ONCE,
    )


def _enterprises(
    frame: Frame, chunk: list[FrameRow], numbers: list[float], at: datetime
) -> dict[str, Enterprise]:
    """Every enterprise of the chunk by register identifier: found, or made."""
    wanted: dict[str, Any] = {
        row.register_id: (row.name, number) for row, number in zip(chunk, numbers, strict=True)
    }
    found = {
        firm.register_id: firm
        for firm in Enterprise.objects.filter(survey=frame.survey_id, register_id__in=wanted)
    }
    renamed = [firm for firm in found.values() if firm.name != wanted[firm.register_id][0]]
    for firm in renamed:
        firm.name = wanted[firm.register_id][0]
    Enterprise.objects.bulk_update(renamed, ["name"], batch_size=_AT_ONCE)
    made = Enterprise.objects.bulk_create(
        [
            Enterprise(
                survey_id=frame.survey_id,
                register_id=register_id,
                name=name,
                permanent_random_number=number,
                made_at=at,
            )
            for register_id, (name, number) in wanted.items()
            if register_id not in found
        ],
        batch_size=_AT_ONCE,
    )
    return found | {firm.register_id: firm for firm in made}
