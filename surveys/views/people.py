"""The people of a survey: who they are, what their roles let them do, and changing that."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from surveys.actions.people import MemberRefused, add_member, change_role, remove_member
from surveys.forms.people import NewMemberForm, RoleForm
from surveys.models import Membership, Survey
from surveys.permissions import may_manage_people, may_view_survey
from surveys.queries import people as queries
from surveys.views.access import require, survey_page


@require_http_methods(["GET", "HEAD", "POST"])
@survey_page()
def people(request: HttpRequest, survey: Survey) -> HttpResponse:
    """The list for every member; on POST, by an owner, one person more."""
    if request.method != "POST":
        return _page(request, survey, NewMemberForm())
    require(request.user, may_manage_people, survey)
    form = NewMemberForm(request.POST)
    if not form.is_valid():
        return _page(request, survey, form)
    try:
        member = add_member(survey=survey, by=request.user, at=timezone.now(), **form.cleaned_data)
    except MemberRefused as refused:
        form.add_error("username", str(refused))
        return _page(request, survey, form)
    messages.success(request, f"{member.user} is {_with_article(member)} of this survey now.")
    return redirect("surveys:people", survey.slug)


@require_POST
@survey_page(may_manage_people)
def role(request: HttpRequest, survey: Survey, member: int) -> HttpResponse:
    found = _member(survey, member)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"{found.user} keeps the role: choose one of the list.")
        return redirect("surveys:people", survey.slug)
    try:
        changed = change_role(member=found, by=request.user, at=timezone.now(), **form.cleaned_data)
    except MemberRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{changed.user} is {_with_article(changed)} now.")
    return redirect("surveys:people", survey.slug)


@require_POST
@survey_page(may_manage_people)
def remove(request: HttpRequest, survey: Survey, member: int) -> HttpResponse:
    """End a membership; who ends the own one is led to the list of surveys."""
    found = _member(survey, member)
    try:
        remove_member(member=found, by=request.user, at=timezone.now())
    except MemberRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{found.user} does not belong to {survey} any more.")
    if may_view_survey(request.user, survey):
        return redirect("surveys:people", survey.slug)
    return redirect("surveys:surveys")


def _member(survey: Survey, key: int) -> Membership:
    return get_object_or_404(queries.members_of(survey).select_related("survey"), pk=key)


def _with_article(member: Membership) -> str:
    role_words = member.get_role_display().lower()
    return f"{'an' if role_words[0] in 'aio' else 'a'} {role_words}"


def _page(request: HttpRequest, survey: Survey, form: NewMemberForm) -> HttpResponse:
    may_manage = may_manage_people(request.user, survey)
    context = {
        "survey": survey,
        "members": queries.members_of(survey),
        "roles": Membership.Role.choices,
        "rights": queries.rights(),
        "form": form,
        "changes": queries.latest_changes(survey) if may_manage else (),
        "may_manage": may_manage,
    }
    status = 422 if form.errors else 200
    return render(request, "research/people/people.html", context, status=status)
