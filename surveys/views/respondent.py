"""What a firm sees around its pages: the hub, the check, the receipt, all questions."""

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from surveys.actions import responses
from surveys.actions.responses import Problem, StillFailing, WaveClosed
from surveys.models import Case
from surveys.queries.preview import all_questions
from surveys.queries.responses import Standing, answer_sheet, standing
from surveys.questionnaire import SectionStatus
from surveys.views import failures
from surveys.views.admission import firm_page
from surveys.views.firm import frame, page_url, twice_if_locked


@require_safe
@firm_page
def hub(request: HttpRequest, case: Case) -> HttpResponse:
    """The sections and how far each has come."""
    firm = standing(case)
    if firm.is_submitted:
        return redirect("surveys:receipt", case.public_id)
    applicable = [status for status in firm.sections if status.pages]
    following = firm.first_open_page
    context = {
        "intro": firm.fill(firm.instrument.intro),
        "sections": [_section(firm, status) for status in firm.sections],
        "applicable": len(applicable),
        "done": sum(status.status == "completed" for status in applicable),
        "minutes": sum(status.section.minutes for status in applicable),
        "onward": page_url(firm, following.name) if following else "",
        "onward_section": firm.fill(firm.instrument.section_of(following.name).title)
        if following
        else "",
    }
    return render(request, "respondent/hub.html", frame(firm) | context)


@require_safe
@firm_page
def check(request: HttpRequest, case: Case) -> HttpResponse:
    """Everything that was answered, to be read once more before it is handed in."""
    firm = standing(case)
    if firm.is_submitted:
        return redirect("surveys:receipt", case.public_id)
    problems = responses.problems_of(
        case=firm.case,
        instrument=firm.instrument,
        answers=firm.route.answers,
        saved=firm.saved,
    )
    return _checked(request, firm, problems)


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page
def submit(request: HttpRequest, case: Case) -> HttpResponse:
    """Hand in. Pressed twice, it is handed in once; its address, opened, leads to the check."""
    if request.method != "POST":
        return redirect("surveys:check", case.public_id)
    try:
        twice_if_locked(lambda: responses.submit(case=case, at=timezone.now()))
    except StillFailing as failing:
        return _checked(request, standing(case), failing.problems, is_attempt=True)
    except WaveClosed:
        context = frame(standing(case)) | {"reason": "closed"}
        return render(request, "respondent/refused.html", context, status=403)
    except OperationalError:
        return failures.busy(request)
    return redirect("surveys:receipt", case.public_id)


@require_safe
@firm_page
def receipt(request: HttpRequest, case: Case) -> HttpResponse:
    """When it was handed in, the reference, and a copy of all answers to print."""
    firm = standing(case)
    if not firm.is_submitted:
        return redirect("surveys:hub", case.public_id)
    context = frame(firm) | {"response": firm.response, "sheet": answer_sheet(firm)}
    return render(request, "respondent/receipt.html", context)


@require_safe
@firm_page
def questions(request: HttpRequest, case: Case) -> HttpResponse:
    """Every question on one page, to read or print before answering."""
    firm = standing(case)
    context = frame(firm) | {"sections": all_questions(firm), "title": firm.instrument.title}
    return render(request, "respondent/questions.html", context)


def _checked(
    request: HttpRequest,
    firm: Standing,
    problems: tuple[Problem, ...],
    *,
    is_attempt: bool = False,
) -> HttpResponse:
    unfinished = [problem for problem in problems if problem.is_unanswered]
    following = firm.first_open_page
    context = {
        "sheet": answer_sheet(firm),
        "unfinished": len(unfinished),
        "onward": page_url(firm, following.name, from_check=True) if following else "",
        "problems": [
            {"message": problem.message, "url": page_url(firm, problem.page, from_check=True)}
            for problem in problems
            if not problem.is_unanswered
        ],
        "is_attempt": is_attempt,
        "can_submit": not problems,
    }
    return render(request, "respondent/check.html", frame(firm) | context)


def _section(firm: Standing, status: SectionStatus) -> dict[str, object]:
    """One line of the hub; the link leads to the first page that is not done."""
    unsaved = tuple(page for page in status.pages if page.name not in firm.saved)
    goes_to = (unsaved or status.pages)[:1]
    return {
        "title": firm.fill(status.section.title),
        "status": status.status,
        "minutes": status.section.minutes,
        "done": status.done,
        "pages": len(status.pages),
        "url": page_url(firm, goes_to[0].name) if goes_to else "",
    }
