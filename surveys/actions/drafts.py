"""Drafts of instruments: made, changed step by step, stepped back, published, dropped.

Every change says which revision it builds on. One that builds on an older revision is
refused with `ChangedMeanwhile`; what it would overwrite is then shown to its author.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from surveys import questionnaire
from surveys.actions import instruments
from surveys.models import (
    AuditEvent,
    DraftRevision,
    Instrument,
    InstrumentDraft,
    Survey,
    User,
)
from surveys.questionnaire.editing.places import fresh_name, skeleton_faults
from surveys.questionnaire.editing.text import document_text
from surveys.questionnaire.reading import LARGEST_FILE, plain

RESERVED_SLUGS = frozenset({"new"})
"""Names a draft may not have: they are parts of addresses."""

LONGEST_TITLE = 200
LONGEST_CHANGE = 200
LARGEST_DOCUMENT = LARGEST_FILE
MOST_STEPS = 500

Document = Mapping[str, Any]


class ChangedMeanwhile(Exception):
    """Another change was saved after the revision that this one builds on.

    Attributes
    ----------
    draft : the draft as it stands now
    steps : what was changed since, the newest first
    """

    def __init__(self, draft: InstrumentDraft, built_on: int) -> None:
        self.draft = draft
        self.built_on = built_on
        self.steps = tuple(draft.revisions.filter(revision__gt=built_on).select_related("by"))
        super().__init__(f"Revision {built_on} of “{draft.title}” is not the present one.")


class DraftRefused(ValueError):
    """The document cannot be kept as a draft; `problems` say why."""

    def __init__(self, problems: tuple[questionnaire.Problem, ...]) -> None:
        self.problems = problems
        super().__init__(" ".join(problem.message for problem in problems))


class NothingToUndo(Exception):
    """The draft has no earlier state."""


def create(
    *,
    survey: Survey,
    document: Document,
    by: User | None,
    at: datetime,
    based_on: Instrument | None = None,
) -> InstrumentDraft:
    """Keep the document as a new draft, under its own name or that with a number.

    Raises DraftRefused if it has no lists of sections, pages and items, or is too large.
    """
    kept = _fit(document)
    wanted = slugify(str(kept.get("instrument") or ""))[:70] or "draft"
    for _ in range(3):
        taken = set(survey.instrument_drafts.values_list("slug", flat=True)) | RESERVED_SLUGS
        slug = fresh_name(wanted.replace("-", "_"), {name.replace("-", "_") for name in taken})
        try:
            return _created(survey, slug.replace("_", "-"), kept, by, at, based_on)
        except IntegrityError:
            continue  # another draft took the name in the meantime
    raise DraftRefused((_busy(),))


@transaction.atomic
def _created(
    survey: Survey,
    slug: str,
    document: dict[str, Any],
    by: User | None,
    at: datetime,
    based_on: Instrument | None,
) -> InstrumentDraft:
    draft = InstrumentDraft.objects.create(
        survey=survey,
        slug=slug,
        title=_title(document),
        document=document,
        based_on=based_on,
        changed_at=at,
        changed_by=by,
    )
    _audit(draft, "draft_created", by, at)
    return draft


@transaction.atomic
def change(
    *,
    draft: InstrumentDraft,
    built_on: int,
    operation: Callable[[dict[str, Any]], Document],
    what: str,
    by: User | None,
    at: datetime,
) -> InstrumentDraft:
    """Replace the document by what the operation makes of it, and keep the former one.

    `what` says the change in words. An operation that changes nothing makes no step.
    Raises ChangedMeanwhile, DraftRefused, and whatever the operation raises.
    """
    current = InstrumentDraft.objects.select_for_update().get(pk=draft.pk)
    if current.revision != built_on:
        raise ChangedMeanwhile(current, built_on)
    document = _fit(operation(dict(current.document)))
    if document == current.document:
        return current
    return _stepped(current, document, what, by, at)


@transaction.atomic
def undo(
    *, draft: InstrumentDraft, built_on: int, to: int, by: User | None, at: datetime
) -> InstrumentDraft:
    """Go back to the document before the step `to`. That is a step as well, to be undone.

    Raises ChangedMeanwhile and NothingToUndo.
    """
    current = InstrumentDraft.objects.select_for_update().get(pk=draft.pk)
    if current.revision != built_on:
        raise ChangedMeanwhile(current, built_on)
    step = current.revisions.filter(revision=to).first()
    if step is None:
        raise NothingToUndo
    newest = current.revisions.order_by("-revision").first()
    what = f"Undone: {step.change}" if newest == step else f"Back to before: {step.change}"
    return _stepped(current, dict(step.document), what, by, at)


@transaction.atomic
def publish(
    *, draft: InstrumentDraft, built_on: int, version: str, by: User | None, at: datetime
) -> Instrument:
    """Give the draft the version and publish it; the draft stays, based on what came out.

    Raises ChangedMeanwhile, questionnaire.InstrumentErrors and instruments.VersionTaken.
    """
    changed = change(
        draft=draft,
        built_on=built_on,
        operation=lambda document: document | {"version": version},
        what=f"Version {version}",
        by=by,
        at=at,
    )
    published = instruments.publish_document(
        document=changed.document, by=by, at=at, survey=changed.survey
    )
    changed.based_on = published
    changed.save(update_fields=["based_on"])
    return published


@transaction.atomic
def drop(*, draft: InstrumentDraft, built_on: int, by: User | None, at: datetime) -> None:
    """Delete the draft with all of its steps. Raises ChangedMeanwhile."""
    current = InstrumentDraft.objects.select_for_update().get(pk=draft.pk)
    if current.revision != built_on:
        raise ChangedMeanwhile(current, built_on)
    _audit(current, "draft_deleted", by, at)
    current.delete()


def _stepped(
    draft: InstrumentDraft, document: dict[str, Any], what: str, by: User | None, at: datetime
) -> InstrumentDraft:
    draft.revision += 1
    DraftRevision.objects.create(
        draft=draft,
        revision=draft.revision,
        document=draft.document,
        change=what[:LONGEST_CHANGE],
        at=at,
        by=by,
    )
    draft.document = document
    draft.title = _title(document)
    draft.changed_at, draft.changed_by = at, by
    draft.save()
    draft.revisions.filter(revision__lte=draft.revision - MOST_STEPS).delete()
    return draft


def _fit(document: Document) -> dict[str, Any]:
    """The document as plain data, if the editor can show it."""
    try:
        kept = plain(document)
    except questionnaire.InstrumentErrors as errors:
        raise DraftRefused(errors.problems) from None
    faults = skeleton_faults(kept)
    if faults:
        raise DraftRefused(
            tuple(
                questionnaire.Problem(
                    "wrong_shape",
                    fault.partition(": ")[0],
                    fault.partition(": ")[2],
                    "Write one entry a line, with a dash, each of key: value pairs.",
                )
                for fault in faults
            )
        )
    size = len(document_text(kept))
    if size > LARGEST_DOCUMENT:
        raise DraftRefused((_too_large(size),))
    return kept


def _too_large(size: int) -> questionnaire.Problem:
    return questionnaire.Problem(
        "too_large",
        "instrument",
        f"The questionnaire has {size} characters.",
        f"An instrument may have {LARGEST_DOCUMENT}.",
        questionnaire.About(values=(str(size), str(LARGEST_DOCUMENT))),
    )


def _busy() -> questionnaire.Problem:
    return questionnaire.Problem(
        "duplicate_name", "instrument", "The name was taken at this moment.", "Try again."
    )


def _title(document: Document) -> str:
    title = document.get("title")
    return str(title)[:LONGEST_TITLE] if title else "Untitled"


def _audit(draft: InstrumentDraft, action: str, by: User | None, at: datetime) -> None:
    AuditEvent.objects.create(
        user=by, survey=draft.survey, action=action, at=at, detail={"draft": draft.slug}
    )
