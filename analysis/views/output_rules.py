"""The rules by which a survey withholds results, and those of its waves that are stricter."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from analysis import actions
from analysis.disclosure.in_words import RULE_NAMES, RULE_TITLES, rules_in_words, value_of
from analysis.disclosure.rules import DisclosurePolicy
from analysis.extracts import Survey, Wave, may_set_output_rules
from analysis.models import OutputPolicy
from analysis.refusals import Refusal
from analysis.views.access import survey_page

_MOST_CHANGES = 50


class RulesForm(forms.Form):
    """One field a rule, as text; what cannot be read is told by the rule's name."""

    def __init__(self, policy: DisclosurePolicy, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for rule in rules_in_words(policy):
            self.fields[rule.name] = forms.CharField(
                label=rule.title,
                help_text=rule.about,
                initial=rule.value,
                show_hidden_initial=True,
                required=False,
                max_length=100,
                widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
            )

    def changed_rules(self, policy: DisclosurePolicy) -> dict[str, Any]:
        """The rules that the person changed; one that another changed meanwhile stays.

        Raises: Refusal of one that cannot be read, ``policy_changed`` of one that both changed.
        """
        typed = {name: self.data.get(name, "").strip() for name in RULE_NAMES if name in self.data}
        changed = {}
        for name, text in typed.items():
            now = value_of(policy, name)
            shown = self.data.get(self[name].html_initial_name, now).strip()
            if text in (shown, now):
                continue
            if shown != now:
                self._show_now(policy)
                raise _changed_meanwhile(name, now)
            changed[name] = actions.read_rule(name, text)
        return changed

    def _show_now(self, policy: DisclosurePolicy) -> None:
        """Sent again, what was typed is meant to replace what holds now."""
        self.data = self.data.copy()
        for name in self.fields:
            self.data[self[name].html_initial_name] = value_of(policy, name)


def _changed_meanwhile(name: str, now: str) -> Refusal:
    return Refusal(
        "policy_changed",
        f"Somebody set “{RULE_TITLES[name]}” to {now or 'none'} after you opened this page.",
        "What you typed is still here: keep it to replace that, or open the page anew.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@survey_page(may_set_output_rules)
def output_rules(request: HttpRequest, survey: Survey) -> HttpResponse:
    wave = _wave_asked(request, survey)
    policy = actions.policy_of_survey(survey) if wave is None else actions.policy_of(wave)
    if request.method != "POST":
        return _page(request, survey, wave, RulesForm(policy))
    form = RulesForm(policy, request.POST)
    try:
        changed = form.changed_rules(policy)
        if changed:
            actions.set_output_policy(
                survey=survey, wave=wave, rules=changed, by=request.user, at=timezone.now()
            )
    except Refusal as refusal:
        return _page(
            request, survey, wave, form, problem=f"{refusal.message} {refusal.remedy}", status=400
        )
    if changed:
        messages.success(request, "The rules are kept. They hold for runs asked for from now on.")
    else:
        messages.info(request, "Nothing was changed.")
    return redirect(request.get_full_path())


def _wave_asked(request: HttpRequest, survey: Survey) -> Wave | None:
    """The wave of the address, if it names one. Raises: Http404 of one that there is not."""
    slug = request.GET.get("wave", "")
    return get_object_or_404(survey.waves, slug=slug) if slug else None


def _page(
    request: HttpRequest,
    survey: Survey,
    wave: Wave | None,
    form: RulesForm,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    changes = OutputPolicy.objects.filter(survey=survey).select_related("wave", "set_by")
    context = {
        "survey": survey,
        "of_wave": wave,
        "waves": survey.waves.all(),
        "form": form,
        "problem": problem,
        "changes": [_told(each) for each in changes[:_MOST_CHANGES]],
    }
    return render(request, "analysis/checks/rules.html", context, status=status)


def _told(change: OutputPolicy) -> dict[str, Any]:
    """Who changed what, from what to what."""
    names = [name for name in change.rules if change.before.get(name) != change.rules[name]]
    before = DisclosurePolicy.from_document(change.before)
    after = DisclosurePolicy.from_document(change.rules)
    return {
        "at": change.set_at,
        "by": "a command"
        if change.set_by is None
        else change.set_by.get_full_name() or change.set_by.get_username(),
        "of": "the survey" if change.wave is None else change.wave.title,
        "rules": [
            {
                "name": name,
                "before": value_of(before, name)
                if name in change.before or not change.wave
                else "",
                "after": value_of(after, name),
            }
            for name in names
        ],
    }
