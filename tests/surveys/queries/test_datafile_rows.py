"""The data file row by row: the same values, in any number of parts, with few queries."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.actions import weighting
from surveys.management import datafile_parts
from surveys.models import Wave
from surveys.queries.datafile_rows import borders, rows_of
from surveys.queries.extracts import extract
from tests.factories import NOON, make_case, make_stratum
from tests.surveys.queries.test_extracts import make_door_wave, respond


@pytest.fixture(autouse=True)
def files_apart(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def wave(db: None) -> Wave:
    """Two strata; twelve of twenty firms handed in, one more in part."""
    wave = make_door_wave(closed_at=NOON)
    strata = [make_stratum(wave, label, population=100, drawn=10) for label in ("a", "b")]
    for number in range(20):
        done = "complete" if number < 12 else "partial" if number == 12 else "non_contact"
        case = make_case(wave, strata[number % 2], f"F{number:02}", disposition=done)
        if number <= 12:
            answers = {"persons": number or None, "branch": "trade"}
            respond(case, answers, submitted=number < 12)
    return wave


def published(wave: Wave, **recipe: Any) -> None:
    made = weighting.weigh(wave=wave, recipe=recipe, by=None, at=NOON)
    weighting.publish(weighting=made, by=None, at=NOON)


@pytest.mark.parametrize(
    "recipe",
    [None, {"respondents": ["complete", "partial"], "replicates": {"method": "jackknife"}}],
)
def test_the_rows_have_the_values_of_the_extract(wave: Wave, recipe: dict[str, Any] | None) -> None:
    if recipe is not None:
        published(wave, **recipe)
    read = rows_of(wave)

    rows = {row[0]: row[1:] for row in read}

    found = extract(wave)
    whole = found.frame.join(found.design)
    if found.replicates is not None:
        whole = whole.join(found.replicates.weights)
    assert list(rows) == list(whole.index)
    assert [each.name for each in read.outline.variables] == list(whole.columns)
    assert read.firms == read.outline.firms == len(whole)
    assert read.present == whole.notna().sum().tolist()
    for name, row in rows.items():
        expected = whole.loc[name].where(whole.loc[name].notna(), None)
        assert list(row) == pytest.approx(expected.tolist())


@pytest.mark.parametrize("parts", [2, 3, 5])
def test_the_parts_of_a_file_are_the_file(wave: Wave, parts: int) -> None:
    intervals = borders(wave, parts)

    rows = [row for between in intervals for row in rows_of(wave, between)]

    assert len(intervals) == parts
    assert rows == list(rows_of(wave))


def test_a_file_of_two_processes_is_that_of_one(
    wave: Wave, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The processes are threads here, as a child sees nothing of this test's transaction."""
    monkeypatch.setattr(datafile_parts, "ProcessPoolExecutor", InTurn)
    monkeypatch.setattr(datafile_parts.connections, "close_all", lambda: None)
    alone, together = tmp_path / "alone.csv", tmp_path / "together.csv"

    one = datafile_parts.write_csv(wave, alone, 1)
    two = datafile_parts.write_csv(wave, together, 2)

    assert together.read_bytes() == alone.read_bytes()
    assert one == two
    assert one[0].variables[0].n == 11
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []


class InTurn:
    """Carries out what a pool of processes would."""

    def __init__(self, _count: int, **_more: Any) -> None:
        self.map = map

    def __enter__(self) -> "InTurn":
        return self

    def __exit__(self, *_: object) -> None: ...


def queries_of(wave: Wave) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        list(rows_of(Wave.objects.select_related("survey", "instrument").get(pk=wave.pk)))
    return len(caught)


def test_the_number_of_queries_does_not_grow_with_the_firms(wave: Wave) -> None:
    before = queries_of(wave)
    stratum = wave.strata.get(label="a")
    for number in range(30, 60):
        respond(make_case(wave, stratum, f"F{number}", disposition="complete"))

    assert queries_of(wave) == before


def test_a_number_of_processes_that_cannot_be_is_refused(wave: Wave, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="from 1 to 16"):
        call_command(
            "export_wave", survey="knowledge", wave="2025", out=tmp_path / "a.csv", processes=0
        )


def test_a_firm_that_is_the_first_of_its_stratum_while_rows_are_read_comes_in_the_next_file(
    wave: Wave,
) -> None:
    stratum = make_stratum(wave, "c", population=100, drawn=1)
    case = make_case(wave, stratum, "LATE", disposition="non_contact")
    begun = rows_of(wave)

    respond(case, {"persons": 3, "branch": "trade"}, submitted=True)
    case.disposition = "complete"
    case.save(update_fields=["disposition"])

    assert len(list(begun)) == 12
    assert len(list(rows_of(wave))) == 13
