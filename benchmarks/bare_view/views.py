"""Show a page; write what is sent as one row; go to the next page.

Under ``firm/`` a page is a Django form: its fields are drawn and read by Django as they come.
Under ``plain/`` the fields are written out in a template and what is sent is taken as it is.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from benchmarks.bare_view.models import PageRow


@cache
def fields() -> dict[str, list[dict[str, Any]]]:
    return dict(json.loads(Path(settings.BARE_FIELDS).read_text()))


@cache
def form_of(page: str) -> type[forms.Form]:
    return type("PageForm", (forms.Form,), {each["name"]: _field(each) for each in fields()[page]})


def _field(described: dict[str, Any]) -> forms.Field:
    shared = {"label": described["label"], "required": False}
    choices = described["choices"]
    match described["kind"]:
        case "one":
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **shared)
        case "many":
            widget = forms.CheckboxSelectMultiple
            return forms.MultipleChoiceField(choices=choices, widget=widget, **shared)
        case _:
            return forms.CharField(**shared)


def page(request: HttpRequest, respondent: int, page: str) -> HttpResponse:
    form = form_of(page)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        PageRow.objects.create(respondent=respondent, page=page, answers=form.cleaned_data)
        return _onward("page", respondent, page)
    return render(request, "page.html", {"page": page, "form": form})


def plain(request: HttpRequest, respondent: int, page: str) -> HttpResponse:
    names = [each["name"] for each in fields()[page]]
    if request.method != "POST":
        return render(request, "plain.html", {"page": page, "fields": names})
    answers = {name: request.POST.getlist(name) for name in names}
    PageRow.objects.create(respondent=respondent, page=page, answers=answers)
    return _onward("plain", respondent, page)


def _onward(view: str, respondent: int, page: str) -> HttpResponse:
    names = list(fields())
    following = names.index(page) + 1
    if following == len(names):
        return redirect("done", respondent)
    return redirect(view, respondent, names[following])


def done(_request: HttpRequest, respondent: int) -> HttpResponse:
    return HttpResponse(f"Thank you, {respondent}.")
