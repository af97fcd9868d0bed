"""A closed wave of forty made firms, small enough for a test and enough for a regression."""

from datetime import timedelta

from analysis import actions
from analysis.models import PlanVersion
from surveys import questionnaire
from surveys.models import Wave
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
instrument: two-questions
version: "1"
title: Two questions
sections:
  - name: firm
    title: Your firm
    minutes: 1
    pages:
      - name: firm
        title: Your firm
        items:
          - name: new_good
            kind: single_choice
            label: Did you introduce a new good?
            codes: [{value: "yes", label: "Yes"}, {value: "no", label: "No"}]
            bind: {construct: innovation.product, at: {kind: good}, values: {yes: 1, no: 0}}
          - name: persons
            kind: number
            label: How many persons work here?
            minimum: 1
            maximum: 1000000
            bind: {construct: control.employment}
"""
PLAN = """
title: Size and new goods
models:
  - name: Size
    outcome: innovation.product[good]
    estimator: logit
    formula: ln_employment
    covariance: HC1
    design: {weights: none, strata: none, clusters: none, population: none}
"""


def make_answered_wave(slug: str = "2025", *, firms: int = 40, industries: int = 1) -> Wave:
    """Larger firms more often have a new good, but not always, so that a logit has a fit.

    Firms lie in as many strata as there are industries, one after the other.
    """
    compiled = questionnaire.compile_text(QUESTIONS)
    instrument = make_instrument(dict(compiled.document), fingerprint=compiled.fingerprint)
    wave = make_wave(make_survey(), slug, instrument=instrument, state=Wave.State.CLOSED)
    drawn = firms // industries
    strata = [
        make_stratum(
            wave, f"industry {each}", industry=f"{each}", population=10 * drawn, drawn=drawn
        )
        for each in range(industries)
    ]
    for number in range(firms):
        case = make_case(wave, strata[number % industries], f"F{number:04d}")
        is_new = number % 7 in {0, 3} or number > firms * 0.6
        answers = {"new_good": "yes" if is_new else "no", "persons": 5 + 7 * number}
        make_response(
            case,
            answers,
            page_revisions={"firm": 1},
            revision=1,
            submitted_at=NOON + timedelta(minutes=number),
            reference=f"R{number:04d}",
        )
    return wave


def make_plan_version(wave: Wave, source: str = PLAN, slug: str = "size") -> PlanVersion:
    return actions.write_plan(wave=wave, slug=slug, source=source, by=None, at=NOON)
