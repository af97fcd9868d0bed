"""Power studies: worked out in parts that count once, by page, worker and command."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from analysis import actions
from analysis.models import PowerStudy
from analysis.refusals import Refusal
from tests.factories import NOON, make_stratum, make_wave

pytestmark = pytest.mark.django_db
ASSUMED = {
    "outcome_rate": 0.4,
    "exposure_share": 0.3,
    "odds_ratio": 1.7,
    "response_rate": 0.6,
    "level": 0.05,
}
STRATA = [("a", 800, 250), ("b", 200, 150)]


@pytest.fixture
def wave(survey):
    wave = make_wave(survey)
    for label, population, drawn in STRATA:
        make_stratum(wave, label, population=population, drawn=drawn)
    return wave


def asked(wave, replications=60, **changed) -> PowerStudy:
    return actions.ask_for_power(
        wave=wave, strata=STRATA, assumptions=ASSUMED | changed, replications=replications,
        seed=7, by=None, at=NOON,
    )  # fmt: skip


def test_parts_add_up_to_what_is_worked_out_at_once(wave):
    study = asked(wave)

    actions.carry_on_power(study.pk)

    study.refresh_from_db()
    at_once = actions.worked_out_power(STRATA, ASSUMED, seed=7, replications=60)
    assert (study.state, study.progress_done) == ("done", 60)
    assert study.result["power"] == at_once["power"]
    assert study.result["odds_ratio"] == pytest.approx(at_once["odds_ratio"])


def test_a_part_that_another_worker_added_is_not_added_again(wave, monkeypatch):
    study = asked(wave)
    simulate = actions.power.simulate

    def overtaken(plan, **more):
        PowerStudy.objects.filter(pk=study.pk).update(progress_done=25)
        return simulate(plan, **more)

    monkeypatch.setattr(actions.power, "simulate", overtaken)
    actions.carry_on_power(study.pk)

    study.refresh_from_db()
    assert (study.progress_done, study.tally) == (25, {})


@pytest.mark.parametrize("changed", [{"odds_ratio": 0}, {"outcome_rate": 1}, {"level": 1}])
def test_what_cannot_be_is_refused_before_a_worker_sees_it(wave, changed):
    with pytest.raises(Refusal):
        asked(wave, **changed)
    assert not PowerStudy.objects.exists()


def test_studies_that_no_worker_told_of_are_swept(wave):
    study = asked(wave)

    assert actions.unheard_power() == [study.pk]
    PowerStudy.objects.update(state="done")
    assert actions.unheard_power() == []


def test_the_page_asks_and_tells(client, ada, wave):
    client.force_login(ada)
    address = reverse("analysis:power", args=[wave.survey.slug, wave.slug])
    fields = {
        "outcome_rate": "40", "exposure_share": "30", "odds_ratio": "1.7", "response_rate": "60",
        "level": "5", "replications": "100",
    }  # fmt: skip

    wrong = client.post(address, fields | {"outcome_rate": "140"})
    assert wrong.status_code == 422
    assert "per cent" in wrong.content.decode()
    assert client.post(address, fields).status_code == 302
    assert "0 of 100" in client.get(address).content.decode()
    actions.carry_on_power(PowerStudy.objects.get().pk)
    assert "100 surveys made" in client.get(address).content.decode()


def test_a_study_is_cancelled_on_its_page_and_its_worker_adds_no_more(
    client, ada, ben, wave, monkeypatch
):
    study = asked(wave)
    address = reverse("analysis:cancel_power", args=[wave.survey.slug, wave.slug, study.pk])
    client.force_login(ben)
    assert client.post(address).status_code == 403
    client.force_login(ada)
    simulate = actions.power.simulate

    def cancelled_meanwhile(plan, **more):
        if more["replications"].start:
            client.post(address)
        return simulate(plan, **more)

    monkeypatch.setattr(actions.power, "simulate", cancelled_meanwhile)
    actions.carry_on_power(study.pk)

    study.refresh_from_db()
    assert (study.state, study.progress_done, study.result) == ("cancelled", 25, {})
    page = reverse("analysis:power", args=[wave.survey.slug, wave.slug])
    assert "cancelled after 25 of 60" in client.get(page).content.decode()
    assert "was over before" in client.post(address, follow=True).content.decode()


def test_a_study_of_another_wave_is_not_cancelled(client, ada, survey, wave):
    study = asked(make_wave(survey, "other"))
    client.force_login(ada)

    client.post(reverse("analysis:cancel_power", args=[survey.slug, wave.slug, study.pk]))

    study.refresh_from_db()
    assert study.state == "running"


def test_a_wave_without_strata_says_so_and_others_see_nothing(client, ada, ben, eve, survey):
    empty = make_wave(survey, "empty")
    address = reverse("analysis:power", args=[survey.slug, empty.slug])
    seen = {}
    for person in (ada, ben, eve):
        client.force_login(person)
        seen[person.username] = client.get(address)

    assert "Plan the sample first" in seen["ada"].content.decode()
    assert [seen[name].status_code for name in ("ben", "eve")] == [403, 404]


def test_the_command_tells_the_power_as_json(wave, capsys):
    named = ["--survey", wave.survey.slug, "--wave", wave.slug]
    assumed = ["--outcome-rate", "0.4", "--exposure-share", "0.3", "--response-rate", "0.6"]

    call_command("plan_power", *named, *assumed, "--odds-ratio", "1.7", "--replications", "40")
    told = json.loads(capsys.readouterr().out)

    assert (told["strata"], told["drawn"]) == (2, 400)
    assert 0 < told["power"] < 1
    with pytest.raises(CommandError, match="odds ratio must be positive"):
        call_command("plan_power", *named, *assumed, "--odds-ratio", "-1")
