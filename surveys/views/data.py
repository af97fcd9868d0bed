"""The data of a wave: its variables; the pseudonymous extract and the answers as files."""

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
    AnswerTables,
    NoInstrument,
    answer_codebook,
    answer_tables,
    rosters_of,
)
from surveys.queries.datafile_rows import rows_of
from surveys.queries.datafiles import datafile
from surveys.queries.paradata import paradata_rows
from surveys.queries.weighting import published_number
from surveys.views.access import wave_page
from surveys.views.files import attachment, streamed

# Table and format: how it is written, and how the name of the file ends.
_ANSWERS = {
    ("firms", "csv"): (answerfiles.firms_as_csv, "-answers.csv"),
    ("batteries", "csv"): (answerfiles.batteries_as_csv, "-answers-batteries.csv"),
    ("all", "xlsx"): (answerfiles.as_workbook, "-answers.xlsx"),
}
_ROSTER = "roster-"
_TOO_LARGE = "The wave is too large for a worksheet. Download it as CSV."
# Beyond so many firms the page does not go through all answers to count the values.
_MOST_COUNTED = 2_000


@require_safe
@wave_page()
def data(request: HttpRequest, wave: Wave) -> HttpResponse:
    content = rows_of(wave).outline
    if is_counted := content.firms <= _MOST_COUNTED:
        content = datafile(wave)
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "data",
        "variables": content.variables,
        "firms": content.firms,
        "is_counted": is_counted,
        "may_analyse": may_analyse(request.user, wave.survey),
        "rosters": rosters_of(wave),
        "weights_version": published_number(wave),
    }
    return render(request, "research/data/data.html", context)


@require_safe
@wave_page()
def codebook(_request: HttpRequest, wave: Wave) -> HttpResponse:
    """The codebook of the extract as CSV."""
    return attachment(datafiles.codebook_as_csv(datafile(wave)), _name(wave, "-codebook.csv"))


@require_POST
@wave_page(may_analyse)
def extract(request: HttpRequest, wave: Wave, file_format: str) -> HttpResponseBase:
    """The extract as a file; who took it is audited. CSV goes out as its rows are read."""
    if file_format == "csv":
        rows = rows_of(wave)
        _record_extract(request, wave, "csv", rows.outline.firms)
        return streamed(datafiles.as_csv_lines(rows), _name(wave, ".csv"))
    if file_format != "xlsx":
        raise Http404(file_format)
    content = datafile(wave)
    try:
        written = datafiles.as_workbook(content)
    except TooLargeForSpreadsheet:
        messages.error(request, _TOO_LARGE)
        return redirect("surveys:data", wave.survey.slug, wave.slug)
    _record_extract(request, wave, "xlsx", len(content.rows))
    return attachment(written, _name(wave, ".xlsx"))


def _record_extract(request: HttpRequest, wave: Wave, file_format: str, firms: int) -> None:
    record_download(
        wave=wave, file_format=file_format, firms=firms, by=request.user, at=timezone.now()
    )


@require_POST
@wave_page(may_analyse)
def answers(request: HttpRequest, wave: Wave, table: str, file_format: str) -> HttpResponse:
    """Answers item by item as a file, without what firms wrote; who took it is audited."""
    if table.startswith(_ROSTER) and file_format == "csv":
        return _roster(request, wave, table.removeprefix(_ROSTER))
    if (table, file_format) not in _ANSWERS:
        raise Http404(f"{table}.{file_format}")
    write, ending = _ANSWERS[table, file_format]
    try:
        content = answer_tables(wave)
        written = write(content)
    except NoInstrument:
        raise Http404 from None
    except TooLargeForSpreadsheet:
        messages.error(request, _TOO_LARGE)
        return redirect("surveys:data", wave.survey.slug, wave.slug)
    _record(request, wave, content, table, file_format)
    return attachment(written, _name(wave, ending))


def _roster(request: HttpRequest, wave: Wave, name: str) -> HttpResponse:
    """The entries of one roster, without what firms wrote."""
    if name not in {roster.name for roster in rosters_of(wave)}:
        raise Http404(name)
    content = answer_tables(wave)
    entries = next(each for each in content.rosters if each.name == name)
    _record(request, wave, content, f"{_ROSTER}{name}", "csv")
    return attachment(
        answerfiles.roster_as_csv(entries), _name(wave, f"-answers-roster-{name}.csv")
    )


def _record(
    request: HttpRequest, wave: Wave, content: AnswerTables, table: str, file_format: str
) -> None:
    record_answers_download(
        wave=wave,
        file_format=file_format,
        firms=len(content.firms),
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
def paradata(request: HttpRequest, wave: Wave, file_format: str) -> HttpResponse:
    """How questionnaires were filled in, as a file; who took it is audited."""
    if file_format not in paradata_files.FORMATS:
        raise Http404(file_format)
    rows = list(paradata_rows(wave))
    record_export(
        wave=wave, file_format=file_format, events=len(rows), by=request.user, at=timezone.now()
    )
    written = paradata_files.FORMATS[file_format](rows)
    return attachment(written, _name(wave, f"-paradata.{file_format}"))


def _name(wave: Wave, ending: str) -> str:
    return datafiles.file_name(wave.survey.slug, wave.slug, made_data=wave.made_data, ending=ending)
