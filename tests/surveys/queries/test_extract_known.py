"""Answers to questions that a firm was asked because of the frame, or of the wave before."""

from typing import Any

import pytest

from surveys import questionnaire
from surveys.models import Case, Response, Wave
from surveys.queries.extracts import extract
from tests.factories import (
    NOON,
    make_case,
    make_frame,
    make_instrument,
    make_stratum,
    make_survey,
    make_unit,
    make_wave,
)

pytestmark = pytest.mark.django_db

TEXT = """
instrument: panel
version: "1"
title: Panel
sections:
  - name: firm
    title: Your firm
    pages:
      - name: size
        title: Size
        items:
          - name: persons
            kind: number
            label: Persons employed
            bind: {construct: control.employment}
      - name: large
        title: Larger firms
        when: frame.employees >= 50
        items:
          - name: founded
            kind: year
            label: Year of founding
            bind: {construct: control.start_year}
      - name: again
        title: Once more
        when: last.persons > 5
        items:
          - name: mobile
            kind: share
            label: Staff with a degree
            bind: {construct: control.graduate_share}
"""
ANSWERS: dict[str, Any] = {"persons": 60, "founded": 1990, "mobile": 12}


def wave_of(survey: Any, text: str, slug: str) -> Wave:
    definition = questionnaire.compile_text(text)
    instrument = make_instrument(
        dict(definition.document),
        fingerprint=definition.fingerprint,
        name=definition.name,
        version=definition.version,
    )
    return make_wave(survey, slug, instrument=instrument, state=Wave.State.CLOSED)


def answered(wave: Wave, employees: int | None) -> Case:
    unit = make_unit(make_frame(wave.survey), size_class="50-249", employees=employees)
    case = make_case(wave, make_stratum(wave), "F1", unit=unit)
    Response.objects.create(
        case=case, answers=ANSWERS, begun_at=NOON, submitted_at=NOON,
        reference=f"R-{wave.slug}", page_revisions={"size": 1}, revision=1,
    )  # fmt: skip
    return case


def test_what_the_frame_tells_brings_questions_onto_the_route() -> None:
    survey = make_survey()
    large, unknown = (wave_of(survey, TEXT.replace('"1"', f'"{n}"'), str(n)) for n in (1, 2))
    answered(large, 60)
    answered(unknown, None)

    assert extract(large).frame.loc["F1", "control.start_year"] == 1990
    assert extract(unknown).frame.loc["F1"].isna()["control.start_year"]


def test_what_the_wave_before_tells_brings_questions_onto_the_route() -> None:
    survey = make_survey()
    old, new = (wave_of(survey, TEXT.replace('"1"', f'"{n}"'), str(n)) for n in (1, 2))
    new.previous = old
    new.save()
    answered(old, 60)
    answered(new, 60)

    assert extract(new).frame.loc["F1", "control.graduate_share"] == 12
    assert extract(old).frame.loc["F1"].isna()["control.graduate_share"]
