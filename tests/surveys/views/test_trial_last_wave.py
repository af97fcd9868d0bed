"""Last wave's answers in a trial: made up or taken from a trial, then shown, filled in, confirmed."""

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.urls import reverse

from surveys.actions import drafts
from surveys.questionnaire import read_document
from tests.factories import NOON
from tests.surveys.panel_roster import text_of as roster_text
from tests.surveys.views.page_texts import text_of
from tests.surveys.views.test_prior import ANSWERS, TEXT

pytestmark = pytest.mark.django_db


@pytest.fixture
def trial_of(client, survey, ada):
    """Get or send a page of a trial of the text, by the name of its address and the rest of it."""

    def begin(text: str):
        client.force_login(ada)
        draft = drafts.create(survey=survey, document=read_document(text), by=ada, at=NOON)

        def send(to: str, *place: object, sent: dict | None = None, follow: bool = False):
            name = to if to.endswith("_trial") or to == "try_draft" else f"trial_{to}"
            address = reverse(f"surveys:{name}", args=[survey.slug, draft.slug, *place])
            if sent is None:
                return client.get(address, follow=follow)
            return client.post(address, sent, follow=follow)

        return send

    return begin


@pytest.fixture
def trial(trial_of):
    """A trial whose firm gave the answers last wave."""
    trial = trial_of(TEXT)
    trial("page", "size", sent=ANSWERS)
    trial("last_wave", sent={"last": "take"})
    return trial


def flags(trial) -> dict[str, str]:
    return {line["name"]: line["flag"] for line in trial("try_draft").context["lines"]}


def test_the_answers_of_a_trial_come_back_as_each_question_says(trial):
    page = trial("page", "size")
    said = text_of(page)

    assert "You told us in March 2023: 34 persons" in said
    assert "Size; then 34 persons" in said
    assert page.context["form"].initial["filled"] == "2"
    assert not page.context["form"].initial.get("asked")
    assert page.context["form"].priors["asked"].asks
    assert "secret" not in page.context["form"].priors


def test_what_becomes_of_them_is_told_by_variable(trial):
    trial("page", "size", sent={"shown": "30", "filled": "2", "_still-asked": "yes"})

    assert flags(trial) == {
        "shown": "changed",
        "filled": "left as filled in",
        "asked": "confirmed",
        "secret": "",
        "recoded": "",
    }
    shown = {line["name"]: line["answer"] for line in trial("try_draft").context["lines"]}
    assert shown["asked"] == "7"


def test_an_answer_confirmed_and_given_anew_is_a_contradiction(trial):
    both = trial("page", "size", sent={"asked": "8", "_still-asked": "yes"})

    assert both.status_code == 422
    assert "Keep only one of the two." in text_of(both)


def test_an_edit_against_last_waves_answer_speaks_once(trial):
    asked = trial("page", "size", sent={"shown": "3"})
    marks = [each["mark"] for each in asked.context["questions"]]
    kept = trial("page", "size", sent={"shown": "3", "_asked": marks})

    assert "You told us of 34 persons last time." in text_of(asked)
    assert kept.status_code == 302
    assert trial("page", "size", sent={"shown": "3"}).status_code == 302


def test_made_answers_of_last_wave_are_listed_and_can_be_made_anew_or_dropped(trial_of):
    def rows() -> dict[str, int]:
        models = (model for model in apps.get_models() if model is not Session)
        return {model.__name__: model._default_manager.count() for model in models}

    trial = trial_of(TEXT)
    before = rows()
    made = trial("last_wave", sent={"last": "make"}, follow=True)
    dropped = trial("last_wave", sent={"last": "drop"}, follow=True)

    assert [line["name"] for line in made.context["told"]] == list(ANSWERS)
    assert made.context["told"][0]["mode"] == "shown beside the question"
    assert not dropped.context["told"]
    assert not trial("page", "size").context["form"].priors
    assert rows() == before


def test_beginning_anew_leaves_the_firm_its_last_wave(trial):
    trial("page", "size", sent={"shown": "30"})
    trial("reset_trial", sent={})

    assert trial("try_draft").context["lines"] == []
    assert "34 persons" in text_of(trial("page", "size"))


def test_a_draft_that_shows_nothing_of_last_wave_says_so(trial_of):
    text = TEXT[: TEXT.index("      - name: size")] + (
        "      - {name: p, title: P, items: [{name: a, kind: number, label: A}]}\n"
    )

    said = text_of(trial_of(text)("try_draft"))

    assert "No question of this draft shows last wave’s answers" in said


@pytest.fixture
def listed(trial_of):
    """Begin a trial whose firm listed Sintra and Lund last wave, which now come back that way."""

    def begin(mode: str):
        trial = trial_of(roster_text(mode))
        for key, name, since in (("sint2345", "Sintra", "2014"), ("lund2345", "Lund", "")):
            trial("entry", "ties", key, 1, sent={"ties.name": name, "ties.type": "firm"})
            trial("entry", "ties", key, 2, sent={"ties.since": since})
        trial("page", "ties", sent={})
        trial("last_wave", sent={"last": "take"})
        return trial

    return begin


def names(answer) -> list[str]:
    return [each["name"] for each in answer.context["entries"]]


def test_entries_of_last_wave_are_confirmed_taken_out_and_taken_back(listed):
    trial = listed("confirmed")
    shown = trial("page", "ties")
    held = trial("page", "ties", sent={})
    still = trial("page", "ties", sent={"_still": "sint2345"}, follow=True)
    gone = trial("remove", "ties", "lund2345", sent={}, follow=True)
    closed = trial("page", "ties", sent={})
    trial("page", "ties", sent={"_back": "lund2345"})
    again = trial("page", "ties")

    assert names(shown) == ["Sintra", "Lund"]
    assert [each["asks"] for each in shown.context["entries"]] == [True, True]
    assert held.status_code == 422
    assert "Say of “Sintra” whether it is still right" in text_of(held)
    assert still.context["entries"][0]["tag"] == "Still right"
    assert gone.context["gone"] == [{"key": "lund2345", "name": "Lund"}]
    assert closed.status_code == 302
    assert names(again) == ["Sintra", "Lund"]


def test_an_entry_is_settled_when_all_of_its_steps_were_saved(listed):
    trial = listed("confirmed")
    trial("entry", "ties", "sint2345", 1, sent={"ties.name": "Sintra", "ties.type": "university"})
    half = trial("page", "ties").context["entries"]
    trial("entry", "ties", "sint2345", 2, sent={"ties.since": "2014"})
    whole = trial("page", "ties").context["entries"]

    assert [each["asks"] for each in half] == [True, True]
    assert [each["asks"] for each in whole] == [False, True]
    assert whole[0]["tag"] == "Changed"


def test_entries_that_are_only_shown_are_taken_up_again(listed):
    trial = listed("shown")
    shown = trial("page", "ties")
    step = trial("entry", "ties", "lund2345", 1)

    assert names(shown) == []
    assert [each["name"] for each in shown.context["waiting"]] == ["Sintra", "Lund"]
    assert step.context["form"].initial["ties.name"] == "Lund"


@pytest.mark.parametrize("mode", ["shown", "prefilled", "confirmed"])
def test_made_answers_finish_a_list_of_last_wave(listed, mode):
    trial = listed(mode)

    assert trial("fill_in_trial", sent={}, follow=True).context["can_submit"]
