"""The data file of a wave as CSV, by several processes where that is asked for."""

import multiprocessing
import shutil
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connections

from surveys.exports import delimited
from surveys.models import Wave
from surveys.queries.datafile_outline import Datafile, counted
from surveys.queries.datafile_rows import Between, Rows, borders, rows_of

Part = tuple[int, list[int]]
"""Firms of a part, and those with a value by column."""


def write_csv(wave: Wave, target: Path, processes: int) -> tuple[Datafile, int]:
    """Write the file; its variables with the number of values, and its number of firms.

    Every process reads an interval of pseudonyms; the parts are then joined in their order.
    An open wave is written by one, so that no answer comes in between two of them.
    """
    rows = rows_of(wave)
    columns = rows.outline.columns
    wanted = processes if wave.state == Wave.State.CLOSED else 1
    intervals = borders(wave, wanted) if wanted > 1 else ()
    if len(intervals) > 1:
        parts = _side_by_side(wave.pk, target, columns, intervals)
    else:
        parts = [_write_rows(rows, target, columns)]
    present = [sum(numbers) for numbers in zip(*(part[1] for part in parts), strict=True)]
    variables = counted(rows.outline, present)
    return replace(rows.outline, variables=variables), sum(part[0] for part in parts)


def _side_by_side(
    wave: int, target: Path, columns: Sequence[str], intervals: Sequence[Between]
) -> list[Part]:
    # A connection cannot be shared with a child; each opens its own.
    connections.close_all()
    forking = multiprocessing.get_context("fork")
    with (
        TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as folder,
        ProcessPoolExecutor(len(intervals), mp_context=forking) as pool,
    ):
        paths = [Path(folder) / str(number) for number in range(len(intervals))]
        heads = [columns if number == 0 else () for number in range(len(intervals))]
        waves = [wave] * len(intervals)
        parts = list(pool.map(_write_part, waves, intervals, paths, heads))
        with target.open("wb") as whole:
            for path in paths:
                with path.open("rb") as part:
                    shutil.copyfileobj(part, whole)
        return parts


def _write_part(wave: int, between: Between, path: Path, columns: Sequence[str]) -> Part:
    found = Wave.objects.select_related("survey", "instrument").get(pk=wave)
    return _write_rows(rows_of(found, between), path, columns)


def _write_rows(rows: Rows, path: Path, columns: Sequence[str]) -> Part:
    with path.open("wb") as file:
        file.writelines(delimited.pieces(columns, rows))
    return rows.firms, rows.present
