"""Waves as a panel: retention, attrition, and firms linked by what means the same."""

import json
from pathlib import Path

import pandas as pd
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.actions import weighting
from surveys.models import Case, Instrument, Response, Survey, Wave
from surveys.queries.linked import Linked, NotLinked, linked
from surveys.queries.panel import attrition, panel_waves, retention
from tests.factories import (
    NOON,
    make_case,
    make_frame,
    make_response,
    make_stratum,
    make_unit,
    make_wave,
)
from tests.surveys.queries.test_extracts import QUESTIONS

FIRMS = 12
STAYED = 6


def table(found: Linked) -> pd.DataFrame:
    return pd.DataFrame(list(found.rows()), columns=list(found.header))


def instrument(text: str, version: str) -> Instrument:
    from surveys.actions.instruments import publish

    return publish(text=text.replace('version: "1"', f'version: "{version}"'), by=None, at=NOON)


def answered_wave(survey: Survey, year: int, asked: Instrument, standing: dict[int, str]) -> Wave:
    wave = make_wave(
        survey,
        str(year),
        instrument=asked,
        frame=make_frame(survey),
        state="closed",
        reference_first_year=year - 2,
        reference_last_year=year,
    )
    stratum = make_stratum(wave, population=100, drawn=10)
    for number, disposition in standing.items():
        unit = make_unit(wave.frame, f"R{number}")
        case = make_case(wave, stratum, f"{year}-{number:02}", unit=unit, disposition=disposition)
        if disposition == "complete":
            make_response(
                case,
                {"persons": year + number, "branch": "trade"},
                submitted_at=NOON,
                reference=case.pseudonym,
            )
    return wave


@pytest.fixture
def waves(survey: Survey) -> tuple[Wave, ...]:
    """Twelve firms; in the second wave six answer again, two refuse, one has closed."""
    changed = QUESTIONS.replace("{value: mining, label: Mining}", "{value: sea, label: Fishing}")
    answered_wave(survey, 2023, instrument(QUESTIONS, "1"), dict.fromkeys(range(FIRMS), "complete"))
    later = dict.fromkeys(range(STAYED), "complete")
    later |= {6: "refusal", 7: "refusal", 8: "not_eligible", 9: "non_contact", 20: "complete"}
    answered_wave(survey, 2025, instrument(changed, "2"), later)
    return panel_waves(survey)


def test_retention_counts_firms_asked_again_and_those_that_answered(
    waves: tuple[Wave, ...],
) -> None:
    (line,) = retention(waves)

    assert line.answered == FIRMS
    assert [(stay.asked, stay.answered) for stay in line.later] == [(10, STAYED)]
    assert line.later[0].share == 0.6


def test_attrition_tells_where_firms_were_lost(waves: tuple[Wave, ...]) -> None:
    (line,) = attrition(*waves)

    assert (line.answered, line.asked, line.again) == (FIRMS, 10, STAYED)
    assert (line.refused, line.silent, line.not_eligible) == (2, 1, 1)
    assert line.share == pytest.approx(1 - 6 / 9)


def test_firms_of_both_waves_are_linked_in_long_form(waves: tuple[Wave, ...]) -> None:
    found = linked(waves)

    assert found.firms == STAYED
    rows = table(found)
    assert len(rows) == found.n_rows == 2 * STAYED
    assert rows["firm"].tolist() == sorted(rows["firm"])
    first = rows[rows["firm"] == "2023-00"]
    assert first["wave"].tolist() == ["2023", "2025"]
    assert first["control.employment"].tolist() == [2023.0, 2025.0]


def test_the_file_names_the_versions_of_its_weights(waves: tuple[Wave, ...]) -> None:
    before = linked(waves)
    made = weighting.weigh(wave=waves[1], recipe={}, by=None, at=NOON)
    weighting.publish(weighting=made, by=None, at=NOON)

    found = linked(waves)

    versions = table(found).drop_duplicates("wave")["weights_version"]
    assert [None if each != each else each for each in versions] == [None, 1]
    assert found.version == before.version
    assert len(found.version) == 64


def test_only_what_means_the_same_is_pooled(waves: tuple[Wave, ...]) -> None:
    found = linked(waves)

    assert "control.employment" in found.pooled.names
    assert dict(found.pooled.left_out)["control.industry"].startswith("measured otherwise")


def test_longitudinal_weights_stand_for_firms_that_were_lost(waves: tuple[Wave, ...]) -> None:
    found = linked(waves)

    # Ten firms were drawn in both waves and one left the population: six stand for nine.
    once = table(found).drop_duplicates("firm")["longitudinal_weight"]
    assert once.tolist() == pytest.approx([10 * 9 / 6] * STAYED)


def test_one_wave_is_no_panel(waves: tuple[Wave, ...]) -> None:
    with pytest.raises(NotLinked, match="two closed waves"):
        linked(waves[:1])


def test_the_command_writes_the_panel(
    waves: tuple[Wave, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "panel.csv"
    call_command("export_panel", "--survey", "knowledge", "--out", str(out))

    told = json.loads(capsys.readouterr().out)
    assert (told["firms"], told["rows"]) == (STAYED, 12)
    assert told["files"] == [str(out), str(tmp_path / "panel-codebook.csv")]
    header, *lines = out.read_text().splitlines()
    assert header.startswith(
        "firm,wave,reference_last_year,stratum,weight,weights_version,longitudinal_weight,"
    )
    assert len(lines) == 12
    Case.objects.filter(wave=waves[1]).update(disposition="not_eligible")
    with pytest.raises(CommandError, match="No firm answered"):
        call_command("export_panel", "--survey", "knowledge", "--out", str(out))


def test_the_command_refuses_what_it_cannot_do(waves: tuple[Wave, ...], tmp_path: Path) -> None:
    def run(name: str, *more: str, survey: str = "knowledge") -> None:
        call_command("export_panel", "--survey", survey, "--out", str(tmp_path / name), *more)

    with pytest.raises(CommandError, match=r"panel\.dta must end in \.csv or \.xlsx"):
        run("panel.dta")
    with pytest.raises(CommandError, match=r"no/panel\.csv cannot be written"):
        run("no/panel.csv")
    with pytest.raises(CommandError, match=r"No closed wave .*: 1999\."):
        run("panel.csv", "--waves", "1999", "2023")
    with pytest.raises(CommandError, match="no survey “none”"):
        run("panel.csv", survey="none")

    assert list(tmp_path.iterdir()) == []


def test_the_number_of_queries_grows_with_hundreds_of_firms_only(waves: tuple[Wave, ...]) -> None:
    found = linked(waves)

    with CaptureQueriesContext(connection) as caught:
        rows = list(found.rows())

    assert len(rows) == 12
    assert len(caught) == len(waves)


def test_a_response_withdrawn_since_has_no_row(waves: tuple[Wave, ...]) -> None:
    found = linked(waves)
    Response.objects.filter(case__pseudonym="2025-00").update(submitted_at=None, reference="")

    assert table(found)["firm"].value_counts()["2023-00"] == 1
