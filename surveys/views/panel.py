"""The waves of a survey as a panel: who stayed, who was lost, the linked file."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mathematics.refusals import Refusal
from surveys.actions.extracts import record_panel_download
from surveys.exports.panel import panel_as_csv
from surveys.models import Survey
from surveys.permissions import may_analyse
from surveys.queries.panel import NotLinked, attrition, linked, panel_waves, retention
from surveys.views.access import survey_page
from surveys.views.files import attachment


@require_safe
@survey_page()
def panel(request: HttpRequest, survey: Survey) -> HttpResponse:
    waves = panel_waves(survey)
    context = {
        "survey": survey,
        "waves": waves,
        "retention": retention(waves),
        "attrition": attrition(waves[-2], waves[-1]) if len(waves) > 1 else (),
        "last": waves[-2:],
        "may_analyse": may_analyse(request.user, survey),
    }
    return render(request, "research/surveys/panel.html", context)


@require_POST
@survey_page(may_analyse)
def download(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Firms that answered in the last two waves, in long form; who took it is audited."""
    waves = panel_waves(survey)[-2:]
    try:
        found = linked(waves)
    except NotLinked as refused:
        messages.error(request, refused.reason)
        return redirect("surveys:panel", survey.slug)
    except Refusal as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
        return redirect("surveys:panel", survey.slug)
    record_panel_download(
        survey=survey, waves=waves, firms=found.firms, by=request.user, at=timezone.now()
    )
    made = "-made-data" if any(wave.made_data for wave in waves) else ""
    return attachment(panel_as_csv(found), f"{survey.slug}-panel{made}.csv")
