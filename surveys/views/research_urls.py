"""The research pages of the collecting half."""

from django.urls import path

from surveys.views import (
    cases,
    contacts,
    data,
    fieldwork,
    instruments,
    microdata,
    samples,
    surveys,
    waves,
)

_WAVE = "<slug:survey>/<slug:wave>/"
_CASE = f"{_WAVE}fieldwork/<uuid:case>/"

urlpatterns = [
    path("", surveys.surveys, name="surveys"),
    path("<slug:survey>/", surveys.survey, name="survey"),
    # Before the waves: no wave may be called "import" (actions.microdata.RESERVED_NAMES).
    path("<slug:survey>/import/", microdata.upload, name="import"),
    path("<slug:survey>/import/problems.csv", microdata.problems, name="import_problems"),
    path(_WAVE, waves.wave, name="wave"),
    path(f"{_WAVE}open/", waves.open_field, name="open_field"),
    path(f"{_WAVE}close/", waves.close_field, name="close_field"),
    path(f"{_WAVE}instrument/", instruments.instrument, name="instrument"),
    path(f"{_WAVE}instrument/codebook.csv", instruments.codebook, name="codebook"),
    path(f"{_WAVE}instrument/publish/", instruments.publish, name="publish"),
    path(f"{_WAVE}frame/", samples.frame, name="frame"),
    path(f"{_WAVE}sample/", samples.sample, name="sample"),
    path(f"{_WAVE}contacts/", contacts.contacts, name="contacts"),
    path(f"{_WAVE}contacts/codes/", contacts.issue_all, name="issue_all"),
    path(f"{_WAVE}fieldwork/", fieldwork.fieldwork, name="fieldwork"),
    path(_CASE, cases.case, name="case"),
    path(f"{_CASE}codes/", cases.issue_code, name="issue_code"),
    path(f"{_CASE}codes/<int:invitation>/revoke/", cases.revoke_code, name="revoke_code"),
    path(f"{_CASE}disposition/", cases.record_disposition, name="disposition"),
    path(f"{_CASE}reopen/", cases.reopen, name="reopen"),
    path(f"{_WAVE}data/", data.data, name="data"),
    path(f"{_WAVE}data/codebook.csv", data.codebook, name="data_codebook"),
    path(f"{_WAVE}data/extract.<slug:file_format>", data.extract, name="extract"),
]
