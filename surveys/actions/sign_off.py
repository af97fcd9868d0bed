"""Finishing a section, looking at its summary, and declaring the whole to be the firm's answer.

What a person said of a section holds for the answers they had before them: `responses`
withdraws it when a page of the section is saved with another answer.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from surveys.actions import responses
from surveys.actions.calls import completed_by_telephone
from surveys.actions.responses import begin, instrument_for_writing
from surveys.actions.writers import Writer, of_firm, of_office, told_of
from surveys.models import Case, CaseEvent, Response
from surveys.queries.contributors import WHOLE_ANSWER, open_sections
from surveys.queries.responses import standing, summary_key


class SectionUnfinished(Exception):
    """Pages of the section have not been gone through."""


class UnknownSection(Exception):
    """The instrument has no such section, or it does not apply to the firm."""


class OpenSignOffs(Exception):
    """Colleagues have not said that they finished the sections they were given."""

    def __init__(self, sections: tuple[str, ...]) -> None:
        super().__init__(f"{len(sections)} sections")
        self.sections = sections


@transaction.atomic
def sign_off(*, case: Case, section: str, by: Writer | None, at: datetime) -> Response:
    """Say that a section is finished. Twice is once.

    Raises WaveClosed, AlreadySubmitted, UnknownSection, SectionUnfinished.
    """
    response = _finished(case, section, at)
    if section not in response.sign_offs:
        response.sign_offs = response.sign_offs | {section: _said(by, at)}
        response.save(update_fields=["sign_offs"])
        _note(case, "section_signed_off", section, at)
    return response


@transaction.atomic
def withdraw(*, case: Case, section: str, at: datetime) -> Response:
    """Say that a section is not finished after all. Raises WaveClosed, AlreadySubmitted."""
    response = begin(case=case, at=at)
    instrument_for_writing(response)
    if section and section in response.sign_offs:
        response.sign_offs = {
            name: said for name, said in response.sign_offs.items() if name != section
        }
        response.save(update_fields=["sign_offs"])
        _note(case, "sign_off_withdrawn", section, at)
    return response


@transaction.atomic
def see_summary(*, case: Case, section: str, at: datetime) -> Response:
    """Note that the answers of a section were read once more.

    Raises WaveClosed, AlreadySubmitted, UnknownSection, SectionUnfinished.
    """
    response = _finished(case, section, at)
    seen = summary_key(section)
    if response.page_revisions.get(seen) != response.revision:
        response.page_revisions = response.page_revisions | {seen: response.revision}
        response.save(update_fields=["page_revisions"])
    return response


@transaction.atomic
def hand_in(
    *,
    case: Case,
    declarant: str,
    by: Writer | None,
    without_open: bool = False,
    at: datetime,
) -> Response:
    """Submit with the name of who declares the answers to be the firm's; twice is once.

    Told to a person of the institute, it is the name of who told them, and a call is noted.

    Sections that colleagues were given and did not finish stand in the way, unless
    `without_open`; which they were is kept. Raises WaveClosed, StillFailing, OpenSignOffs.
    """
    response = begin(case=case, at=at)
    if response.is_submitted:
        return response
    waiting = open_sections(standing(response.case))
    if waiting and not without_open:
        raise OpenSignOffs(waiting)
    said = _said(by, at) | {"name": declarant, "without": list(waiting)}
    response.sign_offs = response.sign_offs | {WHOLE_ANSWER: said}
    response.save(update_fields=["sign_offs"])
    submitted = responses.submit(case=case, at=at, by=by)
    if (person := of_office(by)) is not None:
        completed_by_telephone(case=case, by=person, at=at)
    return submitted


def _finished(case: Case, section: str, at: datetime) -> Response:
    """The response under its lock, if every page of the section was gone through."""
    response = begin(case=case, at=at)
    instrument_for_writing(response)
    firm = standing(response.case)
    status = next((each for each in firm.sections if each.section.name == section), None)
    if status is None or not status.pages:
        raise UnknownSection
    if status.done < len(status.pages):
        raise SectionUnfinished
    return response


def _said(by: Writer | None, at: datetime) -> dict[str, Any]:
    colleague, person = of_firm(by), of_office(by)
    said = {
        "at": at.isoformat(),
        "by": colleague.pk if colleague else None,
        "name": str(by) if by else "",
    }
    return said if person is None else said | told_of(by) | {"office": person.pk}


def _note(case: Case, kind: str, section: str, at: datetime) -> None:
    CaseEvent.objects.create(case=case, kind=kind, at=at, detail={"section": section})
