"""Firms that answered against the sample and the frame: through the one door, to the table."""

from datetime import timedelta

import pytest
import yaml

from analysis import actions, extracts, pipeline
from analysis.disclosure.rules import DisclosurePolicy
from analysis.specification.plan import read_plan
from analysis.tables.document_tables import table_of_document
from surveys import questionnaire
from surveys.models import Case, Wave
from tests.analysis.answered import QUESTIONS, make_plan_version
from tests.factories import (
    NOON,
    make_case,
    make_frame,
    make_instrument,
    make_response,
    make_stratum,
    make_survey,
    make_unit,
    make_wave,
)

PLAN = {"title": "T", "descriptives": [{"statistic": "respondents_against_frame"}]}
SIZES, REGIONS = ("10-49", "50-249"), ("north", "south_west")
# Of each stratum 60 units stand on the frame, 40 were drawn, one of them is not eligible.
ON_FRAME, DRAWN = 60, 40
ANSWERED = {"10-49": 30, "50-249": 15}

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave():
    compiled = questionnaire.compile_text(QUESTIONS)
    instrument = make_instrument(dict(compiled.document), fingerprint=compiled.fingerprint)
    survey = make_survey()
    frame = make_frame(survey, name="Register 2025")
    made = make_wave(survey, instrument=instrument, state=Wave.State.CLOSED, frame=frame)
    for size in SIZES:
        stratum = make_stratum(made, size, size_class=size, population=ON_FRAME, drawn=DRAWN)
        for number in range(ON_FRAME):
            region = REGIONS[number % 2]
            unit = make_unit(frame, f"{size}-{number}", size_class=size, region=region)
            if number < DRAWN:
                _draw(made, stratum, unit, number)
    return made


def _draw(wave, stratum, unit, number):
    case = make_case(
        wave,
        stratum,
        f"F{unit.register_id}",
        unit=unit,
        design_weight=ON_FRAME / DRAWN,
        inclusion_probability=DRAWN / ON_FRAME,
        disposition=Case.Disposition.NOT_ELIGIBLE
        if number == DRAWN - 1
        else Case.Disposition.NOT_STARTED,
    )
    if number < ANSWERED[unit.size_class]:
        make_response(
            case,
            {"new_good": "yes" if number % 3 else "no", "persons": 5 + 7 * number},
            page_revisions={"firm": 1},
            revision=1,
            submitted_at=NOON + timedelta(minutes=number),
            reference=f"R{unit.register_id}",
        )


def estimates(wave, plan=PLAN, **more):
    read = read_plan(yaml.safe_dump(plan))
    dataset = extracts.dataset(wave)
    frame = extracts.sample_against_frame(wave, dataset, (read,))
    return pipeline.run(dataset, read, against_frame=frame, **more).estimates_document


def cells(document, label):
    """Column key to number, of the line with the label."""
    entry = document["tables"][0]
    (line,) = (each for each in entry["lines"] if each["label"] == label)
    keys = [column["key"] for column in entry["columns"]]
    return {
        key: None if cell is None else cell["value"]
        for key, cell in zip(keys, line["cells"], strict=True)
    }


def test_counts_and_shares_of_frame_sample_and_answers(wave):
    plan = {"title": "T", "descriptives": [
        {"statistic": "respondents_against_frame", "variables": ["size_class", "region"]}
    ]}  # fmt: skip

    found = cells(estimates(wave, plan), "10-49")

    assert (found["frame_n"], found["drawn_n"], found["responding_n"]) == (60, 39, 30)
    assert found["rate"] == pytest.approx(30 / 39)
    assert found["frame"] == found["drawn"] == 0.5
    assert found["unweighted"] == found["design"] == pytest.approx(30 / 45)
    # Drawn over responding firms of each stratum: what the final weights make good.
    assert found["final"] == pytest.approx(0.5)
    assert found["off"] == pytest.approx(0, abs=1e-12)
    assert 0 < found["p"] < 0.05
    # The strata are the size classes, so the design fixes their shares: nothing stands beneath.
    table = table_of_document(estimates(wave, plan), what="table-1")
    sizes = [row.kind for row in table.rows if row.label in SIZES]
    assert sizes == ["estimate"] * 2


def test_a_variable_that_all_units_share_is_refused(wave):
    with pytest.raises(Exception, match="All firms of the frame are alike in Industry"):
        estimates(wave)


def test_nothing_is_read_unless_a_plan_asks(wave, django_assert_num_queries):
    plan = read_plan(
        yaml.safe_dump({"title": "T", "descriptives": [{"outcome": "control.employment"}]})
    )
    dataset = extracts.dataset(wave)

    with django_assert_num_queries(0):
        assert extracts.sample_against_frame(wave, dataset, (plan,)) is None


def test_however_many_units_there_are_it_takes_as_many_statements(wave, django_assert_num_queries):
    read = read_plan(yaml.safe_dump(PLAN))
    dataset = extracts.dataset(wave)
    fresh = Wave.objects.select_related("frame").get(pk=wave.pk)

    with django_assert_num_queries(4):
        found = extracts.sample_against_frame(fresh, dataset, (read,))

    assert found.total == 2 * ON_FRAME
    assert len(found.weight) == 2 * (DRAWN - 1)


def test_a_wave_without_a_frame_is_refused_in_plain_words(wave):
    Wave.objects.filter(pk=wave.pk).update(frame=None)
    fresh = Wave.objects.get(pk=wave.pk)

    with pytest.raises(Exception, match="not drawn from a frame that is here"):
        estimates(fresh)


def test_too_few_answers_are_withheld_beside_what_the_register_says(wave):
    plan = {"title": "T", "descriptives": [
        {"statistic": "respondents_against_frame", "variables": ["size_class"]}
    ]}  # fmt: skip
    policy = DisclosurePolicy(least_firms=20)

    document = estimates(wave, plan, policy=policy)

    found = cells(document, "50-249")
    assert (found["frame_n"], found["drawn_n"]) == (60, 39)
    assert [found[key] for key in ("responding_n", "rate", "unweighted", "final")] == [None] * 4
    table = table_of_document(document, what="table-1")
    assert any("– (c)" in cell.text for row in table.rows for cell in row.cells)


def test_a_run_has_the_frame_too(wave):
    plan = {"title": "T", "descriptives": [
        {"statistic": "respondents_against_frame", "variables": ["size_class"]}
    ]}  # fmt: skip
    version = make_plan_version(wave, yaml.safe_dump(plan), "frame")
    run, _ = actions.request(plan_version=version, by=None, at=NOON)

    assert actions.carry_out(run_id=run.pk)

    run.refresh_from_db()
    assert run.failure is None
    assert cells(run.estimates, "10-49")["frame_n"] == 60
    assert run.table["title"] == "Firms that answered against sample and frame"
