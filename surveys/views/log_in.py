"""Logging in, with what was typed on a page whose log-in had ended carried along.

What was typed goes from page to page in hidden fields of forms: never in an address, and never
into the session of whoever logs in.
"""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from surveys.views.failures import carried_fields

_PREFIX = "carried:"


def log_in_first(request: HttpRequest) -> HttpResponse:
    """The log-in has ended: ask for it, and carry on what was typed."""
    context = {
        "form": AuthenticationForm(request),
        "next": request.get_full_path(),
        "carried": [(f"{_PREFIX}{name}", value) for name, value in carried_fields(request)],
    }
    response = render(request, "registration/login.html", context, status=403)
    patch_cache_control(response, no_store=True, private=True)
    return response


class LogIn(LoginView):
    """Django's, which offers to save what was typed before once the person is known."""

    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and self._carried(request):
            return self._carried_on(request)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        return self._carried_on(self.request) if self._carried(self.request) else response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        carried = self._carried(self.request)
        return super().get_context_data(**kwargs) | {"carried": carried}

    def _carried_on(self, request: HttpRequest) -> HttpResponse:
        fields = [(name.removeprefix(_PREFIX), value) for name, value in self._carried(request)]
        context = {"carried": fields, "target": self.get_success_url()}
        response = render(request, "registration/carried_on.html", context)
        patch_cache_control(response, no_store=True, private=True)
        return response

    @staticmethod
    def _carried(request: HttpRequest) -> list[tuple[str, str]]:
        return [each for each in carried_fields(request) if each[0].startswith(_PREFIX)]
