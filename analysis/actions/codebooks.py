"""The codebook of a wave, made once for each state of its answers and kept for the pages."""

import hashlib
from datetime import datetime, timedelta

from analysis import extracts
from analysis.actions.snapshots import dataset_for_pages, make_snapshot
from analysis.constructs import vocabulary
from analysis.constructs.described import described
from analysis.dataset import Dataset
from analysis.disclosure.rules import DisclosurePolicy
from analysis.extracts import Wave
from analysis.models import Codebook
from analysis.refusals import Refusal

# Up to here a codebook is made while the page waits: about a second.
QUICK_FIRMS = 5_000
# A worker that was asked and has not answered within this time is asked again.
PATIENCE = timedelta(minutes=10)
# Goes up when the same answers give another codebook.
RULES = 1
LEAST_FIRMS = DisclosurePolicy().least_firms


def make_codebook(*, wave: Wave, at: datetime) -> Codebook:
    """The codebook of the answers as they are; made only if the one that is kept is older."""
    mark = codebook_mark(wave)
    held = Codebook.objects.filter(wave=wave, mark=mark).first()
    if held is not None:
        return held
    dataset = _data(wave, at)
    lines = described(dataset, vocabulary(dataset), least_firms=LEAST_FIRMS)
    made = {"mark": mark, "firms": len(dataset.frame), "lines": lines, "made_at": at}
    # Two that make it at once make the same.
    return Codebook.objects.update_or_create(wave=wave, defaults={**made, "asked_at": None})[0]


def _data(wave: Wave, at: datetime) -> Dataset:
    """Of a large wave kept as a snapshot, too: checks of plans read it and not every answer."""
    if is_quick(wave):
        return dataset_for_pages(wave)
    try:
        return make_snapshot(wave=wave, at=at)[1]
    except Refusal:
        # A storage that is full or away keeps nobody from the codebook.
        return dataset_for_pages(wave)


def codebook_mark(wave: Wave) -> str:
    """64 characters; a kept codebook with others is of other answers, or made by other rules."""
    return hashlib.sha256(f"{RULES}\n{extracts.answers_mark(wave)}".encode()).hexdigest()


def is_quick(wave: Wave) -> bool:
    """Whether what the wave holds can be read while a page waits."""
    return not extracts.has_more_firms_than(wave, QUICK_FIRMS) or extracts.is_held_for_pages(wave)


def ask_for_codebook(*, wave: Wave, at: datetime) -> bool:
    """Note that a worker is asked to make it; False if one has been asked and may be at it."""
    Codebook.objects.get_or_create(wave=wave)
    free = Codebook.objects.filter(wave=wave, asked_at__isnull=True)
    late = Codebook.objects.filter(wave=wave, asked_at__lt=at - PATIENCE)
    return bool((free | late).update(asked_at=at))
