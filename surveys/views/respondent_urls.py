"""The addresses that a firm sees."""

from django.urls import path

from surveys.views import entrance, pages, respondent

urlpatterns = [
    path("", entrance.start, name="start"),
    path("answer/", entrance.enter, name="enter"),
    path("answer/<str:code>/", entrance.enter_link, name="enter_link"),
    path("answer/<str:code>", entrance.enter_link),
    path("firm/<uuid:case>/", respondent.hub, name="hub"),
    path("firm/<uuid:case>/page/<slug:page>/", pages.page, name="page"),
    path("firm/<uuid:case>/check/", respondent.check, name="check"),
    path("firm/<uuid:case>/submit/", respondent.submit, name="submit"),
    path("firm/<uuid:case>/receipt/", respondent.receipt, name="receipt"),
    path("firm/<uuid:case>/questions/", respondent.questions, name="questions"),
    path("firm/<uuid:case>/leave/", entrance.leave, name="leave"),
]
