"""Weights of a wave in versions: as the pure rooms and R have them, kept and published."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from mathematics.refusals import Refusal
from surveys.actions import closing, weighting
from surveys.models import AuditEvent, Case, CaseWeight, Survey, User, Wave, Weighting
from surveys.queries.weighting import pending, replicates_of
from tests.factories import NOON, make_stratum, make_wave
from tests.weighting.schools import BASE, RESPONDED, STYPE, TYPES, WIDE, weights_by_r

RAKED = {
    "nonresponse": {"method": "classes", "variables": ["size_class"]},
    "calibration": {
        "margins": ["size_class", {"variable": "region", "totals": {"No": 1072, "Yes": 5122}}]
    },
}


@pytest.fixture(autouse=True)
def files_apart(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def schools(survey: Survey) -> Wave:
    """The 200 schools of R's apistrat as a closed wave, strata by type and growth."""
    wave = make_wave(survey, state="closed", closed_at=NOON, frozen_at=NOON)
    # How a type's population divides over its two strata does not matter: sums are compared.
    strata = {
        f"{kind} {wide}": make_stratum(
            wave, f"{kind} {wide}", size_class=kind, region=wide, population=number
        )
        for kind, total in TYPES.items()
        for wide, number in (("No", 200), ("Yes", int(total) - 200))
    }
    Case.objects.bulk_create(
        Case(
            wave=wave,
            stratum=strata[f"{STYPE[number]} {WIDE[number]}"],
            pseudonym=f"S{number:03}",
            design_weight=BASE[number],
            disposition="complete" if RESPONDED[number] else "non_contact",
        )
        for number in range(len(BASE))
    )
    return wave


def final(made: Weighting) -> list[float]:
    rows = CaseWeight.objects.filter(weighting=made).order_by("case__pseudonym")
    return list(rows.values_list("weight", flat=True))


def test_a_wave_gets_the_weights_that_r_gives_it(schools: Wave, ada: User) -> None:
    made = weighting.weigh(wave=schools, recipe=RAKED, by=ada, at=NOON)

    assert final(made) == pytest.approx(weights_by_r("rake"), rel=1e-8)
    assert made.number == 1
    assert not made.is_published
    first = CaseWeight.objects.select_related("case").get(case__pseudonym="S000")
    product = first.case.design_weight * np.prod(list(first.factors.values()))
    assert product == pytest.approx(first.weight)
    assert AuditEvent.objects.get().detail["number"] == 1


def test_the_recipe_and_the_weights_make_the_fingerprint(schools: Wave, ada: User) -> None:
    first = weighting.weigh(wave=schools, recipe=RAKED, by=ada, at=NOON)
    again = weighting.weigh(wave=schools, recipe=RAKED, by=ada, at=NOON)
    Case.objects.filter(pseudonym="S000").update(disposition="refusal")
    other = weighting.weigh(wave=schools, recipe=RAKED, by=ada, at=NOON)

    assert [first.number, again.number, other.number] == [1, 2, 3]
    assert first.fingerprint == again.fingerprint != other.fingerprint


def test_one_version_is_published_and_the_others_are_kept(schools: Wave, ada: User) -> None:
    first = weighting.weigh(wave=schools, recipe=RAKED, by=ada, at=NOON)
    second = weighting.weigh(wave=schools, recipe={}, by=ada, at=NOON)

    weighting.publish(weighting=first, by=ada, at=NOON)
    weighting.publish(weighting=second, by=ada, at=NOON)

    assert dict(Weighting.objects.values_list("number", "is_published")) == {1: False, 2: True}


def test_replicates_are_kept_with_the_weights(schools: Wave, ada: User) -> None:
    recipe = RAKED | {"replicates": {"method": "bootstrap", "count": 20, "seed": 7}}
    made = weighting.weigh(wave=schools, recipe=recipe, by=ada, at=NOON)

    names, weights, about = replicates_of(made)

    assert names == [f"S{number:03}" for number in range(len(BASE))]
    assert weights.shape == (200, 20)
    assert about["method"] == "bootstrap"
    assert len(about["rscales"]) == 20


def test_an_open_wave_is_not_weighted(schools: Wave, ada: User) -> None:
    Wave.objects.update(frozen_at=None, state="draft")

    with pytest.raises(weighting.NotWeighable, match="not closed"):
        weighting.weigh(wave=schools, recipe={}, by=ada, at=NOON)


def test_a_reopened_case_holds_the_weights_up(schools: Wave, ada: User) -> None:
    closing.reopen_case(case=schools.cases.first(), reason="Wrong figure", by=ada, at=NOON)

    with pytest.raises(weighting.NotWeighable, match="reopened"):
        weighting.weigh(wave=schools, recipe={}, by=ada, at=NOON)


def test_a_request_is_carried_out_once(schools: Wave, ada: User) -> None:
    asked = weighting.ask_for_weights(wave=schools, recipe=RAKED, by=ada, at=NOON)
    waiting = pending(schools)
    assert waiting is not None
    assert waiting.state == "waiting"

    weighting.carry_out_request(request=asked.pk, at=NOON)
    weighting.carry_out_request(request=asked.pk, at=NOON)

    assert Weighting.objects.get().made_by == ada
    assert pending(schools) is None


def test_a_refusal_is_kept_as_a_sentence(schools: Wave, ada: User) -> None:
    recipe = {"calibration": {"margins": [{"variable": "region", "totals": {"No": 5}}]}}
    asked = weighting.ask_for_weights(wave=schools, recipe=recipe, by=ada, at=NOON)

    weighting.carry_out_request(request=asked.pk, at=NOON)

    told = pending(schools)
    assert told is not None
    assert told.state == "refused"
    assert "region" in told.message
    assert told.recipe == recipe
    assert not Weighting.objects.exists()


def test_a_recipe_that_cannot_be_meant_is_refused_at_once(schools: Wave, ada: User) -> None:
    with pytest.raises(Refusal, match="no part colour"):
        weighting.ask_for_weights(wave=schools, recipe={"colour": 1}, by=ada, at=NOON)

    assert not AuditEvent.objects.exists()


def test_the_command_weights_and_publishes(
    schools: Wave, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text("nonresponse: {method: classes, variables: [size_class]}\n")
    named = ["--survey", "knowledge", "--wave", "2025", "--recipe", str(recipe)]

    call_command("weight_wave", *named, "--publish")

    told = json.loads(capsys.readouterr().out)
    assert told["published"]
    assert told["report"]["cases"]["respondents"] == int(RESPONDED.sum())
    assert final(Weighting.objects.get()) == pytest.approx(weights_by_r("classes"), rel=1e-8)
    recipe.write_text("nonresponse: {variables: [colour]}\n")
    with pytest.raises(CommandError, match="colour"):
        call_command("weight_wave", *named)


def test_cases_that_change_while_the_weights_are_made_are_not_weighted_as_they_were(
    schools: Wave, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry_out = weighting.carry_out

    def meanwhile(*arguments: Any) -> Any:
        Case.objects.filter(pseudonym="S000").update(disposition="refusal")
        return carry_out(*arguments)

    monkeypatch.setattr(weighting, "carry_out", meanwhile)

    with pytest.raises(weighting.NotWeighable, match="changed while"):
        weighting.weigh(wave=schools, recipe={}, by=ada, at=NOON)
    assert not Weighting.objects.exists()
