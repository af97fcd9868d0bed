"""Codes, bytes and sizes that no page asks for: each is answered in words."""

import pytest
from django.test import Client

from surveys.models import Case
from tests.surveys.firms import answers_of, page_path, save
from tests.surveys.views.page_texts import text_of


def test_codes_that_are_not_listed_are_refused_and_not_stored(browser: Client, case: Case):
    page = save(browser, case, "activity", activity=["research", "'; drop table"])

    assert "Choose one of the answers listed on this page." in text_of(page)
    assert answers_of(case) == {}


def test_fields_that_are_not_on_the_page_are_left_aside(browser: Client, case: Case):
    save(browser, case, "new_good", new_good="yes", employment="5", is_admin="1", answers="{}")

    assert answers_of(case) == {"new_good": "yes"}


@pytest.mark.parametrize("built_on", ["", "-1", "1e9", "٣", "9" * 50, "x"])
def test_a_damaged_revision_never_overwrites(browser: Client, case: Case, built_on: str):
    save(browser, case, "last", comment="Saved")

    answer = browser.post(page_path(case, "last"), {"_built_on": built_on, "comment": "Other"})

    assert answer.status_code == 409
    assert answers_of(case)["comment"] == "Saved"


@pytest.mark.parametrize(
    ("typed", "kept"), [("nul\x00 byte", "nul byte"), ("\u202etfel\u202c", "tfel"), ("\x00", None)]
)
def test_unseen_signs_are_not_stored(browser: Client, case: Case, typed: str, kept: str | None):
    save(browser, case, "last", comment=typed)

    assert answers_of(case)["comment"] == kept


def test_bytes_that_are_no_text_are_stored_as_text(browser: Client, case: Case):
    browser.post(
        page_path(case, "last"),
        data=b"_built_on=0&comment=%ff%fe%00caf%e9",
        content_type="application/x-www-form-urlencoded",
    )

    assert answers_of(case)["comment"] == "\ufffd\ufffdcaf\ufffd"


def test_five_thousand_characters_are_refused_with_both_numbers_and_kept(
    browser: Client, case: Case
):
    page = save(browser, case, "last", comment="ø" * 5000)

    assert "200 characters; it has 5 000." in text_of(page)
    assert "ø" * 5000 in page.content.decode()
    assert answers_of(case) == {}


def test_too_much_at_once_is_answered_in_words(browser: Client, case: Case):
    save(browser, case, "last", comment="Saved")

    page = save(browser, case, "last", comment="x" * 3_000_000)

    assert page.status_code == 413
    assert "This is more than one page can hold" in text_of(page)
    assert answers_of(case)["comment"] == "Saved"


def test_too_many_fields_are_answered_in_words(browser: Client, case: Case):
    page = browser.post(page_path(case, "last"), {f"field{n}": "x" for n in range(2000)})

    assert page.status_code == 413


def test_a_broken_multipart_form_is_answered_in_words(browser: Client, case: Case):
    page = browser.post(
        page_path(case, "last"), data=b"--x\r\nbroken", content_type="multipart/form-data"
    )

    assert page.status_code == 400
    assert "The form could not be read" in text_of(page)
