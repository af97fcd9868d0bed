"""Pages that nobody has answered are drawn once; no firm sees anything of another's."""

from typing import Any

import pytest
from django.utils import translation

from surveys import questionnaire
from surveys.forms.controls import PriorAnswer
from surveys.forms.pages import PageForm
from surveys.forms.pages_layout import _kept_page
from surveys.questionnaire import FillContext
from tests.surveys.firms import QUESTIONNAIRE

INSTRUMENT = questionnaire.compile_text(QUESTIONNAIRE)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    _kept_page.cache_clear()


def form(page: str = "new_good", firm: str = "Nord AS", **more: Any) -> PageForm:
    answers = more.pop("counting", {"new_good": "yes"})
    context = FillContext(firm, 2022, 2024, answers=answers, instrument=INSTRUMENT)
    return PageForm(page=INSTRUMENT.page(page), context=context, **more)


def drawn(shown: PageForm) -> str:
    return str(shown.helper.render_layout(shown, {}))


def test_a_blank_page_is_drawn_once_and_quotes_each_firm():
    first, second = drawn(form(firm="Nord AS")), drawn(form(firm="Sør & <b>Co</b>"))

    assert _kept_page.cache_info().hits == 1
    assert "Did Nord AS introduce" in first
    assert "Did Sør &amp; &lt;b&gt;Co&lt;/b&gt; introduce" in second
    assert second.replace("Sør &amp; &lt;b&gt;Co&lt;/b&gt;", "Nord AS") == first


def test_what_a_firm_said_is_never_kept_and_never_left_out():
    blank = drawn(form())
    answered = drawn(form(answers={"new_good": "yes"}))
    typed = drawn(form(data={"new_good": "no"}))

    assert "checked" not in blank
    assert 'value="yes" checked' in " ".join(answered.split())
    assert 'value="no" checked' in " ".join(typed.split())
    assert drawn(form()) == blank


def test_a_draft_a_notice_and_last_waves_answer_are_shown():
    blank = drawn(form())
    with_draft, with_notice, with_prior = form(), form(), form()
    with_draft.initial["new_good"] = "yes"
    with_notice.notices["new_good"] = "Look again."
    with_prior.priors["new_good"] = PriorAnswer("Yes, last time", asks=False, name="", choice="")

    assert "checked" in drawn(with_draft)
    assert "Look again." in drawn(with_notice)
    assert "Yes, last time" in drawn(with_prior)
    assert drawn(form()) == blank


def test_each_language_has_a_page_of_its_own():
    english = drawn(form("size"))
    with translation.override("nb"):
        drawn(form("size"))
    assert _kept_page.cache_info().hits == 0
    assert drawn(form("size")) == english
