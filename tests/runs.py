"""A wave of any size with enough variables for runs that keep workers busy."""

from datetime import timedelta
from typing import Any

import numpy as np

from analysis import extracts, pipeline
from analysis.disclosure.rules import DisclosurePolicy
from analysis.models import Run
from analysis.specification.plan import read_plan
from surveys import questionnaire
from surveys.models import Instrument, Survey, Wave
from tests.factories import (
    NOON,
    make_case,
    make_instrument,
    make_response,
    make_stratum,
    make_wave,
)

CONSTRUCTS = {
    "persons": "control.employment",
    "age": "control.age",
    "foreign": "control.foreign_share",
    "exports": "control.export_share",
    "graduates": "control.graduate_share",
}
QUESTIONS = """
instrument: numbers
version: "1"
title: Numbers
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
""" + "".join(
    f"          - {{name: {name}, kind: number, label: 'How much: {name}?', minimum: 0, "
    f"maximum: 1000000, bind: {{construct: {construct}}}}}\n"
    for name, construct in CONSTRUCTS.items()
)
DEFINITIONS = "define:\n  age: control.age\n" + "".join(
    f"  x{number}: {construct} > {bound}\n"
    for number, (construct, bound) in enumerate(
        (
            (construct, bound)
            for bound in (15, 30, 45, 60)
            for construct in [*CONSTRUCTS.values()][1:]
        ),
        start=1,
    )
)
OUTCOME = "'innovation.product[good]'"
LADDER = f"""
title: Ladder
estimator: logit
{DEFINITIONS}ladder:
  outcome: {OUTCOME}
  steps:
    - {{name: Size, add: ln_employment}}
    - {{name: One, add: x1}}
    - {{name: Two, add: x2}}
    - {{name: Three, add: x3}}
    - {{name: Four, add: x4}}
    - {{name: Five, add: x5}}
"""


def curve_plan(*, seed: int = 1, optional: int = 8) -> str:
    """Two measures, and 2 to the power of `optional`: 512 logits."""
    terms = ", ".join(f"x{number}" for number in range(3, 3 + optional))
    return (
        f"title: Curve {seed}\n{DEFINITIONS}  seen: control.employment * {seed}\n"
        f"curve:\n  outcomes: [{OUTCOME}]\n  measures: [x1, x2]\n  optional: [{terms}]\n"
        f"  controls: {{size: log(seen)}}\n"
    )


def bootstrap_plan(*, seed: int = 1, replicates: int = 1000) -> str:
    covariates = " + ".join(f"x{number}" for number in range(1, 17))
    return (
        f"title: Bootstrap {seed}\n{DEFINITIONS}models:\n  - name: All\n    outcome: {OUTCOME}\n"
        f"    formula: ln_employment + age + control.foreign_share + control.export_share + "
        f"{covariates}\n    bootstrap: {{replicates: {replicates}, seed: {seed}}}\n"
    )


def make_wave_of(firms: int, slug: str, *, industries: int = 10) -> Wave:
    """A closed wave of so many made firms in strata of equal size."""
    survey, _ = Survey.objects.get_or_create(slug="runs", defaults={"title": "Runs"})
    compiled = questionnaire.compile_text(QUESTIONS)
    instrument = Instrument.objects.filter(fingerprint=compiled.fingerprint).first() or (
        make_instrument(dict(compiled.document), fingerprint=compiled.fingerprint)
    )
    wave = make_wave(survey, slug, instrument=instrument, state=Wave.State.CLOSED)
    drawn = firms // industries
    strata = [
        make_stratum(wave, f"industry {each}", industry=f"{each}", population=5 * drawn,
                     drawn=drawn)
        for each in range(industries)
    ]  # fmt: skip
    random = np.random.default_rng(firms)
    numbers = random.integers(0, 100, (firms, len(CONSTRUCTS)))
    is_new = random.random(firms) < 0.3 + 0.004 * numbers[:, 1]
    for number in range(firms):
        case = make_case(wave, strata[number % industries], f"{slug}-{number:05d}")
        answers = dict(zip(CONSTRUCTS, (int(each) for each in numbers[number]), strict=True))
        answers["persons"] += 5
        make_response(
            case,
            {"new_good": "yes" if is_new[number] else "no", **answers},
            page_revisions={"firm": 1},
            revision=1,
            submitted_at=NOON + timedelta(seconds=number),
            reference=f"R{slug}{number:05d}",
        )
    return wave


def undisturbed(run: Run) -> dict[str, Any]:
    """What the run gives in a process that nobody kills, under the same rules for output."""
    plan = read_plan(run.plan_version.source)
    return pipeline.run(
        extracts.dataset(run.plan_version.plan.wave),
        plan,
        fingerprint=run.fingerprint,
        policy=DisclosurePolicy.from_document(run.output_rules["policy"]),
    ).estimates_document
