"""What a firm sees around its pages: the hub, and all questions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from surveys.models import Case, PageDraft
from surveys.queries.page_drafts import waiting_drafts
from surveys.queries.preview import all_questions
from surveys.queries.responses import Standing, standing
from surveys.queries.reviews import comment_for_firm
from surveys.views.admission import (
    colleague_of,
    firm_page,
    shared_page,
    visible_pages,
    visitor_of,
)
from surveys.views.autosave import draft_url
from surveys.views.firm import frame
from surveys.views.hub_sections import onward, section_lines, shown_sections


@require_safe
@shared_page
def hub(request: HttpRequest, case: Case) -> HttpResponse:
    """The sections and how far each has come."""
    firm = standing(case)
    if firm.is_submitted:
        return redirect("surveys:receipt", case.public_id)
    colleague = colleague_of(request)
    shown = shown_sections(firm, colleague)
    applicable = [status for status in shown.statuses if status.pages]
    following = onward(firm, shown.statuses, colleague)
    context = {
        "intro": firm.fill(firm.instrument.intro),
        "sections": (lines := section_lines(firm, shown.statuses, colleague)),
        "is_finished": all(line.is_signed for line in lines if line.pages),
        "applicable": len(applicable),
        "done": sum(status.status == "completed" for status in applicable),
        "minutes": shown.minutes,
        "more_follow": bool(shown.following),
        "which_depends": shown.depends,
        "returned": comment_for_firm(firm),
        "drafts": [_waiting(firm, draft) for draft in _own_drafts(request, firm)],
        "onward": following.url,
        "onward_section": following.section,
        "sees_all": visitor_of(request).sees_all,
        "is_responsible": visitor_of(request).is_responsible,
    }
    return render(request, "respondent/hub.html", frame(firm) | context)


@require_safe
@firm_page
def questions(request: HttpRequest, case: Case) -> HttpResponse:
    """Every question on one page, to read or print before answering."""
    firm = standing(case)
    context = frame(firm) | {
        "sections": all_questions(firm.instrument, firm.fill),
        "title": firm.instrument.title,
    }
    return render(request, "respondent/questions.html", context)


def _own_drafts(request: HttpRequest, firm: Standing) -> list[PageDraft]:
    """Drafts of pages that the person may see."""
    names = {page.name for page in visible_pages(request, firm.instrument)}
    return [draft for draft in waiting_drafts(firm) if draft.page in names]


def _waiting(firm: Standing, draft: PageDraft) -> dict[str, object]:
    """A draft as the hub speaks of it."""
    title = firm.fill(firm.instrument.page(draft.page).title)
    return {"title": title, "kept_at": draft.kept_at, "url": draft_url(firm, draft)}
