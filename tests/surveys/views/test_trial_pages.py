"""Pages of a draft as a firm sees them: in a trial and in the preview."""

import html

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from surveys.actions import drafts
from surveys.models import InstrumentDraft
from surveys.questionnaire import read_document
from tests.factories import NOON

pytestmark = pytest.mark.django_db

TEXT = """
instrument: firm
version: '1.0'
title: A firm
sections:
  - name: about
    title: About
    intro: "Staff of the section:\\n• permanent\\n• seasonal"
    pages:
      - name: hired
        title: Hired
        intro: "Staff of the page:\\n• permanent\\n• seasonal"
        items: [{name: hires, kind: number, label: Hires, minimum: 0}]
      - name: origin
        title: Origin
        items:
          - name: hires_from
            kind: allocation
            label: Where from?
            total_of: hires
            unit: persons
            parts: [{value: near, label: Near}, {value: far, label: Far}]
"""


@pytest.fixture
def draft(client, survey, ada) -> InstrumentDraft:
    client.force_login(ada)
    return drafts.create(survey=survey, document=read_document(TEXT), by=ada, at=NOON)


def trial(draft: InstrumentDraft, page: str) -> str:
    return reverse("surveys:trial_page", args=[draft.survey.slug, draft.slug, page])


@pytest.mark.parametrize("hires", [0, 1, 25, 250])
def test_a_page_filled_in_with_made_answers_can_be_sent(client, draft, hires):
    client.post(trial(draft, "hired"), {"hires": str(hires)})
    form = client.post(trial(draft, "origin"), {"_made": "yes"}).context["form"]
    typed = {name: form[name].value() for name in form.fields}

    sent = client.post(trial(draft, "origin"), typed)

    assert sum(int(value) for value in typed.values()) == hires
    assert sent.status_code == 302


def points_after(words: str) -> str:
    return f"<p>{words}:</p><ul><li>permanent</li><li>seasonal</li></ul>"


def test_introductions_are_set_as_firms_see_them(client, draft):
    tried = client.get(trial(draft, "hired")).content.decode()
    editor = reverse("surveys:draft", args=[draft.survey.slug, draft.slug])
    shown = client.get(f"{editor}?at=0.0").content.decode()

    assert points_after("Staff of the section") in tried
    assert points_after("Staff of the page") in tried
    assert points_after("Staff of the page") in html.unescape(shown)


@pytest.mark.parametrize("kind", ["question", "battery", "roster", "remark"])
def test_hints_in_the_list_of_all_questions_are_set_as_on_their_page(kind):
    block = {"kind": kind, "hint": "Staff:\n• permanent\n• seasonal", "label": "Persons"}

    drawn = render_to_string("respondent/preview_block.html", {"block": block})

    assert points_after("Staff") in drawn
