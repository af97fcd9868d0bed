"""Problems on the pages of the editor: in an author's words, with links that lead to the field."""

import re

import pytest

from surveys.actions import drafts
from surveys.queries.modules import library
from surveys.questionnaire import read_document
from tests.factories import NOON
from tests.surveys.views.editing import ITEM_FORM, TEXT, draft, page

__all__ = ["draft", "page"]

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<a href="([^"]*)">([^<]*)</a>: ([^<]*)<span class="quiet">([^<]*)</span>')


def panel(html: str) -> list[tuple[str, str, str, str]]:
    inside = html.partition('id="problem-panel"')[2].partition("</details>")[0]
    return [tuple(each.strip() for each in found) for found in LINK.findall(inside)]


def test_the_panel_says_which_question_what_is_wrong_and_what_to_do(page, draft):
    page(at="0.0.0", **ITEM_FORM | {"label": ""})

    (line,) = panel(page("draft", "get").content.decode())

    address, subject, message, remedy = line
    assert address.endswith("/drafts/firm/?at=0.0.0#id_label")
    assert subject == "Question 1, without text (persons)"
    assert message == "“Question” is blank."
    assert remedy == "Fill it in and save."


def test_the_field_that_a_link_leads_to_is_on_the_page(page, draft):
    page(at="0.0.0", **ITEM_FORM | {"label": ""})
    ((address, *_),) = panel(page("draft", "get").content.decode())
    query, _, field = address.partition("?")[2].partition("#")

    html = page("draft", "get", f"?{query}").content.decode()

    assert f'id="{field}"' in html
    assert f'<a href="#{field}">Go to it</a>' in html


def test_the_same_problem_is_told_and_counted_once(page, draft):
    page(at="0", name="about", title="About", on_hub="on", when="nobody = 1")

    html = page("draft", "get").content.decode()

    assert [line[1] for line in panel(html)] == ["Section “About” (about)"]
    assert "1 problem<" in html


def test_what_stands_in_the_way_of_the_preview_is_said_in_the_same_words(page, draft):
    page(at="0.0.0", **ITEM_FORM | {"label": ""})

    preview = page("preview_draft", at="0.0.0", **ITEM_FORM | {"label": ""}).content.decode()

    assert "Question 1, without text (persons): “Question” is blank. Fill it in" in preview


def test_a_condition_that_reads_nothing_is_told_at_the_condition(page, draft):
    html = page("draft_condition", at="0.1", when="nobody > 1", _source="text").content.decode()

    assert "The condition reads “nobody”, which no question is called." in html


def test_a_module_that_does_not_fit_says_why(client, ada, survey, page):
    german = read_document(TEXT.replace("version", "language: de\nversion", 1))
    other = drafts.create(survey=survey, document=german, by=ada, at=NOON)

    client.force_login(ada)
    html = client.post(
        f"/research/{survey.slug}/drafts/{other.slug}/library/",
        {"revision": other.revision, "module": next(iter(library())), "after": "about"},
    ).content.decode()

    assert "Its texts are written in “en”, those of the questionnaire in “de”." in html


def test_a_list_of_codes_that_is_gone_can_be_replaced_in_the_form(survey, ada, client):
    document = read_document(TEXT.replace("codes: yes_no}", "codes: gone}"))
    del document["codes"]
    broken = drafts.create(survey=survey, document=document, by=ada, at=NOON)
    client.force_login(ada)
    address = f"/research/{survey.slug}/drafts/{broken.slug}/"

    html = client.get(f"{address}?at=0.1.0").content.decode()
    assert 'id="id_shared"' in html
    client.post(
        address,
        {"revision": 1, "at": "0.1.0", "name": "lab", "label": "Lab?", "when": "", "shared": ""},
    )

    broken.refresh_from_db()
    assert "codes" not in broken.document["sections"][0]["pages"][1]["items"][0]
