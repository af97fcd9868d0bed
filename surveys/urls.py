"""The URLs of the collecting half, by audience."""

from django.urls import include, path

from surveys.views import gallery

app_name = "surveys"
urlpatterns = [
    path("", include("surveys.views.respondent_urls")),
    # Before the surveys: none may be called so.
    path("research/gallery/", gallery.gallery, name="gallery"),
    path("research/gallery/<slug:state>/", gallery.gallery, name="gallery_state"),
    path("research/gallery/search/<str:item>/", gallery.search, name="gallery_search"),
    path("research/", include("surveys.views.research_urls")),
]
