"""The page after submission: how long it took, and anything else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from surveys.actions import feedback as actions
from surveys.actions.feedback import NotHandedIn
from surveys.forms.feedback import FeedbackForm
from surveys.models import Case
from surveys.queries.feedback import asks_for_feedback
from surveys.queries.responses import standing
from surveys.views.admission import firm_page
from surveys.views.firm import frame


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page
def feedback(request: HttpRequest, case: Case) -> HttpResponse:
    firm = standing(case)
    if not asks_for_feedback(firm):
        return redirect("surveys:receipt", case.public_id)
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        context = frame(firm) | {"form": form}
        return render(request, "respondent/feedback.html", context)
    said = form.cleaned_data
    try:
        actions.give(case=case, minutes=said["total"], comment=said["comment"], at=timezone.now())
    except NotHandedIn:
        return redirect("surveys:hub", case.public_id)
    return redirect("surveys:receipt", case.public_id)
