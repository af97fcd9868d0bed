"""Answering away from the questionnaire: sheets to download, upload, look at and confirm."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surveys.actions import offline as actions
from surveys.actions.offline import ReadPage
from surveys.actions.responses import AlreadySubmitted, OffRoute, PageConflict, WaveClosed
from surveys.actions.roster_lists import RosterFull
from surveys.actions.roster_uploads import ReadList
from surveys.actions.rosters import new_entry
from surveys.exports import offline as sheets
from surveys.exports import offline_reading
from surveys.exports.offline_reading import NotOurFile, Unreadable
from surveys.forms.offline import (
    UploadForm,
    checked,
    filled_cells,
    sheet_of,
)
from surveys.forms.offline_checked import CheckedPage
from surveys.forms.offline_rosters import marked_rows
from surveys.models import Case
from surveys.queries.contributors import visible_sections
from surveys.queries.offline_sheets import Mark, Typed
from surveys.queries.responses import Standing, standing, standing_now
from surveys.questionnaire.instrument import Section
from surveys.questionnaire.speech import say
from surveys.views.admission import colleague_of, shared_page, writer_of
from surveys.views.firm import frame, whole_number

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OTHER_FIRM = "This sheet was downloaded for another firm. Nothing was read from it."
_OTHER_VERSION = (
    "This sheet was made from another version of the questionnaire. Download the sheet of the "
    "section again and copy your answers into it."
)
_OTHER_SECTION = "This sheet is of a section that was not shared with you."
_OTHER_LANGUAGE = (
    "This sheet is in another language than the page. Change the language of the page, then "
    "upload it again."
)


@dataclass(frozen=True, slots=True)
class _Upload:
    """A sheet that was read: its section, what was typed, and cells that cannot be taken."""

    section: Section
    revision: int
    typed: Mapping[str, Typed]
    unreadable: tuple[Unreadable, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@shared_page
def offline(request: HttpRequest, case: Case) -> HttpResponse:
    """The sheets of the sections that the person sees; sent, one that was filled in."""
    firm = standing(case)
    if firm.is_submitted:
        return redirect("surveys:receipt", case.public_id)
    form = UploadForm(request.POST or None, request.FILES or None, label_suffix="")
    if request.method != "POST" or not form.is_valid():
        return _shown(request, firm, form)
    try:
        upload = _read(request, firm, form.cleaned_data["file"])
    except NotOurFile as refusal:
        form.add_error("file", str(refusal))
        return _shown(request, firm, form)
    if not upload.typed and not upload.unreadable:
        form.add_error("file", say("No cell of this sheet is filled in."))
        return _shown(request, firm, form)
    return _checked(request, firm, upload)


@require_safe
@shared_page
def sheet(request: HttpRequest, case: Case, section: str) -> HttpResponse:
    """One section to fill in, with what is saved already."""
    firm = standing(case)
    found = _sections(request, firm).get(section)
    if found is None:
        raise Http404
    drawn = sheet_of(firm, found)
    mark = Mark(
        rows=marked_rows(firm, found, new_entry),
        case=str(case.public_id),
        fingerprint=firm.instrument.fingerprint,
        section=section,
        language=firm.instrument.language,
        revision=firm.revision,
    )
    made = sheets.render(drawn, mark, filled_cells(firm, found, drawn))
    answer = HttpResponse(made, content_type=_XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{section}.xlsx"'
    return answer


@require_POST
@shared_page
def confirm(request: HttpRequest, case: Case, section: str) -> HttpResponse:
    """Store what was read, after the person looked at it; it is checked once more."""
    firm = standing(case)
    found = _sections(request, firm).get(section)
    if found is None:
        raise Http404
    revision = whole_number(request.POST.get("_built_on", ""))
    upload = _Upload(found, revision, _payload(request), ())
    ticked = frozenset(request.POST.getlist("entry"))
    pages = checked(firm, found, upload.typed, revision, ticked)
    chosen = set(request.POST.getlist("page"))
    if any(page.name in chosen and page.holds_list and page.problems for page in pages):
        return _checked(request, firm, upload, ticked)  # too many, if some are not taken off
    kept = [_as_read(page) for page in pages if page.name in chosen and page.may_be_saved]
    shown_at = whole_number(request.POST.get("_seen", ""))
    try:
        actions.save(
            case=case,
            section=section,
            pages=kept,
            built_on=max(revision, shown_at),
            by=writer_of(request),
            at=timezone.now(),
        )
    except (PageConflict, OffRoute, RosterFull):
        return _checked(request, standing_now(case), upload)
    except AlreadySubmitted:
        return redirect("surveys:receipt", case.public_id)
    except WaveClosed:
        context = frame(firm) | {"reason": "closed"}
        return render(request, "respondent/refused.html", context, status=403)
    return redirect("surveys:hub", case.public_id)


def _read(request: HttpRequest, firm: Standing, file: Any) -> _Upload:
    """What the file says, if it belongs here. Raises NotOurFile."""
    if file.size > offline_reading.LARGEST:
        raise NotOurFile(say(offline_reading.TOO_LARGE))
    data = file.read()
    mark = offline_reading.read_mark(data)
    if mark.case != str(firm.case.public_id):
        raise NotOurFile(say(_OTHER_FIRM))
    if mark.fingerprint != firm.instrument.fingerprint:
        raise NotOurFile(say(_OTHER_VERSION))
    section = _sections(request, firm).get(mark.section)
    if section is None:
        raise NotOurFile(say(_OTHER_SECTION))
    if mark.language != firm.instrument.language:
        raise NotOurFile(say(_OTHER_LANGUAGE))
    typed, unreadable = offline_reading.read_answers(data, sheet_of(firm, section), mark.rows)
    return _Upload(section, mark.revision, typed, unreadable)


def _shown(request: HttpRequest, firm: Standing, form: UploadForm) -> HttpResponse:
    context = {
        "form": form,
        "sections": [
            {"name": section.name, "title": firm.fill(section.title)}
            for section in _sections(request, firm).values()
        ],
    }
    return render(request, "respondent/offline.html", frame(firm) | context)


def _as_read(page: CheckedPage) -> ReadPage | ReadList:
    """What is stored of a page: of a roster the entries that change, and those that go."""
    if not page.holds_list:
        return ReadPage(page.name, page.answers, page.questions)
    taken = [each for each in page.entries if each.is_taken and each.is_written]
    return ReadList(
        page.name,
        {each.key: each.answers for each in taken if each.fate != "removed"},
        tuple(each.key for each in taken if each.fate == "removed"),
        page.questions,
    )


def _checked(
    request: HttpRequest,
    firm: Standing,
    upload: _Upload,
    ticked: Collection[str] | None = None,
) -> HttpResponse:
    """What was read, page by page, with what is wrong; nothing is stored yet."""
    pages = checked(firm, upload.section, upload.typed, upload.revision, ticked)
    spoilt = {each.page for each in upload.unreadable}
    typed = {page: fields for page, fields in upload.typed.items() if page not in spoilt}
    context = {
        "title": firm.fill(upload.section.title),
        "section": upload.section.name,
        "ticked": ticked or (),
        "pages": [page for page in pages if page.name not in spoilt],
        "unreadable": upload.unreadable,
        "may_save": any(page.may_be_saved and page.name not in spoilt for page in pages),
        "payload": json.dumps(typed),
        "built_on": upload.revision,
        "seen": firm.revision,
    }
    return render(request, "respondent/offline_check.html", frame(firm) | context)


def _payload(request: HttpRequest) -> dict[str, Typed]:
    """What was read, as the page carried it along; anything else is nothing."""
    try:
        told = json.loads(request.POST.get("payload", ""))
    except ValueError:
        return {}
    if not isinstance(told, dict):
        return {}
    read = {
        page: {
            name: tuple(str(value) for value in values)
            for name, values in fields.items()
            if isinstance(values, list)
        }
        for page, fields in told.items()
        if isinstance(fields, dict)
    }
    return {page: fields for page, fields in read.items() if fields}


def _sections(request: HttpRequest, firm: Standing) -> dict[str, Section]:
    """The sections that the person sees, by name."""
    names = visible_sections(colleague_of(request), firm.instrument)
    return {each.name: each for each in firm.instrument.sections if each.name in names}
