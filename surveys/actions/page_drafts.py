"""What was typed on an open page and not saved yet: kept, and thrown away.

A draft never counts as an answer. Saving its page removes it (`responses.write_page`), so do
submitting and closing the field.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from surveys.actions.freezing import refuse_frozen_case
from surveys.actions.responses import begin, instrument_for_writing
from surveys.models import Case, Contributor, PageDraft, Response

Typed = Mapping[str, Sequence[str]]

LARGEST = 64 * 1024  # bytes of one draft
PAUSE = timedelta(seconds=3)
_PAUSE_WHEN_LEAVING = timedelta(milliseconds=300)
_UNDER_WAY = timedelta(seconds=10)


class TooSoon(Exception):
    """The last draft of the page was kept a moment ago; the next one will bring it all."""


class TooLarge(Exception):
    """More was typed than a draft holds."""


@transaction.atomic
def keep(
    *,
    case: Case,
    page: str,
    entry: str,
    typed: Typed,
    built_on: int,
    at: datetime,
    is_leaving: bool = False,
    by: Contributor | None = None,
) -> PageDraft | None:
    """Keep what was typed. None if the page was saved while this was under way.

    `typed` are the fields of the page's form and nothing else; `entry` is empty, or entry
    and step of a roster (``k3f9/2``). The last word of a person who leaves waits less.

    Raises
    ------
    WaveClosed, AlreadySubmitted, TooSoon, TooLarge
    """
    if sum(len(name.encode()) + _bytes(values) for name, values in typed.items()) > LARGEST:
        raise TooLarge
    response = begin(case=case, at=at)
    instrument_for_writing(response)
    former = PageDraft.objects.filter(response=response, page=page, entry=entry).first()
    pause = _PAUSE_WHEN_LEAVING if is_leaving else PAUSE
    if former is not None and former.kept_at <= at < former.kept_at + pause:
        raise TooSoon
    if _was_saved_meanwhile(response, page, entry, built_on, at):
        return None
    kept, _ = PageDraft.objects.update_or_create(
        response=response,
        page=page,
        entry=entry,
        defaults={
            "typed": {name: list(values) for name, values in typed.items()},
            "built_on": built_on,
            "kept_at": at,
            "contributor": by,
        },
    )
    return kept


def discard(*, case: Case, page: str, entry: str) -> bool:
    """Throw the draft away. False if there was none. Raises WaveFrozen."""
    refuse_frozen_case(case)
    found = PageDraft.objects.filter(response__case=case, page=page, entry=entry)
    return found.delete()[0] > 0


def _was_saved_meanwhile(
    response: Response, page: str, entry: str, built_on: int, at: datetime
) -> bool:
    """Whether the page was saved just now: the draft then set out before and arrives late.

    A colleague's save of the same moment looks alike; then the next draft is kept.
    """
    key = f"{page}/{entry}" if entry else page
    newer = response.page_revisions.get(key, 0) > built_on
    return newer and response.saved_at is not None and at - response.saved_at < _UNDER_WAY


def _bytes(values: Sequence[str]) -> int:
    return sum(len(value.encode(errors="replace")) for value in values)
