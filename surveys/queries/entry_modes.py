"""How the answers of a firm came, and who put them in: never by name.

A saved page keeps the person of the institute that put it in; a page that the firm saved keeps
none. Sections that came as a spreadsheet are told by an event of the case.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from surveys.models import CaseEvent, Membership, PageVersion, Response, Survey

MODE, ENTERED_BY = "response__mode", "response__entered_by"

MODES = {
    "web": "The firm itself, on the web",
    "offline": "The firm itself, at least one section as a spreadsheet filled in offline",
    "phone": "Put in for the firm after a call",
    "paper": "Put in for the firm from paper",
    "mixed": "In part by the firm itself, in part put in for it",
}
WRITERS = {
    "firm": "The firm itself",
    "interviewer": "Interviewers of the survey",
    "office": "Other persons of the institute",
    "mixed": "More than one of these",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """How the answers of one firm came, out of `MODES`, and who put them in, out of `WRITERS`."""

    mode: str
    entered_by: str


def with_entries(found: QuerySet[Response], survey: Survey) -> QuerySet[Response]:
    """The responses with what `entry_of` reads, in the same query."""
    versions = PageVersion.objects.filter(response=OuterRef("pk"))
    calling = Membership.objects.filter(survey=survey, role=Membership.Role.INTERVIEWER)
    of_office = versions.filter(by__isnull=False)
    callers = calling.values("user")
    uploads = CaseEvent.objects.filter(case=OuterRef("case"), kind="section_uploaded")
    return found.annotate(
        by_firm=Exists(versions.filter(by__isnull=True)),
        by_interviewer=Exists(of_office.filter(by__in=callers)),
        by_office=Exists(of_office.exclude(by__in=callers)),
        is_uploaded=Exists(uploads),
    )


def entry_of(response: Response) -> Entry:
    """How a response that was read by `with_entries` came.

    Interviewers are those who have that role in the survey now. Where the person who put the
    last page in is not on the platform any more, and nobody else of the institute put in any,
    the mode of the response tells that it was not the firm.
    """
    told = {name for name in ("firm", "interviewer", "office") if getattr(response, f"by_{name}")}
    if told <= {"firm"}:
        told = {"firm" if response.mode == Response.Mode.WEB else "office"}
    return Entry(_mode(response, told), told.pop() if len(told) == 1 else "mixed")


def _mode(response: Response, writers: set[str]) -> str:
    if writers == {"firm"}:
        is_uploaded: bool = response.is_uploaded  # type: ignore[attr-defined]
        return "offline" if is_uploaded else "web"
    if "firm" in writers:
        return "mixed"
    return "paper" if response.mode == Response.Mode.PAPER else "phone"
