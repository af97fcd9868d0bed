"""Last wave's answers on the page: shown, filled in, or confirmed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext

from surveys import questionnaire
from surveys.forms.controls import PriorAnswer
from surveys.forms.items import typed_from
from surveys.forms.pages import PageForm
from surveys.queries.prior import Prior, month_in_words, prior_of
from surveys.queries.responses import Standing
from surveys.questionnaire.instrument import Page
from surveys.questionnaire.items import Item


def attach(firm: Standing, form: PageForm, sent: Mapping[str, Any] | None = None) -> None:
    """Give the form what it shows of last wave's answers, and fill in what is to be prefilled.

    `sent` is what came with the request, whose choices are shown again.
    """
    prior = prior_of(firm.case)
    if prior is None:
        return
    for item in form.items:
        if item.dependent != "hidden" and item.name in prior.answers:
            form.priors[item.name] = _shown(firm, item, prior, sent)
            if item.dependent == "prefilled" and form.page.name not in firm.saved:
                form.initial.update(typed_from(item, prior.answers[item.name]))


def still_right(page: Page, firm: Standing, sent: Mapping[str, Any]) -> tuple[str, ...]:
    """The items whose former answer the firm has just confirmed."""
    prior = prior_of(firm.case)
    if prior is None:
        return ()
    return tuple(
        item.name
        for item in page.items
        if item.dependent == "confirmed"
        and item.name in prior.answers
        and sent.get(f"_still-{item.name}") == "yes"
    )


def confirm(page: Page, firm: Standing, values: QueryDict) -> dict[str, str]:
    """Put confirmed answers in the place of what was typed; sentences where both were given."""
    confirmed = still_right(page, firm, values)
    prior = prior_of(firm.case)
    contradictions: dict[str, str] = {}
    for item in page.items:
        if item.name not in confirmed or prior is None:
            continue
        former = {
            name: value if isinstance(value, list) else [str(value or "")]
            for name, value in typed_from(item, prior.answers[item.name]).items()
        }
        said = {name: values.getlist(name) for name in former}
        if any(any(each) for each in said.values()) and said != former:
            contradictions[item.name] = gettext(
                "You said that your earlier answer is still right, and also gave another one. "
                "Keep only one of the two."
            )
            continue
        for name, each in former.items():
            values.setlist(name, each)
    return contradictions


def told_in(moment: datetime, answer: str) -> str:
    """An earlier answer with when it was given."""
    month = month_in_words(moment)
    return gettext("You told us in {month}: {answer}").format(month=month, answer=answer)


def _shown(firm: Standing, item: Item, prior: Prior, sent: Mapping[str, Any] | None) -> PriorAnswer:
    answer = questionnaire.answer_text(item, prior.answers[item.name])
    choice = str((sent or {}).get(f"_still-{item.name}") or _said_before(firm, item))
    return PriorAnswer(
        text=told_in(prior.given_at, answer),
        asks=item.dependent == "confirmed",
        name=f"_still-{item.name}",
        choice=choice if choice in ("yes", "change") else "",
    )


def _said_before(firm: Standing, item: Item) -> str:
    flags = firm.response.prior_flags if firm.response else {}
    return {"confirmed": "yes", "changed": "change"}.get(flags.get(item.name, ""), "")
