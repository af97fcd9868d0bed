"""The product's addresses and one that fails."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import handler500, urlpatterns

__all__ = ["handler500", "urlpatterns"]


def fault(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(request.POST["comment"])


urlpatterns = [path("fault/", fault), *urlpatterns]
