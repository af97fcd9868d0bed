"""Every kind of item as a firm meets it over HTTP: drawn, taken, or refused in words."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from surveys.models import Case, Response
from tests.surveys.firms import answers_of, open_case, page_path

DOCUMENT = Path("surveys/instruments/every_kind.yaml").read_text(encoding="utf-8")

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    return open_case(DOCUMENT)


def send(browser: Client, case: Case, page: str, typed: dict[str, Any], **more: Any) -> Any:
    response = Response.objects.filter(case=case).first()
    built_on = response.revision if response else 0
    return browser.post(page_path(case, page), {"_built_on": built_on} | typed | more)


def saved(browser: Client, case: Case, page: str, **typed: Any) -> dict[str, Any]:
    fields = {name.replace("__", "."): value for name, value in typed.items()}
    answer = send(browser, case, page, fields)
    assert answer.status_code == 302, errors(answer)
    return answers_of(case)


def errors(answer: Any) -> list[tuple[str, str]]:
    return [(line.field_id, line.message) for line in answer.context["form"].summary]


def body(browser: Client, case: Case, page: str) -> str:
    return browser.get(page_path(case, page)).content.decode()


def test_a_note_is_read_and_passed(browser: Client, case: Case) -> None:
    assert "Before you begin" in body(browser, case, "welcome")
    assert saved(browser, case, "welcome") == {}
    assert "welcome" in Response.objects.get().page_revisions


def test_a_reason_for_no_answer_is_an_answer(browser: Client, case: Case) -> None:
    said = saved(browser, case, "innovated", **{"innovated-no-answer": "refused"})

    assert said == {"innovated": {"missing": "refused"}}
    assert 'value="refused" checked' in body(browser, case, "innovated")


def test_a_reason_and_an_answer_are_not_both_taken(browser: Client, case: Case) -> None:
    typed = {"employment": "12", "employment-no-answer": "dont_know"}
    answer = send(browser, case, "size", typed)

    assert errors(answer) == [
        (
            "id_employment-no-answer",
            "You gave an answer and also chose “Don’t know”. Keep only one of the two.",
        )
    ]
    assert 'value="12"' in answer.content.decode()


def test_a_reason_that_is_not_offered_is_no_reason(browser: Client, case: Case) -> None:
    answer = send(browser, case, "innovated", {"innovated-no-answer": "not_applicable"})

    assert errors(answer) == [
        ("id_innovated-no-answer", "Choose one of the answers listed on this page.")
    ]


def test_a_blank_that_is_wanted_is_asked_about_once(browser: Client, case: Case) -> None:
    first = send(browser, case, "innovated", {})

    (question,) = first.context["questions"]
    assert question["edit"] == "innovated.required"
    assert answers_of(case) == {}
    again = send(browser, case, "innovated", {"_asked": question["mark"]})
    assert again.status_code == 302
    assert Response.objects.get().edit_decisions["innovated.required"]["kept"] is True


def innovate(browser: Client, case: Case, *products: str, **typed: str) -> None:
    saved(browser, case, "innovated", innovated="yes")
    saved(browser, case, "products", products=list(products), **typed)


def test_something_else_is_asked_under_its_option(browser: Client, case: Case) -> None:
    innovate(browser, case, "goods", "other", products__other="Spare parts")

    drawn = body(browser, case, "products")

    assert answers_of(case)["products.other"] == "Spare parts"
    assert 'data-shown-by="id_products-3"' in drawn
    assert drawn.count('name="products.other"') == 1


def test_a_text_under_an_option_that_was_not_chosen_is_kept_and_asked_about(
    browser: Client, case: Case
) -> None:
    saved(browser, case, "innovated", innovated="yes")
    typed = {"products": ["goods"], "products.other": "Spare parts"}
    first = send(browser, case, "products", typed)

    (question,) = first.context["questions"]
    assert question["message"] == (
        "You wrote something under “Something else” without choosing it. "
        "Choose it if the text is to count."
    )
    assert 'value="Spare parts"' in first.content.decode()
    assert send(browser, case, "products", typed, _asked=question["mark"]).status_code == 302
    assert answers_of(case)["products.other"] == "Spare parts"


def test_more_answers_than_the_item_takes_are_refused(browser: Client, case: Case) -> None:
    saved(browser, case, "innovated", innovated="yes")
    typed = {"products": ["goods", "services", "software", "other"]}
    answer = send(browser, case, "products", typed)

    assert errors(answer) == [("id_products", "Choose at most 3 answers; you chose 4.")]
    assert "Choose up to 3" in answer.content.decode()


def test_options_follow_earlier_answers(browser: Client, case: Case) -> None:
    innovate(browser, case, "services")

    drawn = body(browser, case, "best")

    assert 'value="services"' in drawn
    assert 'value="goods"' not in drawn
    assert errors(send(browser, case, "best", {"best": "goods"})) == [
        ("id_best", "Choose one of the answers listed on this page.")
    ]


def test_an_answer_that_is_no_longer_offered_goes_with_a_notice(
    browser: Client, case: Case
) -> None:
    innovate(browser, case, "goods")
    saved(browser, case, "best", best="goods")
    saved(browser, case, "products", products=["services"])

    drawn = body(browser, case, "best")

    assert "Your earlier answer “The new goods” no longer goes with your other answers" in drawn
    assert " checked" not in drawn
    messages = browser.get(f"/firm/{case.public_id}/check/").context["problems"]
    assert [each["message"] for each in messages] == [
        "An answer to “Which of them matters most for your sales?” no longer goes with your "
        "other answers. Choose again."
    ]


def test_a_question_that_rests_on_its_own_page_is_drawn_for_the_script(
    browser: Client, case: Case
) -> None:
    drawn = body(browser, case, "method")

    assert 'data-item="joint_with" data-kind="entry" data-when="{&quot;' in drawn


def test_what_does_not_apply_is_kept_and_does_not_count(browser: Client, case: Case) -> None:
    said = saved(browser, case, "method", method="own", joint_with="A university")

    assert said["joint_with"] == "A university"
    lines = browser.get(f"/firm/{case.public_id}/check/").context["sheet"][0].lines
    assert "joint_with" not in [line.item for line in lines]


def test_what_was_folded_away_is_not_lost(browser: Client, case: Case) -> None:
    saved(browser, case, "method", method="joint", joint_with="A university")

    # A browser with a script does not send what it folded away.
    assert saved(browser, case, "method", method="own")["joint_with"] == "A university"


def test_what_is_wrong_where_nothing_is_asked_does_not_hold_up(browser: Client, case: Case) -> None:
    said = saved(browser, case, "method", method="own", method__persons="a few")

    assert said["method.persons"] is None


@pytest.mark.parametrize(
    ("day", "month", "year", "field", "says"),
    [
        ("31", "13", "2024", "month", "Enter the month as a number from 1 to 12."),
        ("31", "2", "2024", "day", "There is no such day in that month"),
        ("27", "", "2024", "month", "Enter the month of the date as well."),
        ("27", "3", "24", "year", "Enter the year in four figures, like 2024."),
        ("1", "1", "1999", "day", "not before 1 Jan"),
        ("xx", "3", "2024", "day", "Enter the day as a number from 1 to 31."),
    ],
)
def test_the_first_wrong_part_of_a_date_is_named(
    browser: Client, case: Case, day: str, month: str, year: str, field: str, says: str
) -> None:
    typed = {"launched-day": day, "launched-month": month, "launched-year": year}
    ((found, message),) = errors(send(browser, case, "dates", typed))

    assert found == f"id_launched-{field}"
    assert says in message


def test_a_date_and_a_month_come_back_as_they_were_typed(browser: Client, case: Case) -> None:
    said = saved(
        browser,
        case,
        "dates",
        **{
            "launched-day": "27",
            "launched-month": "03",
            "launched-year": "2024",
            "next_launch-month": "4",
            "next_launch-year": "2026",
        },
    )

    assert said == {"launched": "2024-03-27", "next_launch": "2026-04"}
    assert 'name="launched-month" value="3"' in body(browser, case, "dates")


def test_a_point_of_a_scale_is_a_number(browser: Client, case: Case) -> None:
    assert saved(browser, case, "closeness", closeness="0") == {"closeness": 0}
    drawn = body(browser, case, "closeness")
    assert 'value="0" checked' in drawn
    assert "Not at all" in drawn


def give_turnover(browser: Client, case: Case) -> None:
    saved(
        browser,
        case,
        "size",
        **{
            "employment": "12",
            "turnover_home": "4 000",
            "turnover_home-unit": "thousands",
            "turnover_abroad": "1000000",
            "turnover_abroad-unit": "units",
        },
    )


def test_a_number_worked_out_is_played_back_with_the_way_to_change_it(
    browser: Client, case: Case
) -> None:
    give_turnover(browser, case)

    drawn = body(browser, case, "turnover")

    assert "5\u2009000\u2009000 EUR" in drawn
    assert "EUR 4\u2009000\u2009000" in drawn
    assert f"{page_path(case, 'size')}?to=turnover" in drawn
    changed = browser.post(
        page_path(case, "size") + "?to=turnover", {"_built_on": 1, "employment": "12"}
    )
    assert changed.url == page_path(case, "turnover")
    assert "It cannot be worked out" in body(browser, case, "turnover")
    assert "turnover" not in saved(browser, case, "turnover")


def test_nobody_is_led_back_to_a_page_that_is_not_there(browser: Client, case: Case) -> None:
    address = page_path(case, "closeness") + "?to=//elsewhere.example"
    answer = browser.post(address, {"_built_on": 0, "closeness": "1"})

    assert answer.url.startswith(f"/firm/{case.public_id}/")
    assert "elsewhere" not in answer.url


def test_parts_go_up_to_an_earlier_answer(browser: Client, case: Case) -> None:
    give_turnover(browser, case)
    drawn = body(browser, case, "spending")
    assert 'data-total="5000000" data-at-most' in drawn
    assert "at most 5\u2009000\u2009000" in drawn

    typed = {"spending-research": "4900000", "spending-design": "200000"}
    ((field, message),) = errors(send(browser, case, "spending", typed))

    assert field == "id_spending-research"
    assert "at most 5\u2009000\u2009000 EUR" in message
    assert saved(browser, case, "spending", **{"spending-research": "100"})["spending"] == {
        "research": 100,
        "design": 0,
    }


def test_parts_of_an_unknown_total_are_taken_as_they_are(browser: Client, case: Case) -> None:
    assert 'data-total=""' in body(browser, case, "spending")
    said = saved(browser, case, "spending", **{"spending-design": "7"})
    assert said["spending"] == {"research": 0, "design": 7}


def test_numbers_in_the_columns_of_a_row_are_boxes_with_labels(browser: Client, case: Case) -> None:
    saved(browser, case, "visits-filter", visits__filter=["suppliers"])
    drawn = body(browser, case, "visits-suppliers")
    assert "<table" not in drawn
    assert 'for="id_visits-suppliers-meetings-here"' in drawn

    field = "visits.suppliers-meetings-here"
    wrong = send(browser, case, "visits-suppliers", {field: "5000"})

    assert errors(wrong) == [
        ("id_visits-suppliers-meetings-here", "Enter a number of 1\u2009000 or less.")
    ]
    said = saved(browser, case, "visits-suppliers", **{field: "12 meetings"})
    assert said["visits.suppliers"] == {"meetings": {"here": 12}}


def test_stacked_rows_stand_on_one_page_in_fieldsets(browser: Client, case: Case) -> None:
    drawn = body(browser, case, "sources")

    assert drawn.count('data-kind="battery_row"') == 2
    assert "How important were clients for your new products?" in drawn


def test_the_script_is_told_of_edits_and_of_no_other_answers(browser: Client, case: Case) -> None:
    saved(browser, case, "closeness", closeness="4")
    drawn = body(browser, case, "size")

    assert "No firm of the country has so many staff." in drawn
    assert 'data-answers="{}"' in drawn


def test_a_page_of_one_item_takes_few_queries(
    browser: Client, case: Case, django_assert_max_num_queries
) -> None:
    body(browser, case, "closeness")
    with django_assert_max_num_queries(3):
        body(browser, case, "country")
