"""What the firm's pages have in common: their frame, their addresses, a second try."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from django.db import OperationalError
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from surveys.forms.drawing import Links
from surveys.forms.items import typed_from
from surveys.queries.responses import Standing
from surveys.questionnaire.instrument import Page

CHECK = "check"
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


def back_to(request: HttpRequest, firm: Standing) -> str:
    """Where saving leads back to: ``check``, a page that plays answers back, or onward ('')."""
    if "check" in request.GET:
        return CHECK
    name = request.GET.get("to", "")
    return name if firm.route.holds(name) else ""


def page_url(firm: Standing, page: str, *, from_check: bool = False, back_to: str = "") -> str:
    address = reverse("surveys:page", args=[firm.case.public_id, page])
    return f"{address}{back_query(CHECK if from_check else back_to)}"


def back_query(back_to: str) -> str:
    """The part of an address that says where saving leads back to; page names are no secret."""
    if not back_to:
        return ""
    return "?check=1" if back_to == CHECK else f"?to={back_to}"


def links(firm: Standing, page: Page) -> Links:
    """From a page to the pages of earlier answers, and to the search in long lists."""

    def to_item(name: str) -> str:
        for other in firm.route.pages:
            if any(item.name == name for item in other.items):
                return page_url(firm, other.name, back_to=page.name)
        return ""

    return replace(to_search(firm), to_item=to_item)


def to_search(firm: Standing) -> Links:
    """From a page to the search in long lists."""
    return Links(
        to_search=lambda item: reverse("surveys:lookup", args=[firm.case.public_id, item.name])
    )


def url_after(firm: Standing, page: Page, *, back_to: str = "") -> str:
    """Where saving a page leads: the next page of its section, else the hub.

    From the check page it leads back there, by way of questions that the change opened; from
    a page that played the answer back, to that page.
    """
    if back_to and back_to not in (CHECK, page.name):
        return page_url(firm, back_to)
    if back_to == CHECK:
        opened = firm.first_open_page
        if opened is not None:
            return page_url(firm, opened.name, back_to=CHECK)
        return reverse("surveys:check", args=[firm.case.public_id])
    following = firm.route.page_after(page.name)
    if following is not None and _share_section(firm, page, following):
        return page_url(firm, following.name)
    section = firm.instrument.section_of(page.name)
    if section.summary:
        return reverse("surveys:section", args=[firm.case.public_id, section.name])
    return reverse("surveys:hub", args=[firm.case.public_id])


def url_before(firm: Standing, page: Page, *, back_to: str = "") -> str:
    if back_to and back_to not in (CHECK, page.name):
        return page_url(firm, back_to)
    if back_to == CHECK:
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


def typed(request: HttpRequest, page: Page, saved: Mapping[str, Any]) -> QueryDict:
    """What was typed, after the choices made on a conflict page and answers to be cleared."""
    values = request.POST.copy()
    cleared = request.POST.get("_clear", "")
    if cleared in values:
        values.setlist(cleared, [])
    for item in page.items:
        if request.POST.get(f"_keep-{item.name}") == "saved":
            for name, value in typed_from(item, saved.get(item.name)).items():
                values.setlist(name, value if isinstance(value, list) else [str(value)])
    return values


def built_on(request: HttpRequest, firm: Standing) -> int:
    """The revision the person has seen: on an error page still the one of the first showing."""
    if request.method == "POST" and "_built_on" in request.POST:
        return whole_number(request.POST["_built_on"])
    return firm.revision


def whole_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def twice_if_locked(action: Callable[[], Result]) -> Result:
    """Try again once if the database was locked; a second failure is passed on."""
    try:
        return action()
    except OperationalError:
        return action()


def _share_section(firm: Standing, page: Page, other: Page) -> bool:
    return firm.instrument.section_of(page.name) is firm.instrument.section_of(other.name)
