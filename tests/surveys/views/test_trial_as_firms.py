"""A trial plays what a firm would see: numbers that lapse, codes that go, lists, the frame, the end."""

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.urls import reverse

from surveys.actions import drafts
from surveys.questionnaire import read_document
from tests.factories import NOON
from tests.surveys.views.page_texts import text_of

pytestmark = pytest.mark.django_db

TEXT = """
instrument: firm
version: '1.0'
title: A firm
sections:
  - name: about
    title: About
    summary: yes
    pages:
      - name: staff
        title: Staff
        items:
          - {name: men, kind: number, label: Men, minimum: 0}
          - {name: women, kind: number, label: Women, minimum: 0}
          - {name: exports, kind: single_choice, label: "Exports?", codes: [{value: 'yes', label: 'Yes'}, {value: 'no', label: 'No'}]}
  - name: more
    title: More
    pages:
      - name: total
        title: Total
        items: [{name: persons, kind: computed, label: Persons in all, expression: men + women}]
      - name: market
        title: Market
        items:
          - name: where
            kind: single_choice
            label: Where do you sell most?
            codes: [{value: here, label: Here}, {value: abroad, label: Abroad, when: exports = 'yes'}]
      - name: big
        title: Big
        when: frame.employees > 100
        items: [{name: group, kind: text, label: Which group?}]
      - name: ties
        title: Ties
        items:
          - name: ties
            kind: roster
            label: Who are your partners?
            thing: partner
            things: partners
            most: 2
            pages:
              - {title: Who, items: [{name: name, kind: text, label: Name}]}
              - {title: Since, items: [{name: since, kind: year, label: Since when?, maximum: 2026}]}
"""


@pytest.fixture
def trial(client, survey, ada):
    """Get or send a page of the trial, by the name of its address and the rest of it."""
    client.force_login(ada)
    draft = drafts.create(survey=survey, document=read_document(TEXT), by=ada, at=NOON)

    def send(to: str, *place: object, sent: dict | None = None, follow: bool = False):
        name = to if to.endswith("_trial") or to == "try_draft" else f"trial_{to}"
        address = reverse(f"surveys:{name}", args=[survey.slug, draft.slug, *place])
        if sent is None:
            return client.get(address, follow=follow)
        return client.post(address, sent, follow=follow)

    return send


@pytest.fixture
def gone_through(trial):
    """A trial all of whose pages were gone through, with one finished partner."""
    trial("page", "staff", sent={"men": "3", "women": "4", "exports": "yes"})
    trial("section", "about", sent={})
    trial("page", "total", sent={})
    trial("page", "market", sent={"where": "abroad"})
    trial("entry", "ties", "abcd", 1, sent={"ties.name": "Nord"})
    trial("entry", "ties", "abcd", 2, sent={"ties.since": "2014"})
    trial("page", "ties", sent={})
    return trial


DECLARED = {"declarant": "Ada", "authorised": "on"}


def problems(answer) -> list[str]:
    return [each["message"] for each in answer.context["problems"]]


def test_a_trial_of_everything_is_handed_in_and_writes_no_row(gone_through):
    def rows() -> dict[str, int]:
        return {
            model.__name__: model._default_manager.count()
            for model in apps.get_models()
            if model is not Session
        }

    before = rows()
    receipt = gone_through("check", sent=DECLARED, follow=True)

    assert "Your answers have been submitted" in text_of(receipt)
    assert "Nord" in text_of(receipt)
    assert rows() == before


def test_a_number_lapses_when_an_answer_behind_it_changes(gone_through):
    gone_through("page", "staff", sent={"men": "5", "women": "4", "exports": "yes"})
    held = gone_through("check", sent=DECLARED)
    shown = gone_through("page", "total")

    assert held.status_code == 422
    assert [each["title"] for each in held.context["to_confirm"]] == ["Total"]
    assert held.context["unfinished"] == 0
    assert "has changed since you confirmed it" in text_of(shown)
    gone_through("page", "total", sent={})
    assert gone_through("check").context["can_submit"]


def test_an_answer_whose_code_is_not_offered_any_more_is_told(gone_through):
    gone_through("page", "staff", sent={"men": "3", "women": "4", "exports": "no"})
    gone_through("page", "total", sent={})
    held = gone_through("check", sent=DECLARED)

    assert held.status_code == 422
    assert problems(held) == [
        "An answer to “Where do you sell most?” no longer goes with your other answers. "
        "Choose again."
    ]
    assert "Your earlier answer “Abroad”" in text_of(gone_through("page", "market"))


def test_a_list_with_an_unfinished_entry_is_not_closed_and_not_handed_in(gone_through):
    gone_through("entry", "ties", "efgh", 1, sent={"ties.name": "Sør"})
    closed = gone_through("page", "ties", sent={})
    held = gone_through("check", sent=DECLARED)

    sentence = "“Sør” is not finished: some of its questions have not been gone through."
    assert (closed.status_code, problems(closed)) == (422, [sentence])
    assert closed.context["entries"][1]["go_on"].endswith("/efgh/2/")
    assert (held.status_code, problems(held)) == (422, [sentence])


def test_an_entry_is_taken_out_after_a_question(gone_through):
    asked = gone_through("remove", "ties", "abcd")
    listed = gone_through("remove", "ties", "abcd", sent={}, follow=True)

    assert "Remove “Nord”?" in text_of(asked)
    assert listed.context["entries"] == []


def test_a_full_list_takes_no_entry_and_says_so(gone_through):
    gone_through("entry", "ties", "efgh", 1, sent={"ties.name": "Sør"})
    full = gone_through("entry", "ties", "ijkl", 1, sent={"ties.name": "Vest"}, follow=True)

    assert "The list is full" in text_of(full)
    assert [each["name"] for each in full.context["entries"]] == ["Nord", "Sør"]


def test_a_section_ends_with_its_summary_if_it_has_one(trial):
    saved = trial("page", "staff", sent={"men": "3", "women": "4", "exports": "yes"})
    summary = trial("section", "about")
    read = trial("section", "about", sent={})

    assert saved.url == summary.request["PATH_INFO"]
    assert "Men" in text_of(summary)
    assert read.url.endswith("/page/total/")


def test_the_frame_opens_pages_for_the_made_firm(trial):
    assert trial("page", "big").status_code == 302

    wrong = trial("frame", sent={"employees": "many", "region": "NO"})
    trial("frame", sent={"employees": "250"})

    assert wrong.status_code == 422
    assert "Employees is a whole number" in text_of(wrong)
    assert 'value="NO"' in wrong.content.decode()
    assert trial("page", "big").status_code == 200


def test_what_no_longer_applies_stands_aside_on_the_check(gone_through):
    gone_through("frame", sent={"employees": "250"})
    gone_through("page", "big", sent={"group": "Nordic Group"})
    gone_through("frame", sent={})

    checked = gone_through("check")

    assert [line.answer for line in checked.context["set_aside"]] == ["Nordic Group"]


def test_the_copy_of_the_answers_is_a_file(gone_through):
    copied = gone_through("copy")

    assert copied["Content-Type"] == "application/pdf"
    assert copied.content.startswith(b"%PDF")


def test_the_page_of_a_trial_says_what_it_does_not_play(trial):
    said = text_of(trial("try_draft"))

    for left_out in ("Colleagues", "E-mails", "offline", "comments and minutes"):
        assert left_out in said.partition("What a trial does not play")[2]


def test_pages_of_a_trial_are_live_as_those_of_firms(trial):
    page = trial("page", "staff").content.decode()

    assert "data-page-form" in page
    assert "surveys/page_logic" in page
