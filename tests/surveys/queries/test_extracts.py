"""The door to the estimating half: what leaves a wave, and what does not."""

import math

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys import questionnaire
from surveys.models import Case, Wave
from surveys.queries.extracts import extract
from tests.factories import (
    NOON,
    make_case,
    make_instrument,
    make_response,
    make_stratum,
    make_survey,
    make_wave,
)

QUESTIONS = """
instrument: door
version: "1"
title: Door
sections:
  - name: firm
    title: Your firm
    minutes: 1
    pages:
      - name: firm
        title: Your firm
        items:
          - name: persons
            kind: number
            label: How many persons work here?
            minimum: 0
            maximum: 1000000
            bind: {construct: control.employment}
          - name: branch
            kind: single_choice
            label: What is your branch?
            codes: [{value: trade, label: Trade}, {value: mining, label: Mining}]
            bind: {construct: control.industry}
          - name: remark
            kind: text
            label: Anything else?
"""


def make_door_wave(slug="2025", **fields):
    compiled = questionnaire.compile_text(QUESTIONS)
    instrument = make_instrument(dict(compiled.document), fingerprint=compiled.fingerprint)
    return make_wave(make_survey(), slug, instrument=instrument, state=Wave.State.CLOSED, **fields)


def respond(case, answers=None, *, submitted=True):
    response = {"submitted_at": NOON, "reference": f"R-{case.pseudonym}"} if submitted else {}
    return make_response(
        case,
        {"persons": 12, "branch": "trade"} if answers is None else answers,
        page_revisions={"firm": 1},
        revision=1,
        **response,
    )


@pytest.fixture
def wave(db):
    return make_door_wave()


def test_only_submitted_responses_leave(wave):
    stratum = make_stratum(wave)
    respond(make_case(wave, stratum, "F1"))
    respond(make_case(wave, stratum, "F2"), submitted=False)
    make_case(wave, stratum, "F3")

    assert extract(wave).frame.index.tolist() == ["F1"]


def test_answers_come_as_constructs_and_what_is_bound_to_none_stays(wave):
    case = make_case(wave, make_stratum(wave), "F1", firm_name="Very Secret Ltd")
    respond(case, {"persons": 12, "branch": "trade", "remark": "We are Very Secret Ltd"})

    found = extract(wave)

    assert found.frame.loc["F1"].to_dict() == {
        "control.employment": 12.0,
        "control.industry": "trade",
    }
    everything = f"{found.frame.to_csv()}{found.design.to_csv()}{found.provenance}{found.columns}"
    assert "Secret" not in everything
    assert str(case.public_id) not in everything


def test_a_blank_answer_is_missing_and_not_what_the_stratum_says(wave):
    stratum = make_stratum(wave, industry="mining", region="north")
    respond(make_case(wave, stratum, "F1"), {})

    row = extract(wave).frame.loc["F1"]

    assert math.isnan(row["control.employment"])
    assert row["control.industry"] is None


def test_what_a_firm_answers_stands_before_what_its_stratum_says(wave):
    stratum = make_stratum(wave, industry="mining")
    respond(make_case(wave, stratum, "F1"), {"branch": "trade"})

    assert extract(wave).frame.loc["F1", "control.industry"] == "trade"


def test_region_and_size_class_come_from_the_stratum_where_no_item_asks_them(wave):
    for number, region in enumerate(["south", "north"]):
        stratum = make_stratum(wave, region, region=region, size_class="small")
        respond(make_case(wave, stratum, f"F{number}"))

    found = extract(wave)

    assert found.frame["control.region"].tolist() == ["south", "north"]
    region = next(column for column in found.columns if column.name == "control.region")
    assert (region.measure, region.codes) == (
        "category",
        (("north", "north"), ("south", "south")),
    )
    assert "control.size_class" in found.frame.columns


def test_the_weight_spreads_over_those_who_answered_in_the_stratum(wave):
    thin, full = make_stratum(wave, "thin", population=400), make_stratum(wave, "full")
    for number in range(4):
        case = make_case(wave, thin, f"A{number}", design_weight=100.0)
        if number < 2:
            respond(case)
    respond(make_case(wave, full, "B0", design_weight=3.0))

    design = extract(wave).design

    assert design["weight"].to_dict() == {"A0": 200.0, "A1": 200.0, "B0": 3.0}
    assert design["population"].to_dict() == {"A0": 400.0, "A1": 400.0, "B0": 100.0}
    assert design["stratum"].to_dict() == {"A0": "thin", "A1": "thin", "B0": "full"}


def test_firms_that_are_not_eligible_neither_count_nor_are_spread_over(wave):
    stratum = make_stratum(wave)
    respond(make_case(wave, stratum, "F1", design_weight=10.0))
    make_case(wave, stratum, "F2", design_weight=10.0)
    gone = Case.Disposition.NOT_ELIGIBLE
    respond(make_case(wave, stratum, "F3", design_weight=10.0, disposition=gone))

    assert extract(wave).design["weight"].to_dict() == {"F1": 20.0}


def test_the_weight_of_an_imported_wave_is_taken_as_given(db):
    wave = make_door_wave(origin=Wave.Origin.IMPORTED)
    stratum = make_stratum(wave, population=None)
    respond(make_case(wave, stratum, "F1", design_weight=2.5))
    make_case(wave, stratum, "F2", design_weight=2.5)

    design = extract(wave).design

    assert design["weight"].tolist() == [2.5]
    assert design["population"].isna().all()


def test_firms_drawn_in_clusters_keep_theirs_and_others_are_their_own(wave):
    stratum = make_stratum(wave)
    respond(make_case(wave, stratum, "F1", cluster="block 7"))
    respond(make_case(wave, stratum, "F2"))

    assert extract(wave).design["cluster"].tolist() == ["block 7", "F2"]


def test_a_wave_without_responses_is_an_empty_data_set_with_its_codebook(wave):
    found = extract(wave)

    assert (len(found.frame), len(found.design)) == (0, 0)
    assert [column.name for column in found.columns] == ["control.employment", "control.industry"]


def test_where_the_data_are_from_goes_with_them(wave):
    respond(make_case(wave, make_stratum(wave), "F1"))
    wave.made_data = True

    provenance = extract(wave).provenance

    assert provenance["made_data"] is True
    assert (provenance["survey"], provenance["wave"]) == ("knowledge", "2025")
    assert (provenance["n_sampled"], provenance["n_responding"]) == (1, 1)


@pytest.mark.parametrize("firms", [1, 30])
def test_an_extract_takes_the_same_few_queries_for_one_firm_as_for_thirty(wave, firms):
    stratum = make_stratum(wave, region="north")
    for number in range(firms):
        respond(make_case(wave, stratum, f"F{number}"))
    fresh = Wave.objects.get(pk=wave.pk)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        extract(fresh)

    assert len(queries) <= 8
