"""Downloads: the one table in every format, and the estimates in full precision."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from analysis.comparison.standing_words import document_of
from analysis.models import Run
from analysis.reading.paragraphs import plain_text
from analysis.tables import delimited, excel, html, latex, markdown, word
from analysis.tables.table import Table
from analysis.views.access import table_page
from analysis.views.results import layout_asked, table_of, what_asked
from analysis.views.standing import standing_of


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a table down."""

    ending: str
    name: str
    use: str
    media_type: str
    render: Callable[[Table], str | bytes]


_TEX = "application/x-tex; charset=utf-8"
_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS = {
    entry.ending: entry
    for entry in (
        Format("tex", "LaTeX", "booktabs, siunitx", _TEX, latex.render),
        Format("plain-tex", "LaTeX, plain", "without siunitx", _TEX, latex.render_plain),
        Format("docx", "Word", "a real table", f"{_OFFICE}.wordprocessingml.document", word.render),
        Format("html", "HTML", "for a page", "text/html; charset=utf-8", html.render),
        Format(
            "xlsx", "Excel", "numbers as numbers", f"{_OFFICE}.spreadsheetml.sheet", excel.render
        ),
        Format("md", "Markdown", "Quarto, pandoc", "text/markdown; charset=utf-8", markdown.render),
        Format("csv", "CSV", "full precision", "text/csv; charset=utf-8", delimited.render),
    )
}


@require_safe
@table_page
def download(request: HttpRequest, run: Run, ending: str) -> HttpResponse:
    """The table, in the format that the address ends with."""
    if ending not in FORMATS:
        raise Http404
    what = what_asked(request)
    wanted = FORMATS[ending]
    table = table_of(run, what, layout_asked(request, run))
    return attachment(wanted.render(table), file_name(run, what, ending), wanted.media_type)


@require_safe
@table_page
def estimates(request: HttpRequest, run: Run) -> HttpResponse:  # noqa: ARG001 -- a view takes it
    """Everything that was estimated, as docs/reference/estimates-json.md describes it."""
    if run.state != Run.State.DONE:
        raise Http404
    registration = document_of(standing_of(run))
    document = run.estimates | ({} if registration is None else {"registration": registration})
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    name = file_name(run, "estimates", "json")
    return attachment(text, name, "application/json; charset=utf-8")


@require_safe
@table_page
def reading_aid(request: HttpRequest, run: Run) -> HttpResponse:  # noqa: ARG001 -- a view takes it
    """The models in plain words, as docs/reference/reading-aid.md describes it."""
    if run.state != Run.State.DONE:
        raise Http404
    text = plain_text(run.estimates)
    return attachment(text, file_name(run, "reading", "txt"), "text/plain; charset=utf-8")


_KINDS = {
    "coefficients": "",
    "margins": "-marginal-effects",
    "descriptives": "-firms",
}


def file_name(run: Run, what: str, ending: str) -> str:
    """Survey, wave, plan and the head of the fingerprint: safe in every file system."""
    plan = run.plan_version.plan
    stem = f"{plan.wave.survey.slug}-{plan.wave.slug}-{plan.slug}{_KINDS.get(what, f'-{what}')}"
    return f"{stem}-{run.fingerprint[:8]}.{ending.replace('-', '.')}"


def attachment(content: str | bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
