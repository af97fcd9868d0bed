"""The data of a wave: its variables; the pseudonymous extract and the answers as files."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from surveys.actions.extracts import record_answers_download, record_download
from surveys.actions.paradata import record_export
from surveys.exports import answerfiles, datafiles
from surveys.exports import paradata as paradata_files
from surveys.exports.spreadsheet import TooLargeForSpreadsheet
from surveys.models import Wave
from surveys.permissions import may_analyse
from surveys.queries.answer_tables import (
    BATTERY_COLUMNS,
    AnswerTables,
    NoInstrument,
    answer_codebook,
    answer_tables,
    rosters_of,
)
from surveys.queries.datafile_rows import counted_outline, rows_of
from surveys.queries.paradata import count_of, paradata_rows
from surveys.queries.weighting import published_number
from surveys.views.access import wave_page
from surveys.views.data_offered import offered_of
from surveys.views.files import attachment, made_on_disk, refuse_to_wait, streamed

_ROSTER = "roster-"
# Beyond so many firms the page does not go through all answers to count the values.
_MOST_COUNTED = 2_000


@require_safe
@wave_page()
def data(request: HttpRequest, wave: Wave) -> HttpResponse:
    content = rows_of(wave).outline
    if is_counted := content.firms <= _MOST_COUNTED:
        content = counted_outline(wave)
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "data",
        "variables": content.variables,
        "firms": content.firms,
        "is_counted": is_counted,
        "may_analyse": may_analyse(request.user, wave.survey),
        "files": offered_of(wave, content) if content.firms else (),
        "weights_version": published_number(wave),
    }
    return render(request, "research/data/data.html", context)


@require_safe
@wave_page()
def codebook(_request: HttpRequest, wave: Wave) -> HttpResponse:
    """The codebook of the extract as CSV."""
    return attachment(
        datafiles.codebook_as_csv(counted_outline(wave)), _name(wave, "-codebook.csv")
    )


@require_POST
@wave_page(may_analyse)
def extract(request: HttpRequest, wave: Wave, file_format: str) -> HttpResponseBase:
    """The extract as a file; who took it is audited. CSV goes out as its rows are read."""
    rows = rows_of(wave)
    firms = rows.outline.firms
    if file_format == "csv":
        _record_extract(request, wave, "csv", firms)
        return streamed(datafiles.as_csv_lines(rows), _name(wave, ".csv"))
    if file_format != "xlsx":
        raise Http404(file_format)
    try:
        refuse_to_wait(cells=firms * len(rows.outline.columns), command="export_wave")
        workbook = made_on_disk(partial(datafiles.write_workbook, rows), _name(wave, ".xlsx"))
    except TooLargeForSpreadsheet as refused:
        return _as_csv_instead(request, wave, refused)
    _record_extract(request, wave, "xlsx", rows.firms)
    return workbook


def _as_csv_instead(
    request: HttpRequest, wave: Wave, refused: TooLargeForSpreadsheet
) -> HttpResponse:
    messages.error(request, f"{refused.reason} Download CSV, which has room for all of it.")
    return redirect("surveys:data", wave.survey.slug, wave.slug)


def _record_extract(request: HttpRequest, wave: Wave, file_format: str, firms: int) -> None:
    record_download(
        wave=wave, file_format=file_format, firms=firms, by=request.user, at=timezone.now()
    )


@require_POST
@wave_page(may_analyse)
def answers(request: HttpRequest, wave: Wave, table: str, file_format: str) -> HttpResponseBase:
    """Answers item by item as a file, without what firms wrote; who took it is audited."""
    try:
        tables = answer_tables(wave)
        response = _answers(wave, tables, table, file_format)
    except NoInstrument:
        raise Http404 from None
    except TooLargeForSpreadsheet as refused:
        return _as_csv_instead(request, wave, refused)
    _record(request, wave, tables, table, file_format)
    return response


def _answers(wave: Wave, tables: AnswerTables, table: str, file_format: str) -> HttpResponseBase:
    """Raises: Http404 of a table that there is not, TooLargeForSpreadsheet."""
    roster = table.removeprefix(_ROSTER)
    match table, file_format:
        case "firms", "csv":
            return streamed(answerfiles.firms_as_csv(tables), _name(wave, "-answers.csv"))
        case "batteries", "csv":
            lines = answerfiles.batteries_as_csv(tables)
            return streamed(lines, _name(wave, "-answers-batteries.csv"))
        case "all", "xlsx":
            refuse_to_wait(cells=_cells_of(tables), command="export_answers")
            write = partial(answerfiles.write_workbook, tables)
            return made_on_disk(write, _name(wave, "-answers.xlsx"))
        case _, "csv" if roster != table and roster in {each.name for each in rosters_of(wave)}:
            lines = answerfiles.roster_as_csv(tables, roster)
            return streamed(lines, _name(wave, f"-answers-{table}.csv"))
    raise Http404(f"{table}.{file_format}")


def _cells_of(tables: AnswerTables) -> int:
    a_firm = len(tables.header) + tables.cells_a_firm * len(BATTERY_COLUMNS)
    return tables.firms * a_firm


def _record(
    request: HttpRequest, wave: Wave, tables: AnswerTables, table: str, file_format: str
) -> None:
    record_answers_download(
        wave=wave,
        file_format=file_format,
        firms=tables.firms,
        with_words=False,
        by=request.user,
        at=timezone.now(),
        table=table,
    )


@require_safe
@wave_page()
def answers_codebook(_request: HttpRequest, wave: Wave) -> HttpResponse:
    """The codebook of the answers item by item as CSV."""
    try:
        written = answerfiles.codebook_as_csv(answer_codebook(wave))
    except NoInstrument:
        raise Http404 from None
    return attachment(written, _name(wave, "-answers-codebook.csv"))


@require_POST
@wave_page(may_analyse)
def paradata(request: HttpRequest, wave: Wave, file_format: str) -> HttpResponseBase:
    """How questionnaires were filled in, as a file; who took it is audited."""
    if file_format not in paradata_files.FORMATS:
        raise Http404(file_format)
    events = count_of(wave)
    record_export(
        wave=wave, file_format=file_format, events=events, by=request.user, at=timezone.now()
    )
    lines = paradata_files.FORMATS[file_format](paradata_rows(wave))
    return streamed(lines, _name(wave, f"-paradata.{file_format}"))


def _name(wave: Wave, ending: str) -> str:
    return datafiles.file_name(wave.survey.slug, wave.slug, made_data=wave.made_data, ending=ending)
