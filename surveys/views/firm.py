"""What the firm's pages have in common: their frame, their addresses, a second try."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import OperationalError
from django.urls import reverse

from surveys.queries.responses import Standing
from surveys.questionnaire.instrument import Page

Result = TypeVar("Result")


def frame(firm: Standing) -> dict[str, Any]:
    """What the layout of every page of the firm shows."""
    return {
        "case": firm.case,
        "wave": firm.case.wave,
        "survey": firm.case.wave.survey,
        "saved_at": firm.response.saved_at if firm.response else None,
        "is_submitted": firm.is_submitted,
    }


def page_url(firm: Standing, page: str, *, from_check: bool = False) -> str:
    address = reverse("surveys:page", args=[firm.case.public_id, page])
    return f"{address}?check=1" if from_check else address


def url_after(firm: Standing, page: Page, *, from_check: bool) -> str:
    """Where saving a page leads: the next page of its section, else the hub.

    From the check page it leads back there, by way of questions that the change opened.
    """
    if from_check:
        opened = firm.first_open_page
        if opened is not None:
            return page_url(firm, opened.name, from_check=True)
        return reverse("surveys:check", args=[firm.case.public_id])
    following = firm.route.page_after(page.name)
    if following is not None and _share_section(firm, page, following):
        return page_url(firm, following.name)
    return reverse("surveys:hub", args=[firm.case.public_id])


def url_before(firm: Standing, page: Page, *, from_check: bool) -> str:
    if from_check:
        return reverse("surveys:check", args=[firm.case.public_id])
    former = firm.route.page_before(page.name)
    if former is not None and _share_section(firm, page, former):
        return page_url(firm, former.name)
    return reverse("surveys:hub", args=[firm.case.public_id])


def steps(firm: Standing, page: Page) -> dict[str, Any]:
    """The section and the step, for the words and the line on top of a page."""
    section = firm.instrument.section_of(page.name)
    names = [step.name for step in section.pages if firm.route.holds(step.name)]
    return {
        "section": firm.fill(section.title),
        "section_intro": firm.fill(section.intro) if names[0] == page.name else "",
        "step": names.index(page.name) + 1,
        "of_steps": len(names),
    }


def twice_if_locked(action: Callable[[], Result]) -> Result:
    """Try again once if the database was locked; a second failure is passed on."""
    try:
        return action()
    except OperationalError:
        return action()


def _share_section(firm: Standing, page: Page, other: Page) -> bool:
    return firm.instrument.section_of(page.name) is firm.instrument.section_of(other.name)
