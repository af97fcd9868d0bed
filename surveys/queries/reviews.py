"""What the institute said to a response, and everything each of its answers once was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from surveys import questionnaire
from surveys.models import AnswerEdit, OfficeReview, PageVersion, Response
from surveys.queries.responses import Standing
from surveys.questionnaire.items import Item, Roster


@dataclass(frozen=True, slots=True)
class Said:
    """What one answer was from a moment on, by whom, and why if the institute changed it."""

    at: datetime
    answer: str
    who: str
    reason: str


def reviews_of(response: Response) -> QuerySet[OfficeReview]:
    """Newest first."""
    return (
        OfficeReview.objects.filter(response=response).select_related("by").order_by("-at", "-pk")
    )


def comment_for_firm(firm: Standing) -> str:
    """What the institute asks the firm to look at; empty where nothing was returned.

    A response that was never handed in has no reference, and costs no statement.
    """
    response = firm.response
    if response is None or not response.reference or response.is_submitted:
        return ""
    latest = reviews_of(response).first()
    if latest is None or latest.verdict != OfficeReview.Verdict.RETURNED:
        return ""
    return latest.comment


def histories(firm: Standing) -> dict[str, tuple[Said, ...]]:
    """By item, all it was from the first save to now; in two statements."""
    response = firm.response
    if response is None:
        return {}
    items = {item.name: item for item in firm.instrument.items}
    reasons = _reasons(response, items)
    told: dict[str, list[Said]] = {}
    last: dict[str, Any] = {}
    versions = PageVersion.objects.filter(response=response).select_related("by", "contributor")
    for version in versions.order_by("revision"):
        who = version.by.get_username() if version.by else "The firm"
        told_to = f"The firm by telephone, to {who}" if version.by else who
        for name, answer in version.answers.items():
            if name not in items or (name in last and last[name] == answer):
                continue
            if name not in last and answer is None:
                continue
            last[name] = answer
            reason = reasons.get((name, version.saved_at), "")
            words = _words(items[name], answer)
            said = Said(version.saved_at, words, who if reason else told_to, reason)
            told.setdefault(name, []).append(said)
    return {name: tuple(said) for name, said in told.items()}


def _reasons(response: Response, items: Mapping[str, Item]) -> Mapping[tuple[str, datetime], str]:
    """By item and moment; of an entry, by the roster in whose list it stands."""
    edits = AnswerEdit.objects.filter(response=response)
    rosters = [name for name, item in items.items() if isinstance(item, Roster)]
    found = {}
    for item, entry, at, reason in edits.values_list("item", "entry", "at", "reason"):
        holder = next((each for each in rosters if item.startswith(f"{each}.")), item)
        found[holder if entry else item, at] = reason
    return found


def _words(item: Item, answer: Any) -> str:
    return questionnaire.answer_text(item, answer)
