"""The outline of a draft: move, duplicate, delete, and two authors at once."""

import pytest

from surveys.actions import drafts
from tests.surveys.views.editing import ITEM_FORM, draft, item, page

__all__ = ["draft", "page"]

pytestmark = pytest.mark.django_db


def test_moving_duplicating_and_undoing(page, draft):
    page("change_draft", op="down@0.0")
    draft.refresh_from_db()
    assert [each["name"] for each in draft.document["sections"][0]["pages"]] == [
        "research",
        "staff",
    ]
    page("undo_draft")
    page("change_draft", op="duplicate@0.1")
    draft.refresh_from_db()
    names = [each["name"] for each in draft.document["sections"][0]["pages"]]
    assert names == ["staff", "research", "research_2"]
    copied = [each["name"] for each in draft.document["sections"][0]["pages"][2]["items"]]
    assert copied == ["lab_2", "fields_2"]


def test_deleting_shows_and_takes_what_depends(page, draft):
    asked = page("remove_from_draft", "get", "?at=0.0.0").content.decode()
    page("remove_from_draft", at="0.0.0")

    draft.refresh_from_db()
    assert "persons &gt; 10" in asked
    assert "Condition of the page “Research”" in asked
    assert "when" not in draft.document["sections"][0]["pages"][1]


def test_a_move_on_an_old_revision_is_not_done(page, draft):
    page("change_draft", op="down@0.0")
    page("change_draft", op="down@0.0", revision=1)

    draft.refresh_from_db()
    assert draft.revision == 2


@pytest.mark.parametrize("kind", ["battery", "roster", "scale", "note", "computed", "date"])
def test_a_question_of_every_kind_is_added_and_previewed(page, draft, kind):
    page("change_draft", op="item@0.1", kind=kind)
    draft.refresh_from_db()
    places = [
        f"0.{p}.{i}"
        for p, sheet in enumerate(draft.document["sections"][0]["pages"])
        for i, each in enumerate(sheet["items"])
        if each["kind"] == kind
    ]

    text = page("draft", "get", f"?at={places[0]}").content.decode()
    assert "<iframe" in text
    assert "No problems" in text


def test_a_module_is_inserted_behind_a_section(page, draft):
    modules = page("draft_library", "get").context["modules"]
    response = page("draft_library", module=modules[0]["name"], after="about")

    draft.refresh_from_db()
    assert response.status_code == 302
    assert len(draft.document["sections"]) > 1


def test_a_problem_leads_to_its_place(page, draft):
    page(at="0.0.0", **ITEM_FORM | {"label": ""})

    lines = page("draft", "get").context["problems"]
    assert [line.place for line in lines] == ["0.0.0"]


def test_two_authors_of_different_keys_both_keep_their_change(page, draft):
    page(at="0.0.0", **ITEM_FORM | {"unit": "persons"})
    page(at="0.0.0", **ITEM_FORM | {"label": "Staff", "revision": 1})

    assert item(draft, 0, 0, 0)["unit"] == "persons"
    assert item(draft, 0, 0, 0)["label"] == "Staff"


def test_two_authors_of_one_key_see_both_and_lose_nothing(page, draft):
    page(at="0.0.0", **ITEM_FORM | {"label": "Theirs"})
    response = page(at="0.0.0", **ITEM_FORM | {"label": "Mine", "revision": 1})

    text = response.content.decode()
    assert response.status_code == 409
    assert "Theirs" in text
    assert "Mine" in text
    assert item(draft, 0, 0, 0)["label"] == "Theirs"
    former = response.context["former"]
    page(at="0.0.0", _former=former, **ITEM_FORM | {"label": "Mine"})
    assert item(draft, 0, 0, 0)["label"] == "Mine"


def test_what_could_not_be_read_is_shown_when_someone_saved_first(page, draft):
    page(at="0.0.0", **ITEM_FORM | {"label": "Theirs"})
    response = page(at="0.0.0", **ITEM_FORM | {"maximum": "about 40", "revision": 1})

    assert response.status_code == 409
    assert "about 40" in response.content.decode()


def test_a_third_author_in_the_moment_between_is_told_and_not_run_over(page, draft, monkeypatch):
    page(at="0.0.0", **ITEM_FORM | {"unit": "persons"})
    change, waiting = drafts.change, [{"label": "A third", "unit": "persons"}]

    def overtaken(**arguments):
        if arguments["built_on"] == 2 and waiting:
            page(at="0.0.0", **ITEM_FORM | waiting.pop())
        return change(**arguments)

    monkeypatch.setattr(drafts, "change", overtaken)
    response = page(at="0.0.0", **ITEM_FORM | {"hint": "Mine", "revision": 1})

    assert response.status_code == 302
    assert item(draft, 0, 0, 0)["label"] == "A third"
    assert item(draft, 0, 0, 0)["hint"] == "Mine"
    assert item(draft, 0, 0, 0)["unit"] == "persons"


def test_what_was_typed_for_something_deleted_is_shown(page, draft):
    page("remove_from_draft", at="0.0.0")
    response = page(at="0.0.0", **ITEM_FORM | {"label": "Long thought about", "revision": 1})

    assert response.status_code == 409
    assert "Long thought about" in response.content.decode()


def test_undoing_leaves_the_author_where_they_were_or_just_above(page):
    page(at="0.1.1", name="fields", label="Which fields?")
    stayed = page("undo_draft", at="0.1.1")
    page("change_draft", op="duplicate@0.1")
    above = page("undo_draft", at="0.2.1")
    nowhere = page("undo_draft", at="9.x")

    assert stayed.url.endswith("?at=0.1.1")
    assert above.url.endswith("?at=0")
    assert nowhere.url.endswith("/drafts/firm/")


def test_a_move_beyond_the_end_is_told_as_none(page, draft):
    page("change_draft", op="down@0.1")
    draft.refresh_from_db()

    assert draft.revision == 1
    assert "Nothing changed" in page("draft", "get").content.decode()


def test_a_clash_names_the_field_as_the_form_does_and_previews_what_is_kept(page):
    page(at="0.0.0", **ITEM_FORM | {"label": "Theirs"})
    response = page(at="0.0.0", **ITEM_FORM | {"label": "Mine", "revision": 1})

    ((label, clash),) = response.context["clashes"]
    assert (label, clash.theirs, clash.mine) == ("Question", "Theirs", "Mine")
    assert "Mine" in response.context["preview"].html
    assert response.context["is_unsaved"]


def test_the_untouched_question_of_a_new_page_gives_way_to_one_of_another_kind(page, draft):
    page("change_draft", op="page@0.0")
    page("change_draft", op="item@0.1", kind="battery")

    draft.refresh_from_db()
    items = draft.document["sections"][0]["pages"][1]["items"]
    assert [item["kind"] for item in items] == ["battery"]


def test_a_question_with_words_of_its_own_does_not_give_way(page, draft):
    page("change_draft", op="page@0.0")
    page(at="0.1.0", name="question_1", label="Why?", when="")
    page("change_draft", op="item@0.1", kind="number")
    page("change_draft", op="item@0.1", kind="text")

    draft.refresh_from_db()
    items = draft.document["sections"][0]["pages"][1]["items"]
    assert [item["kind"] for item in items] == ["text", "number", "text"]


def test_a_short_outline_stands_open_and_a_long_one_where_the_author_is(page, draft):
    assert page("draft", "get").content.decode().count("<details open><summary>") == 1

    for _ in range(25):
        page("change_draft", op="item@0.0", kind="number")

    assert "<details open><summary>" not in page("draft", "get").content.decode()
    assert "<details open><summary>" in page("draft", "get", "?at=0.0").content.decode()


def test_an_empty_draft_opens_at_its_first_question(page, client, survey):
    page("draft", "get")
    answer = client.post(
        f"/research/{survey.slug}/drafts/new/", {"how": "scratch", "scratch-title": "Small"}
    )

    assert answer.url.endswith("/drafts/small/?at=0.0.0")


def test_new_pages_and_questions_are_numbered_on(page, draft):
    page("change_draft", op="page@0.0")
    page("change_draft", op="page@0.0")
    page("change_draft", op="item@0.1", kind="text")

    draft.refresh_from_db()
    pages = draft.document["sections"][0]["pages"]
    assert [each["name"] for each in pages] == ["staff", "page_2", "page_1", "research"]
    assert [each["name"] for each in pages[1]["items"]] == ["question_2", "question_3"]


def test_what_a_page_seldom_has_is_folded_until_it_has_it(page, draft):
    folded = '<details class="rows-fold"><summary>Checks of the answers (edits)</summary>'
    check = {"name": "odd", "severity": "soft", "when": "persons > 9", "message": "Sure?"}
    fields = {f"edits-0-{key}": text for key, text in check.items()} | {"edits-0-items": "persons"}
    assert folded in page("draft", "get", "?at=0.0").content.decode()

    page(at="0.0", name="staff", title="Staff", when="", **fields)

    html = page("draft", "get", "?at=0.0").content.decode()
    assert folded.replace('fold">', 'fold" open>') in html
