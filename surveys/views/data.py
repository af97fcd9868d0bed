"""The data of a wave: its variables, and the pseudonymous extract as a file."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from surveys.actions.extracts import record_download
from surveys.exports import datafiles
from surveys.exports.spreadsheet import TooLargeForSpreadsheet
from surveys.models import Wave
from surveys.permissions import may_analyse
from surveys.queries.datafiles import datafile
from surveys.views.access import wave_page
from surveys.views.files import attachment

_FORMATS = {"csv": datafiles.as_csv, "xlsx": datafiles.as_workbook}


@require_safe
@wave_page()
def data(request: HttpRequest, wave: Wave) -> HttpResponse:
    content = datafile(wave)
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "data",
        "variables": content.variables,
        "firms": len(content.rows),
        "may_analyse": may_analyse(request.user, wave.survey),
    }
    return render(request, "research/data/data.html", context)


@require_safe
@wave_page()
def codebook(_request: HttpRequest, wave: Wave) -> HttpResponse:
    """The codebook of the extract as CSV."""
    return attachment(datafiles.codebook_as_csv(datafile(wave)), _name(wave, "-codebook.csv"))


@require_POST
@wave_page(may_analyse)
def extract(request: HttpRequest, wave: Wave, file_format: str) -> HttpResponse:
    """The extract as a file; who took it is audited."""
    if file_format not in _FORMATS:
        raise Http404(file_format)
    content = datafile(wave)
    try:
        written = _FORMATS[file_format](content)
    except TooLargeForSpreadsheet:
        messages.error(request, "The wave is too large for a worksheet. Download it as CSV.")
        return redirect("surveys:data", wave.survey.slug, wave.slug)
    record_download(
        wave=wave,
        file_format=file_format,
        firms=len(content.rows),
        by=request.user,
        at=timezone.now(),
    )
    return attachment(written, _name(wave, f".{file_format}"))


def _name(wave: Wave, ending: str) -> str:
    return datafiles.file_name(wave.survey.slug, wave.slug, made_data=wave.made_data, ending=ending)
