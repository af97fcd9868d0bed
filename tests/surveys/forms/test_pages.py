from typing import Any

import pytest
from django.http import QueryDict

from surveys import questionnaire
from surveys.forms.pages import PageForm
from surveys.questionnaire import FillContext
from tests.surveys.firms import QUESTIONNAIRE

INSTRUMENT = questionnaire.compile_text(QUESTIONNAIRE)


def form(page: str, typed: dict[str, Any] | None = None, answers: dict[str, Any] | None = None):
    data = None
    if typed is not None:
        data = QueryDict(mutable=True)
        for name, value in typed.items():
            data.setlist(name, value if isinstance(value, list) else [value])
    context = FillContext("Nord AS", 2023, 2025, {}, INSTRUMENT)
    return PageForm(page=INSTRUMENT.page(page), context=context, data=data, answers=answers)


def errors(page: str, typed: dict[str, Any]) -> list[tuple[str, str]]:
    sent = form(page, typed)
    assert not sent.is_valid()
    return [(line.field_id, line.message) for line in sent.summary]


def answers(page: str, typed: dict[str, Any]) -> dict[str, Any]:
    sent = form(page, typed)
    assert sent.is_valid(), sent.errors
    return sent.answers


def test_a_page_left_blank_is_valid():
    for page in INSTRUMENT.pages:
        assert answers(page.name, {}) == {item.name: None for item in page.items}


def test_words_are_no_number():
    assert errors("size", {"employment": "about fifty"}) == [
        ("id_employment", "Enter a number in figures, like 25000.")
    ]


def test_a_negative_share_is_refused():
    assert errors("last", {"graduate_share": "-1"}) == [
        ("id_graduate_share", "Enter a number of 0 or more.")
    ]


def test_a_share_over_a_hundred_is_refused():
    assert errors("last", {"graduate_share": "101 %"}) == [
        ("id_graduate_share", "Enter a number of 100 or less.")
    ]


def test_parts_that_miss_the_total_are_refused_with_both_sums():
    field, message = errors(
        "turnover_newness", {"turnover_newness-new": "60", "turnover_newness-unchanged": "60"}
    )[0]

    assert field == "id_turnover_newness-new"
    assert "100 %" in message
    assert "120 %" in message


def test_a_blank_part_counts_as_nought():
    assert answers("turnover_newness", {"turnover_newness-new": "100"}) == {
        "turnover_newness": {"new": 100, "unchanged": 0}
    }


def test_a_text_over_the_limit_is_refused_with_limit_and_length():
    ((field, message),) = errors("last", {"comment": "x" * 5000})

    assert field == "id_comment"
    assert "200" in message
    assert "5\u2009000" in message


def test_line_ends_of_browsers_count_once():
    assert answers("last", {"comment": "x" * 99 + "\r\n" * 2 + "y" * 99})["comment"] == (
        "x" * 99 + "\n\n" + "y" * 99
    )


def test_an_exclusive_option_goes_with_nothing_else():
    ((field, message),) = errors("activity", {"activity": ["research", "none"]})

    assert field == "id_activity"
    assert "We did not cooperate" in message


def test_a_code_that_is_not_listed_is_refused():
    listed = "Choose one of the answers listed on this page."

    assert errors("new_good", {"new_good": "maybe"}) == [("id_new_good", listed)]
    assert errors("activity", {"activity": ["research", "hacking"]}) == [("id_activity", listed)]


def test_a_facet_that_does_not_apply_is_refused_with_the_way_out():
    ((field, message),) = errors(
        "sources-fairs", {"sources.fairs-importance": "0", "sources.fairs-scale": ["local"]}
    )

    assert field == "id_sources-fairs-scale"
    assert "Not used" in message
    assert "Change one of the two" in message


def test_money_in_thousands_is_stored_in_whole_units():
    typed = {"turnover": "EUR 2,5", "turnover-unit": "thousands"}

    assert answers("size", typed)["turnover"] == {"amount": 2500, "unit": "thousands"}


def test_money_asks_for_its_unit():
    ((field, message),) = errors("size", {"turnover": "2500"})

    assert field == "id_turnover-unit"
    assert "thousands" in message


def test_money_with_cents_is_refused():
    ((field, message),) = errors("size", {"turnover": "2500.75", "turnover-unit": "units"})

    assert field == "id_turnover"
    assert message == "Enter a whole number, like 2500000."


def test_a_unit_without_an_amount_is_a_blank():
    assert answers("size", {"turnover-unit": "units"})["turnover"] is None


def test_a_hard_edit_speaks_at_its_item():
    ((field, message),) = errors("size", {"employment": "5000", "employment_first": "1"})

    assert field == "id_employment"
    assert message == "The number of persons cannot have grown a thousandfold."


def test_a_soft_edit_is_a_question_and_no_error():
    sent = form("size", {"employment": "0", "turnover": "1", "turnover-unit": "units"})

    assert sent.is_valid()
    assert [question.edit for question in sent.questions] == ["turnover_without_staff"]


def test_every_error_stands_in_the_summary_once_and_in_the_order_of_the_page():
    fields = [
        field
        for field, _ in errors(
            "last", {"start_year": "soon", "graduate_share": "few", "comment": "x" * 300}
        )
    ]

    assert fields == ["id_start_year", "id_graduate_share", "id_comment"]


@pytest.mark.parametrize("page", INSTRUMENT.pages, ids=lambda page: page.name)
def test_every_page_is_drawn_by_crispy_forms_with_a_label_for_every_input(page):
    sent = form(page.name)

    html = sent.helper.render_layout(sent, {})

    for name in sent.fields:
        assert f'name="{name}"' in html
    ids = [part.split('"')[0] for part in html.split('<input class="')[1:]]
    assert html.count("<label") >= len(ids)


def test_what_a_firm_typed_is_shown_as_text_and_not_as_markup():
    sent = form("last", {"comment": "</textarea><script>alert(1)</script>", "start_year": '"><b>'})
    sent.is_valid()

    html = sent.helper.render_layout(sent, {})

    assert "<script>" not in html
    assert "<b>" not in html
    assert "&lt;/textarea&gt;&lt;script&gt;" in html


def test_definitions_of_repeated_options_are_said_once():
    text = QUESTIONNAIRE.replace(
        "{value: local, label: Local area}",
        "{value: local, label: Local area, definition: Within an hour.}",
    ).replace(
        "            rows:\n              - {value: suppliers",
        "            groups:\n              - {name: all, title: All, rows: [suppliers, universities]}\n"
        "            rows:\n              - {value: suppliers",
    )
    instrument = questionnaire.compile_text(text)
    context = FillContext("Nord AS", 2023, 2025, {}, instrument)
    page = PageForm(page=instrument.page("cooperation-all"), context=context)

    html = page.helper.render_layout(page, {})

    assert html.count("Within an hour.") == 1
    assert html.count('class="scale-tag scale-local"') == 2
