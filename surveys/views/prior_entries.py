"""Entries of the wave before on the page of their roster: what was said, and what became of it."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from surveys import questionnaire
from surveys.queries.prior import month_in_words
from surveys.queries.prior_entries import Carried
from surveys.queries.responses import Standing
from surveys.questionnaire.dependent_entries import LastEntry
from surveys.questionnaire.instrument import Page
from surveys.views.roster_places import Place, entry_url


def month_of(carried: Carried) -> str:
    """When the list of the wave before was handed in; empty where there is none."""
    if carried.given_at is None or not carried.entries:
        return ""
    return month_in_words(carried.given_at)


def tag_of(carried: Carried, key: str) -> str:
    """What became of the entry so far, in a word or two."""
    if carried.is_to_be_confirmed(key):
        return gettext("To be confirmed")
    if carried.flags.get(key) == "changed":
        return gettext("Changed")
    return gettext("Still right") if carried.flags.get(key) == "confirmed" else ""


def told_lines(
    firm: Standing, page: Page, carried: Carried, last: LastEntry
) -> list[dict[str, str]]:
    """What the firm said of the entry, question by question; its name is said elsewhere.

    Questions speak of the years that they were about then.
    """
    context, then = Place(firm, page, carried.roster, last.key, 1).context, firm.case.wave.previous
    if then is not None:
        years = then.reference_first_year, then.reference_last_year
        context = replace(context, first_year=years[0], last_year=years[1])
    lines = []
    for item in carried.roster.items[1:]:
        local = item.name.removeprefix(f"{carried.roster.name}.")
        if local in last.told:
            answer = questionnaire.answer_text(item, last.told[local])
            lines.append({"question": questionnaire.fill(item.label, context), "answer": answer})
    return lines


def waiting_lines(
    request: HttpRequest, firm: Standing, page: Page, carried: Carried
) -> list[dict[str, Any]]:
    """Entries that are shown beside the list, each with the way to take it up."""
    return [
        {
            "name": last.name,
            "told": told_lines(firm, page, carried, last),
            "add": entry_url(request, firm, page, last.key, 1),
        }
        for last in carried.waiting
    ]


def gone_lines(carried: Carried) -> list[dict[str, str]]:
    """Entries of which the firm said that they no longer apply."""
    return [{"key": last.key, "name": last.name} for last in carried.gone]
