"""The instrument of a wave: every question, its codebook, and publishing a version."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from surveys import questionnaire
from surveys.actions import instruments as publishing
from surveys.actions import waves
from surveys.exports import delimited, paper
from surveys.exports.paper import Addressee
from surveys.exports.pdf import PdfUnavailable
from surveys.forms.instruments import PublishForm
from surveys.models import Instrument, Wave
from surveys.permissions import may_publish
from surveys.queries.instruments import codebook_rows, compiled, outline
from surveys.views.access import wave_page
from surveys.views.files import attachment


@require_safe
@wave_page()
def instrument(request: HttpRequest, wave: Wave) -> HttpResponse:
    definition = compiled(wave.instrument) if wave.instrument else None
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "instrument",
        "definition": definition,
        "outline": outline(definition) if definition else (),
        "items": sum(1 for _ in definition.items) if definition else 0,
        "may_publish": may_publish(request.user, wave.survey),
    }
    return render(request, "research/instruments/instrument.html", context)


@require_safe
@wave_page()
def codebook(_request: HttpRequest, wave: Wave) -> HttpResponse:
    """The codebook of the instrument as CSV, one row a variable."""
    if wave.instrument is None:
        raise Http404("The wave has no instrument.")
    columns, rows = codebook_rows(compiled(wave.instrument))
    name = f"{wave.instrument.name}-{wave.instrument.version}-codebook.csv"
    return attachment(delimited.render(columns, rows), name)


@require_safe
@wave_page()
def on_paper(_request: HttpRequest, wave: Wave) -> HttpResponse:
    """The questionnaire for paper, as PDF; as HTML where the machine cannot make PDF."""
    if wave.instrument is None:
        raise Http404("The wave has no instrument.")
    definition = compiled(wave.instrument)
    name = f"{wave.instrument.name}-{wave.instrument.version}"
    to = Addressee(title=wave.survey.title, until=wave.field_end)
    try:
        return attachment(paper.as_pdf(definition, to=to), f"{name}.pdf")
    except PdfUnavailable:
        return attachment(paper.as_html(definition, to=to).encode(), f"{name}.html")


@require_http_methods(["GET", "HEAD", "POST"])
@wave_page(may_publish)
def publish(request: HttpRequest, wave: Wave) -> HttpResponse:
    """Freeze an instrument; a draft wave takes it."""
    if request.method != "POST":
        return _publish_page(request, wave, PublishForm())
    form = PublishForm(request.POST, request.FILES)
    if not form.is_valid():
        return _publish_page(request, wave, form, status=422)
    text = form.cleaned_data["text"]
    try:
        published = publishing.publish(
            text=text, by=request.user, at=timezone.now(), survey=wave.survey
        )
    except questionnaire.InstrumentErrors as error:
        problems = error.problems
    except publishing.VersionTaken as error:
        problems = (error.problem,)
    else:
        return _published(request, wave, published)
    return _publish_page(request, wave, form.showing(text), problems=problems, status=422)


def _published(request: HttpRequest, wave: Wave, published: Instrument) -> HttpResponse:
    sentence = f"{published} is published, fingerprint {published.fingerprint[:12]}."
    try:
        waves.use_instrument(wave=wave, instrument=published, by=request.user, at=timezone.now())
    except waves.WaveNotReady as error:
        messages.success(request, f"{sentence} {error.reason}")
    else:
        messages.success(request, f"{sentence} This wave uses it.")
    return redirect("surveys:instrument", wave.survey.slug, wave.slug)


def _publish_page(
    request: HttpRequest,
    wave: Wave,
    form: PublishForm,
    *,
    problems: tuple[questionnaire.Problem, ...] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "instrument",
        "form": form,
        "problems": problems,
    }
    return render(request, "research/instruments/publish.html", context, status=status)
