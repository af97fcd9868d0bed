"""Saving a section that was filled in away from the questionnaire, all of it or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from surveys.actions import responses
from surveys.actions.responses import Decision
from surveys.actions.roster_uploads import ReadList, save_list
from surveys.actions.writers import Writer
from surveys.models import Case, CaseEvent


@dataclass(frozen=True, slots=True)
class ReadPage:
    """The answers of one page that a person confirmed."""

    page: str
    answers: Mapping[str, Any]
    decisions: tuple[Decision, ...]


@transaction.atomic
def save(
    *,
    case: Case,
    section: str,
    pages: Sequence[ReadPage | ReadList],
    built_on: int,
    by: Writer | None,
    at: datetime,
) -> int:
    """Write the pages in their order; the number of them.

    `built_on` is the revision that the person saw when they confirmed. Raises what
    `responses.save_page` and `save_list` raise; nothing is then written at all.
    """
    for read in pages:
        if isinstance(read, ReadList):
            save_list(case=case, read=read, seen=built_on, by=by, at=at)
            continue
        responses.save_page(
            case=case,
            page=read.page,
            answers=read.answers,
            built_on=built_on,
            decisions=read.decisions,
            at=at,
            by=by,
        )
    if pages:
        detail = {"section": section, "pages": [read.page for read in pages]}
        CaseEvent.objects.create(case=case, kind="section_uploaded", at=at, detail=detail)
    return len(pages)
