"""Drafts of the open page, its way back on to the page, and staying signed in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from surveys.actions import page_drafts
from surveys.actions.page_drafts import TooLarge, TooSoon
from surveys.actions.responses import AlreadySubmitted, WaveClosed
from surveys.forms.fields import ManyCodesField
from surveys.forms.pages import PageForm
from surveys.models import Case, PageDraft
from surveys.queries.page_drafts import draft_of
from surveys.queries.responses import Standing, roster_of, standing
from surveys.templatetags.survey import clock
from surveys.views import page_visits
from surveys.views.admission import colleague_of, firm_page, shared_page, touch, visit_ends
from surveys.views.firm import back_query, back_to, page_url, whole_number


@dataclass(frozen=True, slots=True)
class ShownDraft:
    """What the page says of the draft that it shows."""

    kept_at: datetime
    discard: str


@require_POST
@firm_page
def keep(
    request: HttpRequest, case: Case, page: str, entry: str = "", step: int = 0
) -> HttpResponse:
    """Keep what is typed on a page or on a step of an entry; the answer is for the script."""
    if whole_number(request.META.get("CONTENT_LENGTH") or "0") > page_drafts.LARGEST * 2:
        return _refused("too_large", 413)
    items = items_of(standing(case), page, step)
    if items is None:
        return _refused("off_route", 404)
    is_leaving = "_leaving" in request.POST
    key = f"{entry}/{step}" if entry else ""
    if "_left" in request.POST:
        page_visits.record_visit(request, case, page=page, entry=key, items=items, how="left")
    if "_typed" not in request.POST:
        return JsonResponse({"kept": "", "seconds": _seconds_left(request)})
    try:
        draft = page_drafts.keep(
            case=case,
            page=page,
            entry=key,
            typed=typed_fields(request.POST, items),
            built_on=whole_number(request.POST.get("_built_on", "")),
            at=timezone.now(),
            is_leaving=is_leaving,
            by=colleague_of(request),
        )
    except TooLarge:
        return _refused("too_large", 413)
    except TooSoon:
        answer = _refused("too_soon", 429)
        answer["Retry-After"] = str(int(page_drafts.PAUSE.total_seconds()))
        return answer
    except (AlreadySubmitted, WaveClosed):
        return _refused("closed", 409)
    except OperationalError:
        return _refused("busy", 503)
    told = {"kept": clock(timezone.localtime(draft.kept_at)) if draft else ""}
    return JsonResponse(told | {"seconds": _seconds_left(request)})


@require_POST
@firm_page
def discard(
    request: HttpRequest, case: Case, page: str, entry: str = "", step: int = 0
) -> HttpResponse:
    """Throw the draft away and show what is saved."""
    page_drafts.discard(case=case, page=page, entry=f"{entry}/{step}" if entry else "")
    way_back = back_to(request, standing(case))
    if not entry:
        return redirect(page_url(standing(case), page, back_to=way_back))
    address = reverse("surveys:entry", args=[case.public_id, page, entry, step])
    return redirect(address + back_query(way_back))


@require_POST
@shared_page
def stay(request: HttpRequest, case: Case) -> HttpResponse:
    """Put the end of the visit off; without a script, back to the sections."""
    touch(request, case)
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"seconds": _seconds_left(request)})
    return redirect("surveys:hub", case.public_id)


def show_draft(
    firm: Standing, form: PageForm, entry: str = "", *, way_back: str = ""
) -> tuple[PageDraft | None, ShownDraft | None]:
    """Put the draft of the page, if there is one, into the fields of its form."""
    draft = draft_of(firm, form.page.name, entry)
    if draft is None:
        return None, None
    if all(_as_typed(form.initial.get(name)) == draft.typed.get(name, []) for name in form.fields):
        return None, None  # as it is saved: nothing worth a word
    for name, field in form.fields.items():
        form.initial[name] = _value(field, draft, name)
    return draft, ShownDraft(draft.kept_at, _discard_url(draft, firm) + back_query(way_back))


def drafted(draft: PageDraft) -> QueryDict:
    """The draft as the form that would have been sent."""
    values = QueryDict(mutable=True)
    for name, typed in draft.typed.items():
        values.setlist(name, typed)
    values["_built_on"] = str(draft.built_on)
    return values


def draft_url(firm: Standing, draft: PageDraft) -> str:
    """The page that the draft belongs to."""
    if not draft.entry:
        return page_url(firm, draft.page)
    entry, _, step = draft.entry.partition("/")
    return reverse("surveys:entry", args=[firm.case.public_id, draft.page, entry, int(step)])


def _discard_url(draft: PageDraft, firm: Standing) -> str:
    case = firm.case.public_id
    if not draft.entry:
        return reverse("surveys:discard_draft", args=[case, draft.page])
    entry, _, step = draft.entry.partition("/")
    return reverse("surveys:discard_entry_draft", args=[case, draft.page, entry, int(step)])


def _as_typed(initial: Any) -> list[str]:
    values = initial if isinstance(initial, list) else [initial]
    return [str(value) for value in values if value not in (None, "")]


def _value(field: Any, draft: PageDraft, name: str) -> Any:
    typed = draft.typed.get(name, [])
    if isinstance(field, ManyCodesField):
        return typed
    return typed[-1] if typed else ""


def items_of(firm: Standing, page: str, step: int) -> tuple[str, ...] | None:
    """Names of the items of the page or the step; None if the firm is not asked it now."""
    if not firm.route.holds(page):
        return None
    definition = firm.instrument.page(page)
    roster = roster_of(definition)
    if roster is None:
        return tuple(item.name for item in definition.items) if not step else None
    if not 1 <= step <= len(roster.pages):
        return None
    return tuple(item.name for item in roster.pages[step - 1].items)


def typed_fields(sent: QueryDict, items: tuple[str, ...]) -> dict[str, list[str]]:
    """What was typed into the fields of the page's items; blanks are not worth a word."""
    return {
        name: values
        for name, values in sent.lists()
        if any(values) and any(name == item or name.startswith(f"{item}-") for item in items)
    }


def _refused(reason: str, status: int) -> HttpResponse:
    return JsonResponse({"refused": reason}, status=status)


def _seconds_left(request: HttpRequest) -> int:
    ends = visit_ends(request)
    return max(0, int((ends - timezone.now()).total_seconds())) if ends else 0
