from django.urls import path

from benchmarks.bare_view import views

urlpatterns = [
    path("firm/<int:respondent>/page/<slug:page>/", views.page, name="page"),
    path("plain/<int:respondent>/page/<slug:page>/", views.plain, name="plain"),
    path("firm/<int:respondent>/receipt/", views.done, name="done"),
]
