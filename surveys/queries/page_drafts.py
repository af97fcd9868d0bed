"""Drafts of pages: what was typed and not saved, and where to go back to."""

from collections.abc import Mapping
from typing import Any

from surveys.models import PageDraft
from surveys.queries.responses import Standing
from surveys.queries.visits import may_have_drafts

WAITS = 3  # drafts that the hub speaks of


def draft_of(firm: Standing, page: str, entry: str = "") -> PageDraft | None:
    """The draft of a page, or of one step of an entry of a roster."""
    if firm.response is None or firm.is_submitted or not may_have_drafts(firm.case):
        return None
    drafts = PageDraft.objects.filter(response=firm.response, page=page, entry=entry)
    return next(iter(drafts[:1]), None)


def waiting_drafts(firm: Standing) -> tuple[PageDraft, ...]:
    """Drafts of pages that still apply, the newest first."""
    if firm.response is None or firm.is_submitted or not may_have_drafts(firm.case):
        return ()
    drafts = PageDraft.objects.filter(response=firm.response).order_by("-kept_at", "pk")
    return tuple(each for each in drafts if firm.route.holds(each.page))[:WAITS]


def is_overtaken(draft: PageDraft, firm: Standing) -> bool:
    """Whether the page was saved by someone else since it was opened for this draft."""
    key = f"{draft.page}/{draft.entry}" if draft.entry else draft.page
    revisions: Mapping[str, Any] = firm.response.page_revisions if firm.response else {}
    return bool(revisions.get(key, 0) > draft.built_on)
