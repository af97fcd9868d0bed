"""Publishing a draft under a version, and giving it to a wave."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from surveys import questionnaire
from surveys.actions import drafts as actions
from surveys.actions import waves
from surveys.actions.instruments import VersionTaken
from surveys.forms.editor.faults import tell
from surveys.forms.editor.publishing import PublishDraftForm
from surveys.models import Instrument, InstrumentDraft, Wave
from surveys.queries.drafts import faults_of, versions_of
from surveys.views.editor.access import built_on, draft_page, draft_url, frame, who


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def publish(request: HttpRequest, draft: InstrumentDraft) -> HttpResponse:
    """Freeze the draft as a version; a wave that has not opened can take it at once."""
    choices = _waves(draft)
    if request.method != "POST":
        first = {"version": str(draft.document.get("version", ""))}
        return _publish_page(request, draft, PublishDraftForm(initial=first, waves=choices))
    form = PublishDraftForm(request.POST, waves=choices)
    if not form.is_valid():
        return _publish_page(request, draft, form, status=422)
    try:
        published = actions.publish(
            draft=draft,
            built_on=built_on(request),
            version=form.cleaned_data["version"],
            by=who(request),
            at=timezone.now(),
        )
    except VersionTaken as taken:
        form.add_error("version", f"{taken.problem.message} {taken.problem.remedy}")
        return _publish_page(request, draft, form, status=422)
    except questionnaire.InstrumentErrors as errors:
        return _publish_page(request, draft, form, problems=errors.problems, status=422)
    except actions.ChangedMeanwhile as meanwhile:
        form.add_error(None, "The draft was changed meanwhile. Look at it and publish once more.")
        return _publish_page(request, meanwhile.draft, form, status=409)
    return _published(request, draft, published, form.cleaned_data["wave"])


def _published(
    request: HttpRequest, draft: InstrumentDraft, published: Instrument, wave: str
) -> HttpResponse:
    sentence = f"{published} is published, fingerprint {published.fingerprint[:12]}."
    taker = draft.survey.waves.filter(pk=int(wave)).first() if wave else None
    if taker is None:
        messages.success(request, sentence)
        return redirect("surveys:draft_history", draft.survey.slug, draft.slug)
    try:
        waves.use_instrument(wave=taker, instrument=published, by=who(request), at=timezone.now())
    except waves.WaveNotReady as error:
        messages.warning(request, f"{sentence} {error.reason}")
        return redirect(draft_url(draft))
    messages.success(request, f"{sentence} {taker.title} uses it.")
    return redirect("surveys:instrument", draft.survey.slug, taker.slug)


def _waves(draft: InstrumentDraft) -> list[tuple[str, str]]:
    """Waves whose field has not opened, which can still take an instrument."""
    takers = draft.survey.waves.filter(state=Wave.State.DRAFT, origin=Wave.Origin.COLLECTED)
    return [(str(wave.pk), wave.title) for wave in takers]


def _publish_page(
    request: HttpRequest,
    draft: InstrumentDraft,
    form: PublishDraftForm,
    *,
    problems: tuple[questionnaire.Problem, ...] = (),
    status: int = 200,
) -> HttpResponse:
    lines = tell(draft.document, faults_of(draft.document))
    context = frame(draft, "publish") | {
        "form": form,
        "refused": tell(draft.document, problems),
        "problems": [line for line in lines if not line.is_warning],
        "warnings": [line for line in lines if line.is_warning],
        "versions": versions_of(str(draft.document.get("instrument", "")))[:20],
    }
    return render(request, "research/editor/publish.html", context, status=status)
