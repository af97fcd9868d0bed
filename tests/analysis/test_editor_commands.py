"""Whatever the editor's page shows of names and trials is a command, too."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from analysis.models import Codebook
from tests.analysis.answered import PLAN, make_answered_wave


@pytest.fixture
def wave(db):
    return make_answered_wave()


def said(*arguments: object) -> str:
    out = StringIO()
    call_command(*(str(each) for each in arguments), stdout=out)
    return out.getvalue()


def test_names_are_described_as_on_the_page_and_kept(wave):
    told = json.loads(said("describe_measures", wave.survey.slug, wave.slug, "--json"))
    product = next(each for each in told["measures"] if each["name"] == "product")

    assert told["firms"] == 40
    assert dict(product["bars"]).keys() == {"no", "yes"}
    assert told["measures"] == Codebook.objects.get(wave=wave).lines


def test_one_name_is_described_in_words(wave):
    told = said("describe_measures", wave.survey.slug, wave.slug, "--name", "product")

    assert told.startswith("1 names of 40 firms")
    assert "  product  (" in told
    assert "yes: " in told


def test_a_name_that_is_not_there_is_told(wave):
    with pytest.raises(CommandError, match="no name 'nothing'"):
        said("describe_measures", wave.survey.slug, wave.slug, "--name", "nothing")
    with pytest.raises(CommandError):
        said("describe_measures", "nowhere", wave.slug)


def test_a_plan_is_tried(wave, tmp_path: Path):
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN)
    where = ("--survey", wave.survey.slug, "--wave", wave.slug)

    told = json.loads(said("dry_run_plan", plan, *where, "--firms", 30, "--seed", 4, "--json"))

    assert (told["firms"], told["of"], told["seed"]) == (30, 40, 4)
    assert told["models"][0]["converged"] == (told["models"][0]["refusal"] is None)
    assert "no finding" in said("dry_run_plan", plan, *where)


@pytest.mark.parametrize(
    ("text", "words"),
    [("title: [1", "cannot be read"), (PLAN.replace("logit", "lgit"), "estimator is 'lgit'")],
)
def test_what_is_no_plan_is_told(wave, tmp_path: Path, text, words):
    plan = tmp_path / "plan.yaml"
    plan.write_text(text)

    with pytest.raises(CommandError, match=words):
        said("dry_run_plan", plan, "--survey", wave.survey.slug, "--wave", wave.slug)
