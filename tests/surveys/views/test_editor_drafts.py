"""Drafts as a whole: how one begins, its files, its translations, publishing and comparing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from surveys.actions import drafts
from surveys.actions.instruments import publish
from surveys.models import Instrument, InstrumentDraft
from surveys.queries.modules import library
from surveys.questionnaire import read_document
from tests.factories import NOON, make_wave
from tests.surveys.questionnaire.test_comparison_items import TEXT as WITH_A_BATTERY
from tests.surveys.views.editing import ITEM_FORM, TEXT, draft, page

__all__ = ["draft", "page"]

pytestmark = pytest.mark.django_db


def test_a_draft_begins_from_modules(page, client, survey):
    address = reverse("surveys:new_draft", args=[survey.slug])
    choices = client.get(address).context["forms"]["modules"].fields["modules"].choices
    fields = {"how": "modules", "modules-title": "Core", "modules-modules": [choices[0][0]]}
    response = client.post(address, fields)

    assert response.status_code == 302
    assert InstrumentDraft.objects.get(slug="core").document["sections"]


def test_a_draft_begins_from_all_modules_at_once(client, ada, survey):
    client.force_login(ada)
    fields = {"how": "modules", "modules-title": "Everything", "all": "yes"}

    response = client.post(reverse("surveys:new_draft", args=[survey.slug]), fields)

    made = InstrumentDraft.objects.get(title="Everything").document
    assert response.status_code == 302
    assert len(made["sections"]) == len(library())


@pytest.mark.parametrize(("person", "status"), [("ben", 403), ("eve", 404)])
def test_only_who_may_publish_writes_drafts(client, request, draft, person, status):
    client.force_login(request.getfixturevalue(person))

    assert (
        client.get(reverse("surveys:draft", args=[draft.survey.slug, draft.slug])).status_code
        == status
    )


@pytest.mark.parametrize("ending", ["yaml", "xlsx"])
def test_a_draft_goes_out_as_a_file_and_comes_back_the_same(page, draft, client, ending):
    address = reverse("surveys:download_draft", args=[draft.survey.slug, draft.slug, ending])
    file = client.get(address).content
    response = page("draft_files", file=SimpleUploadedFile(f"a.{ending}", file))

    draft.refresh_from_db()
    assert response.status_code == 302
    assert draft.document == read_document(TEXT)
    assert draft.revision == 1


def test_a_file_that_cannot_be_read_changes_nothing_and_says_why(page, draft):
    file = SimpleUploadedFile("a.yaml", b"sections: [")
    response = page("draft_files", format="yaml", file=file)

    assert response.status_code == 422
    assert "cannot be read" in response.content.decode()
    draft.refresh_from_db()
    assert draft.revision == 1


def test_publishing_freezes_the_draft_and_gives_it_to_a_wave(page, draft, survey):
    wave = make_wave(survey)
    response = page("publish_draft", version="1.0", wave=str(wave.pk))

    wave.refresh_from_db()
    assert response.status_code == 302
    assert wave.instrument == Instrument.objects.get()
    draft.refresh_from_db()
    assert draft.based_on == wave.instrument


def test_a_version_that_is_taken_is_told_at_its_field(page, draft):
    publish(text=TEXT.replace("A firm", "Another"), by=None, at=NOON)
    response = page("publish_draft", version="1.0", wave="")

    assert response.status_code == 422
    assert "with other content" in response.content.decode()


def test_a_draft_with_problems_is_not_published(page, draft):
    page(at="0.0.0", **ITEM_FORM | {"label": ""})
    response = page("publish_draft", version="2.0", wave="")

    assert response.status_code == 422
    assert "“Question” is blank" in response.content.decode()
    assert not Instrument.objects.exists()


def test_versions_are_compared_with_the_draft(page, draft):
    page("publish_draft", version="1.0", wave="")
    page(at="0.0.0", **ITEM_FORM | {"label": "Persons employed in all"})
    text = page("draft_history", "get").content.decode()

    assert "reworded" in text
    assert "Persons employed in all" in text


def test_a_translation_is_typed_and_marked_when_the_text_changes(page, draft):
    page("draft_translations", language="nb", **{"text-items.persons.label": "Ansatte"})
    before = page("draft_translations", "get", "?language=nb&only=current").content.decode()
    page(at="0.0.0", **ITEM_FORM | {"label": "Persons employed now"})
    after = page("draft_translations", "get", "?language=nb&only=out_of_date").content.decode()

    assert "Ansatte" in before
    assert "Ansatte" in after
    assert "out of date" in after


def test_a_catalogue_goes_out_and_comes_back(page, draft):
    out = page("draft_catalogue", "get", "?language=de").content.decode()
    said = out.replace(
        'msgid "Persons employed"\nmsgstr ""', 'msgid "Persons employed"\nmsgstr "Personen"'
    )
    file = SimpleUploadedFile("de.po", said.encode())
    page("draft_translations", language="de", catalogue="yes", po=file)

    draft.refresh_from_db()
    assert draft.document["translations"]["de"]["items.persons.label"]["text"] == "Personen"


def test_a_published_draft_is_compared_with_the_version_before(page):
    page("publish_draft", version="1.0", wave="")
    page(at="0.0.0", **ITEM_FORM | {"label": "Persons employed in all"})
    page("publish_draft", version="1.1", wave="")

    compared = page("draft_history", "get").context["compared"]

    assert (compared.old, compared.new) == ("version 1.0", "this draft")


def test_a_comparison_without_a_difference_says_so_and_lists_translations_apart(page):
    page("publish_draft", version="1.0", wave="")
    page("draft_translations", language="nb", **{"text-items.persons.label": "Ansatte"})
    text = page("draft_history", "get").content.decode()

    assert "No variable differs." in text
    assert "1 translated text differs" in text
    assert "Ansatte" in text


def test_the_history_folds_the_variables_of_a_battery_in_under_their_question(client, ada, survey):
    client.force_login(ada)
    document = read_document(WITH_A_BATTERY)
    begun = drafts.create(survey=survey, document=document, by=ada, at=NOON)
    publish(text=WITH_A_BATTERY, by=ada, at=NOON)
    document["sections"][0]["pages"][1]["items"][0]["label"] = "How useful was {row}?"
    drafts.change(
        draft=begun, built_on=1, operation=lambda _: document, what="Reworded", by=ada, at=NOON
    )

    html = client.get(f"/research/{survey.slug}/drafts/{begun.slug}/history/").content.decode()

    assert "1 of 3 questions differ" in html
    assert html.count('<th scope="row">How useful was {row}?') == 1
    assert "<summary>4 variables</summary>" in html
    assert "used.press.how" in html
    assert "4 reworded" in html
