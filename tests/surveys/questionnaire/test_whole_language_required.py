"""Which blanks are asked about and which are refused."""

from typing import Any

import pytest

from surveys.questionnaire import Finding, check_page, required_findings
from tests.surveys.questionnaire.authored import context
from tests.surveys.questionnaire.whole_language import OTHER, WHOLE, instrument


def findings(page: str, answers: dict[str, Any]) -> tuple[Finding, ...]:
    return check_page(WHOLE.page(page), answers, context(WHOLE, answers))


def test_a_blank_that_is_required_is_asked_about_or_refused() -> None:
    assert findings("firm", {}) == (
        Finding(
            "employment_last.required",
            "soft",
            "Answer this question, or choose why you cannot. "
            "If you cannot, confirm that you leave it blank.",
            ("employment_last",),
        ),
    )
    assert findings("origin", {}) == (
        Finding(
            "origin.required",
            "hard",
            "Answer this question, or choose why you cannot.",
            ("origin",),
        ),
    )


@pytest.mark.parametrize("answer", [["staff"], {"missing": "not_applicable"}])
def test_an_answer_or_a_reason_is_enough_where_one_is_required(answer: Any) -> None:
    assert findings("origin", {"origin": answer}) == ()


def test_a_reason_that_is_not_offered_is_not_enough() -> None:
    assert [f.edit for f in findings("origin", {"origin": {"missing": "refused"}})] == [
        "origin.required"
    ]


def test_what_an_entry_lacks_is_asked_with_its_name() -> None:
    entry = {"entry": "ab12", "name": "Nord AS"}
    found = required_findings(WHOLE.page("partners"), {"partners": [entry, OTHER]})

    assert found == (
        Finding(
            "partners.type.required",
            "hard",
            "Partner “Nord AS”, “What is it?”: Answer this question.",
            ("partners",),
        ),
    )


def test_a_question_that_quotes_the_entry_is_told_for_each_in_its_words() -> None:
    work = {
        "name": "work",
        "kind": "text",
        "label": "What do you do with {answer:ties.name}?",
        "required": "hard",
    }
    name = {"name": "name", "kind": "text", "label": "Name"}
    made = instrument(
        {
            "name": "ties",
            "kind": "roster",
            "label": "Ties",
            "thing": "tie",
            "things": "ties",
            "pages": [{"title": "Who", "items": [name]}, {"title": "What", "items": [work]}],
        }
    )
    entries = [{"entry": "aaaa", "name": "Nord"}, {"entry": "bbbb", "name": "Vest"}]
    answers = {"ties": entries}

    found = check_page(made.page("p0"), answers, context(made, answers))

    assert [each.message for each in found] == [
        "Tie “Nord”, “What do you do with Nord?”: Answer this question.",
        "Tie “Vest”, “What do you do with Vest?”: Answer this question.",
    ]


def test_an_item_that_is_not_asked_is_not_required() -> None:
    made = instrument(
        {"name": "a", "kind": "number", "label": "A"},
        {"name": "b", "kind": "number", "label": "B", "required": "hard", "when": "a > 1"},
    )

    assert required_findings(made.page("p1"), {"a": 1}) == ()
    assert len(required_findings(made.page("p1"), {"a": 2})) == 1
