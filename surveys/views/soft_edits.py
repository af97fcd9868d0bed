"""Soft edits on a page: asked once with the answers that they speak of, then decided."""

import hashlib
from collections.abc import Mapping
from typing import Any, Protocol

from django.http import HttpRequest

from surveys.actions.responses import Decision
from surveys.forms.text import plain
from surveys.questionnaire import Finding
from surveys.questionnaire.instrument import Page
from surveys.questionnaire.speech import say

LONGEST_REASON = 1000


class Asking(Protocol):
    """What asks about its soft edits: the form of a page, or the list of a roster."""

    page: Page
    questions: tuple[Finding, ...]

    def add_error(self, field: str | None, error: str, /) -> None: ...


def asked_mark(finding: Finding) -> str:
    """Tells a soft edit with the sentence it spoke, so that other answers are asked anew."""
    return f"{finding.edit}:{hashlib.sha256(finding.message.encode()).hexdigest()[:16]}"


def unasked(request: HttpRequest, form: Asking, decided: Mapping[str, Any]) -> list[Finding]:
    """Soft edits that the firm has not been asked about with these answers."""
    asked = set(request.POST.getlist("_asked"))
    return [
        finding
        for finding in form.questions
        if asked_mark(finding) not in asked
        and decided.get(finding.edit, {}).get("message") != finding.message
    ]


def decisions(request: HttpRequest, form: Asking) -> list[Decision]:
    """What the firm did when it was asked: let its answers stand, or changed them."""
    asked = set(request.POST.getlist("_asked"))
    kept = [
        Decision(finding.edit, finding.message, kept=True, reason=_reason(request, finding.edit))
        for finding in form.questions
        if asked_mark(finding) in asked
    ]
    speaking = {finding.edit for finding in form.questions}
    changed = {mark.partition(":")[0] for mark in asked} - speaking
    return kept + [Decision(edit, "", kept=False) for edit in sorted(changed & known_edits(form))]


def known_edits(form: Asking) -> set[str]:
    """Every edit that may speak on the page: the author's, and those on single items."""
    on_items = {
        f"{item.name}.{kind}" for item in form.page.items for kind in ("required", "unchosen")
    }
    return {edit.name for edit in form.page.edits} | on_items


def reason_too_long(request: HttpRequest, form: Asking) -> bool:
    """Add an error for every reason over the limit. True if there was one."""
    lengths = [len(_reason(request, finding.edit)) for finding in form.questions]
    if max(lengths, default=0) <= LONGEST_REASON:
        return False
    sentence = say(
        "Your reason has {length} characters. Shorten it to {most}.",
        length=max(lengths),
        most=LONGEST_REASON,
    )
    form.add_error(None, sentence)
    return True


def as_asked(request: HttpRequest, questions: tuple[Finding, ...]) -> list[dict[str, str]]:
    """The soft edits as the page shows them."""
    return [
        {
            "edit": finding.edit,
            "message": finding.message,
            "mark": asked_mark(finding),
            "reason": _reason(request, finding.edit),
        }
        for finding in questions
    ]


def _reason(request: HttpRequest, edit: str) -> str:
    return plain(request.POST.get(f"_reason-{edit}", ""))
