import re

import pytest
from django.test import Client

from surveys.models import Case, PageVersion, Response, Wave
from tests.factories import NOON, make_case, make_stratum
from tests.surveys.firms import (
    DECLARED,
    QUESTIONNAIRE,
    admitted,
    answer_everything,
    answers_of,
    open_case,
    page_path,
    save,
)
from tests.surveys.views.page_texts import hub, text_of


def test_a_firm_answers_from_the_first_page_to_the_receipt(browser: Client, case: Case):
    answer_everything(browser, case)

    assert "Submit the questionnaire" in text_of(browser.get(f"{hub(case)}check/"))
    submitted = browser.post(f"{hub(case)}submit/", DECLARED, follow=True)

    receipt = text_of(submitted)
    response = Response.objects.get()
    assert response.reference in receipt
    for words in ("Nord AS", "EUR 2 500 000", "Local area; Elsewhere", "New goods: 30 %"):
        assert words in receipt
    assert response.answers == {
        "new_good": "yes",
        "turnover_newness": {"new": 30, "unchanged": 70},
        "employment": 12,
        "employment_first": 10,
        "turnover": {"amount": 2500000, "unit": "thousands"},
        "activity": ["research"],
        "cooperation.suppliers": {"scale": ["local", "global"]},
        "cooperation.universities": None,
        "sources.fairs": {"importance": "3", "scale": ["country"]},
        "start_year": 1987,
        "graduate_share": 12.5,
        "comment": "Fine",
    }


def test_the_hub_shows_every_section_with_its_status(browser: Client, case: Case):
    assert text_of(browser.get(hub(case))).count("Not started") == 3

    save(browser, case, "new_good", new_good="no")
    page = text_of(browser.get(hub(case)))
    assert "In progress" in page
    assert "1 of 2 pages" in page

    save(browser, case, "size")
    assert "1 of 3 sections completed" in text_of(browser.get(hub(case)))


def test_a_page_says_its_section_and_step_and_has_one_heading(browser: Client, case: Case):
    page = browser.get(page_path(case, "size")).content.decode()

    assert page.count("<h1") == 1
    assert "Page 2 of 2" in page
    assert "<title>The size of your firm · Your firm · Firms</title>" in page


def test_the_question_is_the_heading_of_a_page_with_one_item(browser: Client, case: Case):
    page = browser.get(page_path(case, "new_good")).content.decode()

    assert page.count("<h1") == 1
    assert "Did Nord AS introduce a new good in 2023 to 2025?</h1>" in page


def test_saving_leads_through_the_section_and_back_to_the_hub(browser: Client, case: Case):
    first = save(browser, case, "new_good", new_good="yes")
    assert first["Location"] == page_path(case, "turnover_newness")

    save(browser, case, "turnover_newness", turnover_newness__new="100")
    last = save(browser, case, "size")
    assert last["Location"] == hub(case)


def test_a_saved_page_says_when_it_was_saved(browser: Client, case: Case):
    save(browser, case, "new_good", new_good="yes")
    Response.objects.update(saved_at=NOON)

    assert "Saved 13:00" in text_of(browser.get(page_path(case, "size")))


def test_an_error_is_said_twice_in_the_same_words_and_the_input_is_kept(
    browser: Client, case: Case
):
    page = save(browser, case, "size", employment="about fifty", employment_first="7")

    html = page.content.decode()
    assert page.status_code == 200
    assert "<title>Error: " in html
    assert html.count("Enter a number in figures, like 25000.") == 2
    assert '<a href="#id_employment">' in html
    assert 'value="about fifty"' in html
    assert 'value="7"' in html
    assert 'aria-invalid="true"' in html
    assert answers_of(case) == {}


def test_save_and_leave_saves_and_leaves(browser: Client, case: Case):
    goodbye = save(browser, case, "new_good", new_good="yes", _then="leave")

    assert goodbye["Location"] == f"{hub(case)}leave/"
    assert answers_of(case) == {"new_good": "yes"}
    assert browser.get(hub(case)).status_code == 403


def test_a_chosen_radio_button_can_be_taken_back(browser: Client, case: Case):
    save(browser, case, "new_good", new_good="yes")
    assert "Clear this answer" in text_of(browser.get(page_path(case, "new_good")))

    answer = save(browser, case, "new_good", new_good="yes", _clear="new_good")

    assert answer["Location"] == page_path(case, "new_good")
    assert answers_of(case) == {"new_good": None}


def test_changing_from_the_check_page_leads_back_to_it(browser: Client, case: Case):
    answer_everything(browser, case)
    path = page_path(case, "last") + "?check=1"

    assert path in browser.get(f"{hub(case)}check/").content.decode()
    revision = Response.objects.get().revision
    answer = browser.post(path, {"_built_on": revision, "comment": "Better"})

    assert answer["Location"] == f"{hub(case)}check/"


def test_back_leads_to_where_one_came_from(browser: Client, case: Case):
    first, last = page_path(case, "new_good"), page_path(case, "size")

    assert f'<a href="{hub(case)}">Back</a>' in browser.get(first).content.decode()
    assert f'<a href="{first}">Back</a>' in browser.get(last).content.decode()
    from_check = browser.get(f"{last}?check=1").content.decode()
    assert f'<a href="{hub(case)}check/">Back</a>' in from_check


def test_a_section_that_does_not_apply_is_said_to_and_not_asked(db: None):
    text = QUESTIONNAIRE.replace("  - name: end\n", "  - name: end\n    when: new_good = 'yes'\n")
    case = open_case(text)
    browser = admitted(case)

    page = text_of(browser.get(hub(case)))

    assert "The end" in page
    assert "Does not apply so far" in page
    assert "0 of 2 sections completed" in page
    assert "Last words" not in text_of(browser.get(f"{hub(case)}check/"))


def test_a_change_that_opens_questions_leads_to_them_first(browser: Client, case: Case):
    answer_everything(browser, case)
    Response.objects.update(
        answers={"new_good": "no"}
        | {
            k: v for k, v in answers_of(case).items() if k != "turnover_newness" and k != "new_good"
        },
        page_revisions={
            k: v
            for k, v in Response.objects.get().page_revisions.items()
            if k != "turnover_newness"
        },
    )
    revision = Response.objects.get().revision

    answer = browser.post(
        page_path(case, "new_good") + "?check=1", {"_built_on": revision, "new_good": "yes"}
    )

    assert answer["Location"] == page_path(case, "turnover_newness") + "?check=1"


def test_the_check_page_shows_blanks_and_offers_no_submission_before_the_end(
    browser: Client, case: Case
):
    save(browser, case, "new_good", new_good="no")

    page = text_of(browser.get(f"{hub(case)}check/"))

    assert "4 pages have not been gone through" in page
    assert "Not provided" in page
    assert "Submit the questionnaire" not in page


def test_the_check_page_opens_before_anything_was_answered(browser: Client, case: Case):
    assert browser.get(f"{hub(case)}check/").status_code == 200
    assert not Response.objects.exists()


def test_an_early_submission_is_answered_with_what_is_missing(browser: Client, case: Case):
    save(browser, case, "new_good", new_good="no")

    page = browser.post(f"{hub(case)}submit/", DECLARED)

    assert "<title>Error: " in page.content.decode()
    assert not Response.objects.get().is_submitted


def test_an_answer_that_fails_is_named_on_the_check_page_with_a_link(browser: Client, case: Case):
    answer_everything(browser, case)
    Response.objects.update(answers=answers_of(case) | {"start_year": 9999})

    page = browser.get(f"{hub(case)}check/").content.decode()

    assert "One answer needs to be changed" in page
    assert (
        f'<a href="{page_path(case, "last")}?check=1">Enter a number of 2025 or less.</a>' in page
    )
    assert "Submit the questionnaire" not in page


def test_submitting_twice_leads_to_one_receipt(browser: Client, case: Case):
    answer_everything(browser, case)

    first = browser.post(f"{hub(case)}submit/", DECLARED)
    reference = Response.objects.get().reference
    second = browser.post(f"{hub(case)}submit/", DECLARED)

    assert first["Location"] == second["Location"] == f"{hub(case)}receipt/"
    assert Response.objects.get().reference == reference
    assert browser.get(f"{hub(case)}submit/")["Location"] == f"{hub(case)}check/"


def test_after_submission_every_page_leads_to_the_receipt(browser: Client, case: Case):
    answer_everything(browser, case)
    browser.post(f"{hub(case)}submit/", DECLARED)

    for path in (hub(case), f"{hub(case)}check/", page_path(case, "new_good")):
        assert browser.get(path)["Location"] == f"{hub(case)}receipt/"


def test_there_is_no_receipt_before_submission(browser: Client, case: Case):
    assert browser.get(f"{hub(case)}receipt/")["Location"] == hub(case)


def test_all_questions_are_shown_before_the_start_with_batteries_as_tables(
    browser: Client, case: Case
):
    page = browser.get(f"{hub(case)}questions/").content.decode()

    for words in ("Persons employed", "Did you cooperate?", "All that apply", "Turnover in 2025"):
        assert words in page
    assert page.count("<table>") == 2
    assert '<th scope="row">universities</th>' in page
    assert not Response.objects.exists()


def asked_marks(answer) -> list[str]:
    return re.findall(r'name="_asked" value="([^"]+)"', answer.content.decode())


UNLIKELY = {"employment": "0", "turnover": "5000", "turnover__unit": "units"}


def test_a_soft_edit_asks_once_and_keeps_the_reason(browser: Client, case: Case):
    question = save(browser, case, "size", **UNLIKELY)
    assert "You told us of turnover without staff." in text_of(question)
    assert "<title>Please check: " in question.content.decode()
    assert answers_of(case) == {}

    marks = asked_marks(question)
    answer = save(
        browser,
        case,
        "size",
        **UNLIKELY,
        _asked=marks,
        **{"_reason-turnover_without_staff": "A holding company"},
    )

    assert answer.status_code == 302
    decision = Response.objects.get().edit_decisions["turnover_without_staff"]
    assert (decision["kept"], decision["reason"]) == (True, "A holding company")
    assert decision["message"] == "You told us of turnover without staff."
    assert save(browser, case, "size", **UNLIKELY).status_code == 302


def test_changing_the_answer_settles_a_soft_edit(browser: Client, case: Case):
    marks = asked_marks(save(browser, case, "size", **UNLIKELY))

    save(browser, case, "size", **(UNLIKELY | {"employment": "9"}), _asked=marks)

    decision = Response.objects.get().edit_decisions["turnover_without_staff"]
    assert decision["kept"] is False
    assert answers_of(case)["employment"] == 9


def test_a_reason_may_not_be_endless_and_is_kept(browser: Client, case: Case):
    marks = asked_marks(save(browser, case, "size", **UNLIKELY))
    reason = {"_reason-turnover_without_staff": "x" * 1001}

    page = save(browser, case, "size", **UNLIKELY, _asked=marks, **reason)

    assert "Your reason has 1001 characters. Shorten it to 1000." in text_of(page)
    assert "x" * 1001 in page.content.decode()
    assert answers_of(case) == {}


def test_made_data_are_declared(case: Case):
    Wave.objects.update(made_data=True)

    assert "Demonstration." in text_of(admitted(case).get(hub(case)))


def test_a_firm_without_a_name_is_addressed_as_your_firm(db: None):
    case = open_case(firm_name="")

    page = admitted(case).get(page_path(case, "new_good"))

    assert "Did your firm introduce a new good" in text_of(page)


@pytest.mark.parametrize("saved_pages", [1, 3])
def test_pages_take_few_queries_however_much_was_saved(
    browser: Client, case: Case, django_assert_num_queries, saved_pages: int
):
    for page in ("new_good", "size", "last")[:saved_pages]:
        save(browser, case, page)

    # The session, and the invitation with all of its case; for the check also who answered.
    for path, queries in (
        (hub(case), 2),
        (page_path(case, "size"), 2),
        (f"{hub(case)}check/", 3),
        (f"{hub(case)}questions/", 2),
    ):
        with django_assert_num_queries(queries):
            browser.get(path)


def test_saving_takes_few_queries(browser: Client, case: Case, django_assert_max_num_queries):
    save(browser, case, "new_good", new_good="yes")

    with django_assert_max_num_queries(11):
        browser.post(page_path(case, "last"), {"_built_on": 1, "comment": "Fine"})


def test_two_firms_of_one_wave_do_not_see_each_others_answers(browser: Client, case: Case):
    other = make_case(case.wave, make_stratum(case.wave, "more"), "F0002")
    save(browser, case, "last", comment="Only ours")

    page = admitted(other).get(page_path(other, "last"))

    assert "Only ours" not in page.content.decode()
    assert PageVersion.objects.count() == 1
