"""The form of one place of a draft: what is typed, checked, previewed and saved."""

import pytest

from tests.surveys.views.editing import ITEM_FORM, draft, item, page

__all__ = ["draft", "page"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("place", ["", "0", "0.0", "0.0.0", "0.1", "0.1.0", "0.1.1"])
def test_every_place_of_a_draft_has_its_form(page, place):
    response = page("draft", "get", f"?at={place}")

    assert response.status_code == 200
    assert "Persons employed" in response.content.decode()


def test_saving_changes_what_was_changed_and_nothing_else(page, draft):
    response = page(at="0.0.0", **ITEM_FORM | {"unit": "persons", "required": "soft"})

    assert response.status_code == 302
    assert item(draft, 0, 0, 0) == {
        "name": "persons", "kind": "number", "label": "Persons employed", "minimum": 0,
        "unit": "persons", "required": "soft",
    }  # fmt: skip


def test_a_form_sent_as_it_was_shown_is_no_change(page, draft):
    response = page(at="0.0.0", **ITEM_FORM)

    draft.refresh_from_db()
    assert response.status_code == 302
    assert draft.revision == 1


def test_a_number_that_is_none_is_told_at_its_field_and_kept(page, draft):
    response = page(at="0.0.0", **ITEM_FORM | {"maximum": "many"})

    assert response.status_code == 422
    assert 'value="many"' in response.content.decode()
    assert "Write a number" in response.content.decode()
    assert "maximum" not in item(draft, 0, 0, 0)


def test_codes_are_added_without_losing_what_the_table_does_not_show(page, draft):
    rows = {
        "codes-0-was": "0", "codes-0-value": "bio", "codes-0-label": "Life sciences",
        "codes-1-was": "1", "codes-1-value": "phys", "codes-1-label": "Physics",
        "codes-2-was": "", "codes-2-value": "none", "codes-2-label": "None",
        "codes-2-exclusive": "yes",
    }  # fmt: skip
    fields = {"name": "fields", "label": "In which fields?", "shared": ""}
    response = page(at="0.1.1", **fields | rows)

    assert response.status_code == 302
    assert item(draft, 0, 1, 1)["codes"] == [
        {"value": "bio", "label": "Life sciences", "variable": "17"},
        {"value": "phys", "label": "Physics"},
        {"value": "none", "label": "None", "exclusive": "yes"},
    ]


def test_a_row_is_added_without_script_and_what_was_typed_stays(page, draft):
    rows = {"codes-0-was": "0", "codes-0-value": "bio", "codes-0-label": "Half-typed"}
    response = page(at="0.1.1", _table="codes:add", name="fields", label="x", **rows)

    text = response.content.decode()
    assert response.status_code == 200
    assert 'value="Half-typed"' in text
    assert 'name="codes-1-value"' in text
    assert item(draft, 0, 1, 1)["codes"][0]["label"] == "Biology"


def test_a_shared_list_stays_shared(page, draft):
    page(at="0.1.0", name="lab", label="Have you a laboratory?", shared="yes_no")

    assert item(draft, 0, 1, 0)["codes"] == "yes_no"
    assert item(draft, 0, 1, 0)["label"] == "Have you a laboratory?"


def test_a_new_name_is_followed_in_conditions(page, draft):
    page(at="0.0.0", **ITEM_FORM | {"name": "employees"})

    draft.refresh_from_db()
    assert draft.document["sections"][0]["pages"][1]["when"] == "employees > 10"


def test_rows_of_a_condition_become_its_text(page, draft):
    fields = {
        "title": "Research", "name": "research", "when": "persons > 10",
        "when-was": "persons > 10", "when-join": "all",
        "when-0-item": "persons", "when-0-verb": "least", "when-0-value": "50",
    }  # fmt: skip
    page(at="0.1", **fields)

    draft.refresh_from_db()
    assert draft.document["sections"][0]["pages"][1]["when"] == "persons >= 50"


def test_a_condition_is_checked_while_it_is_written(page):
    known = page("draft_condition", at="0.1", when="persons > 100", _source="text")
    unknown = page("draft_condition", at="0.1", when="staff > 100", _source="text")
    broken = page("draft_condition", at="0.1", when="persons >", _source="text")

    assert "“Persons employed” is more than 100" in known.content.decode()
    assert "firms with made answers come here" in known.content.decode()
    assert "staff" in unknown.content.decode()
    assert "field-error" in unknown.content.decode()
    assert "This cannot be read" in broken.content.decode()


def test_the_preview_draws_what_is_typed_and_saves_nothing(page, draft):
    response = page("preview_draft", at="0.0.0", **ITEM_FORM | {"label": "How many people?"})

    assert "How many people?" in response.content.decode()
    assert "<iframe" in response.content.decode()
    assert item(draft, 0, 0, 0)["label"] == "Persons employed"


def test_the_page_in_the_frame_cannot_break_out_of_it(page, draft):
    page(at="0.0.0", **ITEM_FORM | {"label": 'A "quoted" <script>alert(1)</script> label'})
    text = page("draft", "get", "?at=0.0.0").content.decode()

    frame = text.partition('srcdoc="')[2].partition('"')[0]
    assert "&lt;/html&gt;" in frame
    assert "<script>alert" not in text
    assert 'sandbox=""' in text


def test_a_list_too_long_to_be_typed_is_shown_and_kept(page, draft, ada):
    codes = [{"value": f"c{number}", "label": f"Code {number}"} for number in range(150)]
    document = draft.document
    document["sections"][0]["pages"][1]["items"][1]["codes"] = codes
    draft.document = document
    draft.save()
    shown = page("draft", "get", "?at=0.1.1").content.decode()
    page(at="0.1.1", name="fields", label="Fields?", shared="")

    assert "Code 149" in shown
    assert 'name="codes-0-value"' not in shown
    assert item(draft, 0, 1, 1)["label"] == "Fields?"
    assert item(draft, 0, 1, 1)["codes"] == codes
