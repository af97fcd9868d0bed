"""Two people, or two tabs, on one page: nothing is overwritten unseen."""

from typing import Any

import pytest
from django.test import Client

from surveys.models import Case, PageVersion
from tests.surveys.firms import answers_of, page_path, save
from tests.surveys.views.page_texts import hidden_fields, text_of


def test_a_second_tab_sees_both_answers_and_nothing_is_overwritten(browser: Client, case: Case):
    browser.post(page_path(case, "last"), {"_built_on": 0, "comment": "Mine first"})

    conflict = browser.post(page_path(case, "last"), {"_built_on": 0, "comment": "And mine"})

    assert conflict.status_code == 409
    assert "Mine first" in text_of(conflict)
    assert "And mine" in text_of(conflict)
    assert "Year of start" not in text_of(conflict)
    assert answers_of(case)["comment"] == "Mine first"


@pytest.mark.parametrize(("kept", "stands"), [("saved", "Theirs"), ("mine", "Mine")])
def test_either_answer_can_be_kept(browser: Client, case: Case, kept: str, stands: str):
    browser.post(page_path(case, "last"), {"_built_on": 0, "comment": "Theirs"})
    conflict = browser.post(
        page_path(case, "last"), {"_built_on": 0, "comment": "Mine", "start_year": "1999"}
    )

    settled = browser.post(
        page_path(case, "last"),
        hidden_fields(conflict) | {"_keep-comment": kept, "_keep-start_year": "mine"},
    )

    assert settled.status_code == 302
    assert answers_of(case)["comment"] == stands
    assert answers_of(case)["start_year"] == 1999


@pytest.mark.parametrize(
    ("page", "theirs", "mine", "item", "stands"),
    [
        ("new_good", {}, {"new_good": "yes"}, "new_good", None),
        ("activity", {"activity": ["research", "other"]}, {}, "activity", ["research", "other"]),
        (
            "sources-fairs",
            {"sources.fairs-importance": "3"},
            {},
            "sources.fairs",
            {"importance": "3", "scale": None},
        ),
        (
            "size",
            {"turnover": "2", "turnover-unit": "thousands"},
            {},
            "turnover",
            {"amount": 2000, "unit": "thousands"},
        ),
    ],
)
def test_the_saved_answer_of_every_kind_can_be_kept(
    browser: Client,
    case: Case,
    page: str,
    theirs: dict[str, Any],
    mine: dict[str, Any],
    item: str,
    stands: Any,
):
    browser.post(page_path(case, page), {"_built_on": 0} | theirs)
    conflict = browser.post(page_path(case, page), {"_built_on": 0} | mine)
    assert conflict.status_code == 409

    fields = hidden_fields(conflict) | {f"_keep-{item}": "saved"}
    assert browser.post(page_path(case, page), fields).status_code == 302
    assert answers_of(case)[item] == stands


def test_a_conflict_without_a_choice_is_shown_again(browser: Client, case: Case):
    browser.post(page_path(case, "last"), {"_built_on": 0, "comment": "Theirs"})
    conflict = browser.post(page_path(case, "last"), {"_built_on": 0, "comment": "Mine"})

    again = browser.post(page_path(case, "last"), hidden_fields(conflict))

    assert "<title>Error: " in again.content.decode()
    assert "Mine" in text_of(again)
    assert answers_of(case)["comment"] == "Theirs"


def test_a_third_save_during_a_conflict_is_a_conflict_again(browser: Client, case: Case):
    browser.post(page_path(case, "last"), {"_built_on": 0, "comment": "Theirs"})
    conflict = browser.post(page_path(case, "last"), {"_built_on": 0, "comment": "Mine"})
    browser.post(page_path(case, "last"), {"_built_on": 1, "comment": "A third"})

    again = browser.post(
        page_path(case, "last"), hidden_fields(conflict) | {"_keep-comment": "mine"}
    )

    assert again.status_code == 409
    assert "A third" in text_of(again)


def test_a_double_click_and_a_reloaded_post_are_one_save(browser: Client, case: Case):
    for _ in range(3):
        answer = browser.post(page_path(case, "last"), {"_built_on": 0, "comment": "Fine"})
        assert answer.status_code == 302

    assert PageVersion.objects.count() == 1


def test_going_back_and_changing_the_answer_is_no_conflict(browser: Client, case: Case):
    save(browser, case, "new_good", new_good="yes")
    save(browser, case, "turnover_newness")

    reopened = browser.get(page_path(case, "new_good"))
    answer = browser.post(page_path(case, "new_good"), hidden_fields(reopened) | {"new_good": "no"})

    assert answer.status_code == 302
    assert answers_of(case)["new_good"] == "no"


def test_an_error_page_does_not_hide_a_conflict(browser: Client, case: Case):
    wrong = browser.post(page_path(case, "last"), {"_built_on": 0, "start_year": "soon"})
    save(browser, case, "last", comment="Saved meanwhile")

    answer = browser.post(page_path(case, "last"), hidden_fields(wrong) | {"start_year": "1999"})

    assert answer.status_code == 409
