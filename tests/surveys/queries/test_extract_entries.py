"""Entries of rosters that leave a wave: what was said of each, and under which key."""

import math

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analysis import extracts
from surveys import questionnaire
from surveys.models import Instrument, Response, Wave
from surveys.queries.extracts import extract
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

QUESTIONS = """
instrument: partners
version: "1"
title: Partners
sections:
  - name: partners
    title: Partners
    minutes: 1
    pages:
      - name: asked
        title: Partners
        items:
          - name: has_any
            kind: single_choice
            label: Have you any partners?
            codes: [{value: "yes", label: "Yes"}, {value: "no", label: "No"}]
      - name: ties
        title: Partners
        when: has_any = 'yes'
        items:
          - name: ties
            kind: roster
            label: Which partners have you?
            thing: partner
            things: partners
            most: 5
            bind:
              - {construct: networking.partners, at: {partner: $type, scale: $place}}
              - {construct: tie.social, at: {scale: $place}, facet: social}
            pages:
              - title: Who
                items:
                  - {name: name, kind: text, label: Name of the partner, max_length: 80}
                  - name: type
                    kind: single_choice
                    label: What is this partner?
                    codes: [{value: suppliers, label: Supplier}, {value: group, label: Group}]
                    missing: [dont_know]
                  - name: place
                    kind: single_choice
                    label: Where is this partner?
                    codes: [{value: local, label: Near}, {value: global, label: Far}]
                  - {name: social, kind: scale, label: How near?, minimum: 0, maximum: 4,
                     points: {0: Not at all, 4: Fully}}
"""
NEAR = {"entry": "aa01", "name": "Secret Ltd", "type": "suppliers", "place": "local", "social": 3}
FAR = {"entry": "aa02", "name": "Other", "type": {"missing": "dont_know"}, "place": "global"}


@pytest.fixture
def survey(db):
    return make_survey()


def make_partner_wave(survey, slug, year, **fields):
    compiled = questionnaire.compile_text(QUESTIONS)
    instrument = Instrument.objects.first() or make_instrument(
        dict(compiled.document), fingerprint=compiled.fingerprint
    )
    return make_wave(
        survey, slug, instrument=instrument, state=Wave.State.CLOSED, reference_last_year=year,
        **fields,
    )  # fmt: skip


def respond(case, answers):
    make_response(
        case, answers, page_revisions={}, revision=1, submitted_at=NOON, reference=case.pseudonym
    )


@pytest.fixture
def wave(survey):
    made = make_partner_wave(survey, "2025", 2025)
    stratum = make_stratum(made)
    respond(make_case(made, stratum, "F2"), {"has_any": "yes", "ties": [NEAR, FAR]})
    respond(make_case(made, stratum, "F1"), {"has_any": "yes", "ties": []})
    respond(make_case(made, stratum, "F3"), {"has_any": "no", "ties": [NEAR]})
    return made


def test_an_entry_is_a_row_of_what_it_says_of_constructs_and_names_nobody(wave):
    (found,) = extract(wave).entries

    assert found.frame.index.tolist() == ["F2", "F2"]
    assert list(found.frame.columns) == [
        "unit", "wave", "entry", "networking.partners[partner]", "networking.partners[scale]",
        "tie.social",
    ]  # fmt: skip
    assert found.frame.iloc[0].tolist() == ["2025/F2", "2025", "aa01", "suppliers", "local", 3.0]
    assert "Secret" not in found.frame.to_csv()


def test_what_an_entry_leaves_open_is_missing(wave):
    (found,) = extract(wave).entries

    _, _, _, kind, place, social = found.frame.iloc[1]

    assert (kind, place, math.isnan(social)) == (None, "global", True)


def test_only_firms_on_whose_route_the_roster_lay_were_asked(wave):
    found = extract(wave)
    counted = found.frame["networking.partners[suppliers,local]"].dropna()

    assert found.entries[0].firms == ("F1", "F2")
    assert found.entries[0].firms == tuple(counted.index)


def test_a_firm_goes_by_the_wave_that_first_had_it(survey):
    frame = make_frame(survey)
    for slug, year, pseudonym in (("2025", 2025, "B7"), ("2023", 2023, "A1")):
        made = make_partner_wave(survey, slug, year, frame=frame)
        case = make_case(
            made, make_stratum(made), pseudonym,
            unit=frame.units.filter(register_id="R-1").first() or make_unit(frame),
        )  # fmt: skip
        respond(case, {"has_any": "yes", "ties": [NEAR]})

    (found,) = extract(Wave.objects.get(slug="2025")).entries

    assert found.units == ("2023/A1",)
    assert found.frame["unit"].tolist() == ["2023/A1"]


@pytest.mark.parametrize("firms", [1, 3])
def test_entries_take_as_many_queries_however_many_firms(survey, firms):
    made = make_partner_wave(survey, "2025", 2025)
    stratum = make_stratum(made)
    for number in range(firms):
        respond(make_case(made, stratum, f"F{number}"), {"has_any": "yes", "ties": [NEAR]})
    with CaptureQueriesContext(connection) as queries:
        extract(made)

    assert len(queries) == 8


def test_the_data_set_has_the_rosters_and_another_entry_is_another_fingerprint(wave):
    dataset, before = extracts.dataset(wave), extracts.extract_fingerprint(wave)
    answers = {"has_any": "yes", "ties": [NEAR, FAR | {"place": "local"}]}

    assert dataset.rosters[0].name == "ties"
    assert dataset.rosters[0].entries.equals(extract(wave).entries[0].frame)
    Response.objects.filter(case__pseudonym="F2").update(answers=answers)
    assert extracts.extract_fingerprint(Wave.objects.get(pk=wave.pk)) != before


def test_a_key_of_an_entry_is_part_of_the_fingerprint(wave):
    before = extracts.extract_fingerprint(wave)

    answers = {"has_any": "yes", "ties": [NEAR | {"entry": "zz99"}, FAR]}
    Response.objects.filter(case__pseudonym="F2").update(answers=answers)

    assert extracts.extract_fingerprint(Wave.objects.get(pk=wave.pk)) != before
