"""The waves of a survey as a panel: who stayed, who was lost, the linked files."""

from collections.abc import Sequence
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mathematics.refusals import Refusal
from surveys.actions.extracts import record_panel_download
from surveys.exports import panel as files
from surveys.exports.spreadsheet import TooLargeForSpreadsheet
from surveys.models import Survey, Wave
from surveys.permissions import may_analyse
from surveys.queries.linked import DESIGN, Linked, NotLinked, linked
from surveys.queries.panel import attrition, panel_waves, retention
from surveys.queries.panel_codebook import CODEBOOK_COLUMNS, panel_codebook
from surveys.queries.pooling import pooled_of, pooled_rosters
from surveys.views.access import survey_page
from surveys.views.files import attachment, made_on_disk, refuse_to_wait, streamed
from surveys.views.offered import Download, OfferedFile

_ROSTER = "roster-"


@require_safe
@survey_page()
def panel(request: HttpRequest, survey: Survey) -> HttpResponse:
    waves = panel_waves(survey)
    last = waves[-2:] if len(waves) > 1 else ()
    stayed = retention(waves)
    context = {
        "survey": survey,
        "waves": waves,
        "retention": stayed,
        "attrition": attrition(*last) if last else (),
        "last": last,
        "files": _offered(survey, last, stayed[-1].later[0].answered) if last else (),
        "may_analyse": may_analyse(request.user, survey),
    }
    return render(request, "research/surveys/panel.html", context)


def _offered(survey: Survey, waves: Sequence[Wave], firms: int) -> tuple[OfferedFile, ...]:
    """The linked files of the waves, in both of which so many firms answered."""

    def at(table: str, file_format: str = "csv") -> tuple[Download, ...]:
        address = reverse("surveys:panel_download", args=[survey.slug, table, file_format])
        return (Download(file_format.upper(), address, is_first=table == "firms"),)

    pooled, rosters = pooled_of(waves), pooled_rosters(waves)
    return (
        OfferedFile(
            "Firms",
            f"A row for each firm and wave, up to {firms * len(waves)}; a column for each variable",
            at("firms"),
            columns=len(DESIGN) + len(pooled.columns),
        ),
        *(
            OfferedFile(
                f"Entries of {each.name}",
                "A row for each entry and wave, with its key; entries that ended have one, too",
                at(f"{_ROSTER}{each.name}"),
                columns=len(DESIGN) + len(each.columns),
            )
            for each in rosters
        ),
        OfferedFile(
            "Codebook",
            "A row for each variable of each file; those left out have one, too, with the reason",
            at("codebook"),
            rows=len(panel_codebook(pooled, rosters)),
            columns=len(CODEBOOK_COLUMNS),
        ),
        OfferedFile("All of these", "A workbook with a sheet for each file", at("all", "xlsx")),
    )


@require_POST
@survey_page(may_analyse)
def download(
    request: HttpRequest, survey: Survey, table: str, file_format: str
) -> HttpResponseBase:
    """Firms that answered in the last two waves, in long form; who took it is audited."""
    waves = panel_waves(survey)[-2:]
    try:
        found = linked(waves)
        response = _file(survey, found, table, file_format)
    except NotLinked as refused:
        return _refused(request, survey, refused.reason)
    except Refusal as refusal:
        return _refused(request, survey, f"{refusal.message} {refusal.remedy}".strip())
    except TooLargeForSpreadsheet as refused:
        return _refused(request, survey, f"{refused.reason} Download CSV, which has room for it.")
    record_panel_download(
        survey=survey,
        waves=waves,
        file_format=file_format,
        firms=found.firms,
        with_words=False,
        by=request.user,
        at=timezone.now(),
        table=table,
    )
    return response


def _refused(request: HttpRequest, survey: Survey, reason: str) -> HttpResponse:
    messages.error(request, reason)
    return redirect("surveys:panel", survey.slug)


def _file(survey: Survey, found: Linked, table: str, file_format: str) -> HttpResponseBase:
    """Raises: Http404 of a file that there is not, TooLargeForSpreadsheet."""
    name = partial(_name, survey, [reading.wave for reading in found.readings])
    rosters = {f"{_ROSTER}{each.name}": each for each in found.rosters}
    match table, file_format:
        case "firms", "csv":
            return streamed(files.panel_as_csv(found), name(".csv"))
        case "codebook", "csv":
            content = files.codebook_as_csv(found.pooled, found.rosters)
            return attachment(content, name("-codebook.csv"))
        case "all", "xlsx":
            refuse_to_wait(cells=found.n_rows * len(found.header), command="export_panel")
            return made_on_disk(partial(files.write_workbook, found), name(".xlsx"))
        case _, "csv" if table in rosters:
            return streamed(files.roster_as_csv(found, rosters[table]), name(f"-{table}.csv"))
    raise Http404(f"{table}.{file_format}")


def _name(survey: Survey, waves: Sequence[Wave], ending: str) -> str:
    made = "-made-data" if any(wave.made_data for wave in waves) else ""
    return f"{survey.slug}-panel{made}{ending}"
