"""The addresses that a firm sees."""

from django.urls import path

from surveys.views import (
    autosave,
    copies,
    entrance,
    feedback,
    handing_in,
    inbound,
    languages,
    lookups,
    offline,
    pages,
    respondent,
    right_person,
    roster_lists,
    rosters,
    teams,
)

_PAGE = "firm/<uuid:case>/page/<slug:page>/"
_ENTRY = f"{_PAGE}entry/<slug:entry>/"

urlpatterns = [
    path("", entrance.start, name="start"),
    path("answer/", entrance.enter, name="enter"),
    path("answer/<str:code>/", entrance.enter_link, name="enter_link"),
    path("answer/<str:code>", entrance.enter_link),
    path("firm/<uuid:case>/", respondent.hub, name="hub"),
    path("firm/<uuid:case>/page/<slug:page>/", pages.page, name="page"),
    path(f"{_ENTRY}<int:step>/", rosters.entry, name="entry"),
    path(f"{_PAGE}draft/", autosave.keep, name="keep_draft"),
    path(f"{_PAGE}draft/discard/", autosave.discard, name="discard_draft"),
    path(f"{_ENTRY}<int:step>/draft/", autosave.keep, name="keep_entry_draft"),
    path(f"{_ENTRY}<int:step>/draft/discard/", autosave.discard, name="discard_entry_draft"),
    path(
        "answer/<str:code>/right-person/",
        entrance.right_person_by_code,
        name="right_person_by_code",
    ),
    path(
        "right-person/<str:token>/",
        right_person.right_person_by_message,
        name="right_person_by_message",
    ),
    path("firm/<uuid:case>/right-person/", right_person.right_person, name="right_person"),
    path("opt-out/<str:token>/", inbound.opt_out, name="opt_out"),
    path("mail-events/", inbound.mail_events, name="mail_events"),
    path("language/", languages.switch_before_code, name="language"),
    path("firm/<uuid:case>/language/", languages.switch, name="case_language"),
    path("firm/<uuid:case>/stay/", autosave.stay, name="stay"),
    path(f"{_ENTRY}remove/", roster_lists.remove, name="remove_entry"),
    path("firm/<uuid:case>/lookup/<str:item>/", lookups.lookup, name="lookup"),
    path("firm/<uuid:case>/check/", handing_in.check, name="check"),
    path("firm/<uuid:case>/submit/", handing_in.submit, name="submit"),
    path("firm/<uuid:case>/receipt/", handing_in.receipt, name="receipt"),
    path("firm/<uuid:case>/questions/", respondent.questions, name="questions"),
    path("firm/<uuid:case>/receipt/send/", handing_in.send_receipt, name="send_receipt"),
    path("firm/<uuid:case>/copy.pdf", copies.copy, name="copy"),
    path("firm/<uuid:case>/questions.pdf", copies.paper_questionnaire, name="paper"),
    path("firm/<uuid:case>/feedback/", feedback.feedback, name="feedback"),
    path("firm/<uuid:case>/team/", teams.team, name="team"),
    path("firm/<uuid:case>/team/invite/", teams.delegate, name="delegate"),
    path("firm/<uuid:case>/team/<int:person>/send/", teams.resend, name="resend"),
    path("firm/<uuid:case>/team/<int:person>/withdraw/", teams.revoke, name="revoke"),
    path("firm/<uuid:case>/section/<slug:section>/", teams.section, name="section"),
    path("firm/<uuid:case>/section/<slug:section>/finished/", teams.finish, name="finish"),
    path("firm/<uuid:case>/offline/", offline.offline, name="offline"),
    path("firm/<uuid:case>/offline/<slug:section>.xlsx", offline.sheet, name="offline_sheet"),
    path("firm/<uuid:case>/offline/<slug:section>/", offline.confirm, name="offline_confirm"),
    path("firm/<uuid:case>/leave/", entrance.leave, name="leave"),
]
