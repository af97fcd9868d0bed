"""The URLs of the collecting half, by audience."""

from django.urls import include, path

app_name = "surveys"
urlpatterns = [
    path("", include("surveys.views.respondent_urls")),
    path("research/", include("surveys.views.research_urls")),
]
