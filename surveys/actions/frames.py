"""A file of a register becomes a version of the frame: all of it, or nothing and every problem."""

import json
import pickle
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import PurePath
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast
from uuid import uuid4
from zlib import crc32

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import InterfaceError, OperationalError, transaction

from surveys.actions import held_works
from surveys.actions.frame_events import record_changes
from surveys.actions.frame_rows import write_rows
from surveys.frames import (
    FrameMapping,
    FrameReading,
    FrameRow,
    first_rows,
    mapping_of,
    suggest,
)
from surveys.microdata import MicrodataRefused, ProblemReport
from surveys.models import AuditEvent, Frame, FrameUpload, Survey, User, Wave

_EXAMPLES = 5
_EXAMPLE_LENGTH = 60
_LINES_TOLD = 8
_UNFORESEEN = (
    "The load broke off for a reason that is not in the file, and nothing was loaded. The "
    "file and its mapping were kept: try again, and tell the operator if it happens twice."
)
_GIVEN_UP = (
    "Three workers ended in the middle of this load, and nothing was loaded. Perhaps the file "
    "needs more memory than they have. It was kept with its mapping: ask the operator, then try "
    "again."
)


class FrameRefused(Exception):
    """Something that cannot be done with a frame now. The text says why and what would do."""


class LoadFailed(Exception):
    """A load that broke off unforeseen. Holds the kind of the failure and no data of firms."""


def receive(
    *, survey: Survey, file: "File[Any]", original_name: str, by: User | None, at: datetime
) -> FrameUpload:
    """Keep a file with its columns and the mapping that they suggest; nothing is loaded yet.

    Raises MicrodataRefused if the file cannot be read as a table.
    """
    name = PurePath(original_name.replace("\\", "/")).name[:200]
    upload = FrameUpload(survey=survey, original_name=name, by=by, at=at)
    upload.file.save(f"{uuid4().hex}{PurePath(name).suffix.lower()[:6]}", file, save=False)
    try:
        with _stored(upload) as kept:
            table, rows = first_rows(kept)
    except MicrodataRefused:
        upload.file.storage.delete(str(upload.file.name))
        raise
    upload.columns = [
        {"name": column, "examples": _examples(rows, place)}
        for place, column in enumerate(table.header)
        if column
    ]
    upload.mapping = suggest(table.header, rows).document()
    upload.save()
    return upload


@transaction.atomic
def begin(*, upload: FrameUpload, mapping: FrameMapping) -> None:
    """Let the file be loaded by that mapping. Raises FrameRefused if it was loaded already."""
    begun = (
        FrameUpload.objects.filter(pk=upload.pk)
        .exclude(state=FrameUpload.State.LOADED)
        .update(
            state=FrameUpload.State.LOADING,
            claim=None,
            attempts=0,
            mapping=mapping.document(),
            rows_read=0,
            rows_total=None,
            problems_count=0,
            message="",
        )
    )
    if not begun:
        raise FrameRefused("This file is a version of the frame already.")


def load(*, upload_id: int, at: datetime) -> FrameUpload | None:
    """Read the file of an upload that was begun, and make the version of the frame.

    Done twice, or by two workers at the same time, it makes one version. Nothing of the frame
    is written before the whole file was read without a problem, and then all at once. Raises
    LoadFailed.
    """
    hold = held_works.take(FrameUpload, upload_id)
    if hold is not None:
        upload = FrameUpload.objects.select_related("survey").get(pk=upload_id)
        with suppress(held_works.Overtaken), hold.lease():
            _load(upload, hold, at)
    return FrameUpload.objects.filter(pk=upload_id).first()


def waiting() -> list[int]:
    """Uploads whose load waits for a worker; one that killed three is given up, and told."""
    return held_works.waiting(FrameUpload, message=_GIVEN_UP)


def check(*, file: BinaryIO, mapping: FrameMapping) -> FrameReading:
    """Read a whole file without keeping anything of it."""
    reading = FrameReading(file, mapping)
    for _ in reading.chunks():
        pass
    return reading


@transaction.atomic
def discard(*, upload: FrameUpload) -> None:
    """Forget a file that was not loaded, with its problems."""
    upload.refresh_from_db()
    if upload.state == FrameUpload.State.LOADED:
        raise FrameRefused("This file is a version of the frame already, which is kept.")
    storage = upload.file.storage
    for kept in (upload.file, upload.problems_file):
        if kept:
            transaction.on_commit(partial(storage.delete, str(kept.name)))
    upload.delete()


@transaction.atomic
def choose(*, wave: Wave, frame: Frame, by: User | None, at: datetime) -> None:
    """Let a wave in draft draw from that version. Raises FrameRefused."""
    wave.refresh_from_db(from_queryset=Wave.objects.select_for_update())
    if wave.state != Wave.State.DRAFT or wave.origin != Wave.Origin.COLLECTED:
        raise FrameRefused("The frame of a wave is chosen while the wave is in draft.")
    if frame.survey_id != wave.survey_id:
        raise FrameRefused("That frame belongs to another survey.")
    if wave.cases.exists():
        raise FrameRefused("The sample was drawn from the present frame, which therefore stays.")
    wave.frame = frame
    wave.save(update_fields=["frame"])
    AuditEvent.objects.create(
        user=by,
        survey=wave.survey,
        action="frame_chosen",
        at=at,
        detail={"wave": wave.slug, "frame": frame.number},
    )


@contextmanager
def _stored(upload: FrameUpload) -> Iterator[BinaryIO]:
    """The file of an upload, read from where it is kept."""
    with upload.file.storage.open(str(upload.file.name), "rb") as kept:
        yield cast("BinaryIO", kept.file)


def _examples(rows: list[list[str]], place: int) -> list[str]:
    """The cells of a column in the first rows, as one line each."""
    cells = (row[place] if place < len(row) else "" for row in rows[:_EXAMPLES])
    # No database keeps a NUL character; the load will tell where it stands.
    return [" ".join(cell.replace("\0", " ").split())[:_EXAMPLE_LENGTH] for cell in cells]


def _load(upload: FrameUpload, hold: held_works.Hold, at: datetime) -> None:
    try:
        _read(upload, hold, at)
    except (held_works.Overtaken, OperationalError, InterfaceError):
        raise  # without its database the load stays held, until the lease is over
    except Exception as failure:
        # A database's own message may hold a firm's data: only its kind goes on to the log.
        hold.end(FrameUpload.State.REFUSED, message=_UNFORESEEN)
        raise LoadFailed(type(failure).__name__) from None


def _read(upload: FrameUpload, hold: held_works.Hold, at: datetime) -> None:
    with TemporaryFile() as spool, _stored(upload) as file:
        reading = FrameReading(file, mapping_of(upload.mapping))
        for chunk in reading.chunks():
            if not reading.problems:
                pickle.dump([tuple(row) for row in chunk], spool)
            hold.note(rows_read=reading.rows_read, rows_total=reading.rows_total)
        if reading.problems:
            _refuse(upload, hold, reading)
            return
        spool.seek(0)
        _keep(upload, hold, reading, _spooled(spool), at)


def _spooled(spool: BinaryIO) -> Iterator[list[FrameRow]]:
    while True:
        try:
            # Of our own making, in a file without a name.
            yield [FrameRow(*row) for row in pickle.load(spool)]  # noqa: S301
        except EOFError:
            return


def _refuse(upload: FrameUpload, hold: held_works.Hold, reading: FrameReading) -> None:
    report = reading.problems.report()
    upload.problems_file.save(f"{uuid4().hex}.json", ContentFile(_told(report)), save=False)
    hold.end(
        FrameUpload.State.REFUSED,
        message=_summary(report),
        problems_count=report.total,
        problems_file=upload.problems_file.name,
        rows_read=reading.rows_read,
    )


def _told(report: ProblemReport) -> bytes:
    told = {
        "problems": [asdict(problem) for problem in report.shown],
        "not_shown": [asdict(tally) for tally in report.not_shown],
    }
    return json.dumps(told, ensure_ascii=False).encode()


def _summary(report: ProblemReport) -> str:
    lines = [tally.words for tally in sorted(report.tallies, key=lambda each: -each.count)]
    more = f" and {len(lines) - _LINES_TOLD} more kinds" if len(lines) > _LINES_TOLD else ""
    return f"{'; '.join(lines[:_LINES_TOLD])}{more}."


@transaction.atomic
def _keep(
    upload: FrameUpload,
    hold: held_works.Hold,
    reading: FrameReading,
    chunks: Iterator[list[FrameRow]],
    at: datetime,
) -> None:
    """Write the version, and nothing if the load is not this worker's any more.

    Two loads of a survey come one after the other. The upload itself is not locked before the
    end: its hold is renewed meanwhile.
    """
    survey = Survey.objects.select_for_update().get(pk=upload.survey_id)
    hold.check()
    same = Frame.objects.filter(survey=survey, fingerprint=reading.fingerprint).first()
    if same is not None:
        message = f"The file tells the same of the same firms as version {same.number} does."
        hold.end(FrameUpload.State.REFUSED, message=message)
        return
    frame = _frame(survey, upload, reading)
    origin = _origin(survey)
    seed = crc32(survey.slug.encode())
    write_rows(frame=frame, chunks=chunks, origin=origin, seed=seed, at=at)
    record_changes(frame=frame, by=upload.by, at=at)
    hold.end(
        FrameUpload.State.LOADED,
        frame=frame,
        rows_read=reading.rows_read,
        columns=[{"name": column["name"]} for column in upload.columns],
    )
    AuditEvent.objects.create(
        user=upload.by,
        survey=survey,
        action="frame_loaded",
        at=at,
        detail={
            "frame": frame.number,
            "units": frame.unit_count,
            "fingerprint": frame.fingerprint,
            "origin": origin,
            "seed": seed,
        },
    )
    # The frame holds all that the file told; a second copy of addresses serves nobody.
    transaction.on_commit(lambda: upload.file.storage.delete(str(upload.file.name)))


def _frame(survey: Survey, upload: FrameUpload, reading: FrameReading) -> Frame:
    previous = Frame.objects.filter(survey=survey).order_by("-number").first()
    return Frame.objects.create(
        survey=survey,
        name=PurePath(upload.original_name).stem[:120],
        number=previous.number + 1 if previous else 1,
        previous=previous,
        fingerprint=reading.fingerprint,
        attributes=list(reading.mapping.attributes),
        unit_count=reading.units,
        source_name=upload.original_name,
    )


def _origin(survey: Survey) -> str:
    """The fingerprint of the frame with which the survey began."""
    return (
        Frame.objects.filter(survey=survey)
        .order_by("number")
        .values_list("fingerprint", flat=True)[0]
    )
