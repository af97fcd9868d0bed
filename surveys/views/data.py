"""The data of a wave: its codebook, and the pseudonymous extract as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from surveys.models import Wave
from surveys.permissions import may_analyse
from surveys.queries.fieldwork import tally
from surveys.views.access import wave_page


@require_safe
@wave_page()
def data(request: HttpRequest, wave: Wave) -> HttpResponse:
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "data",
        "complete": tally(wave).number("complete"),
        "may_analyse": may_analyse(request.user, wave.survey),
    }
    return render(request, "research/data/data.html", context)
