"""What the firm's pages tell of how they are filled in: hidden fields, read when they are left."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from surveys.actions import paradata
from surveys.actions.writers import told_of
from surveys.fieldwork.paradata import device_class, visit_from
from surveys.forms.pages import PageForm
from surveys.models import Case, CaseEvent
from surveys.views.admission import writer_of
from surveys.views.soft_edits import Asking

_FIELDS = ("_entered", "_visible", "_hidden", "_gaps", "_changes")


def told(request: HttpRequest) -> dict[str, str]:
    """The hidden fields of a page: a page that is shown again goes on counting."""
    before = {name[1:]: request.POST.get(name, "") for name in _FIELDS}
    return before | {"entered": before["entered"] or str(int(timezone.now().timestamp()))}


def ended_visit(
    request: HttpRequest,
    case: Case,
    *,
    page: str,
    items: Iterable[str],
    how: str,
    entry: str = "",
    changed: Iterable[str] = (),
) -> tuple[CaseEvent, ...]:
    """The visit that ends with this request, to be written; none if its page told of none."""
    now = timezone.now()
    sent = {name: request.POST.get(name, "") for name in _FIELDS}
    visit = visit_from(sent, frozenset(items), now, frozenset(changed))
    if visit is None:
        return ()
    device = device_class(request.headers.get("User-Agent", ""))
    more = {"how": how, "device": device, "language": get_language() or ""}
    more |= told_of(writer_of(request))
    return (paradata.page_left(case, visit, now, page=page, entry=entry, **more),)


def record_visit(request: HttpRequest, case: Case, **ended: Any) -> None:
    """Keep note of the visit that ends with this request; `ended` is as for `ended_visit`."""
    for event in ended_visit(request, case, **ended):
        event.save(force_insert=True)


def record_refusal(case: Case, form: PageForm, *, page: str, entry: str = "") -> None:
    """Keep note of which items held the page up; never of what was typed."""
    items = [
        item.name
        for item in form.items
        if any(name in form.errors for name in form.names[item.name])
    ]
    detail: dict[str, Any] = {"page": page, "entry": entry, "items": items, "count": len(items)}
    paradata.record(case, "answers_refused", timezone.now(), **detail)


def record_question(case: Case, form: Asking, *, page: str, entry: str = "") -> None:
    """Keep note of the soft edits that the firm is asked about."""
    edits = [finding.edit for finding in form.questions]
    detail: dict[str, Any] = {"page": page, "entry": entry, "edits": edits, "count": len(edits)}
    paradata.record(case, "edits_asked", timezone.now(), **detail)


def changed_items(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Items whose saved answer, once given, is another now."""
    return tuple(
        name
        for name, value in after.items()
        if before.get(name) is not None and before[name] != value
    )
