"""Who may open a firm's pages: a browser that was admitted with an access code.

The session keeps, for every case it was admitted to, the invitation and the moment. Each
request looks the invitation up again, so that revoking a code ends the visit at once. A visit
ends when nothing was done for `VISIT_IDLE_MINUTES`, and at the latest after 24 hours.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from surveys.actions import contributors
from surveys.actions.filling_in import HANDED_IN, NOT_ANY_MORE
from surveys.actions.freezing import WaveFrozen
from surveys.actions.invitations import AccessRefused, still_good
from surveys.models import Case, Contributor, Invitation, User
from surveys.permissions import may_fill_in
from surveys.queries.contributors import contributor_of_case, responsible_of, visible_sections
from surveys.queries.instruments import compiled
from surveys.queries.invitations import invitation_of_case
from surveys.queries.office_visits import OfficeVisit, office_visit
from surveys.queries.visits import may_have_people, takes_answers
from surveys.questionnaire.instrument import Instrument, Page
from surveys.views import failures, speaking

View = Callable[..., HttpResponse]

Admitted = Invitation | Contributor | OfficeVisit

_KEY = "admitted"
_LEFT = "filled_in_for"
_LONGEST_VISIT = timedelta(hours=24)
_NOTED_EVERY = 60  # seconds; a session that were written at each request would be slow


def respondent_page(view: View) -> View:
    """Headers and silence of every page that a firm sees.

    The referrer policy is not ``no-referrer``: browsers then send ``Origin: null`` with
    every form, which the check against forged requests must refuse. ``strict-origin``
    keeps the path, and with it an access code, to ourselves as well.
    """

    @sensitive_post_parameters()
    @sensitive_variables()
    @wraps(view)
    def quiet(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        language = speaking.language_of(request)
        request.language_choices = speaking.choices(language)  # type: ignore[attr-defined]
        with speaking.spoken(language):
            try:
                response = view(request, *arguments, **named)
            except WaveFrozen as frozen:
                response = failures.frozen(request, frozen)
        patch_cache_control(response, no_store=True, private=True)
        response["Referrer-Policy"] = "strict-origin"
        return response

    return quiet


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who has a visit: the holder of an access code, a colleague with a link, or the office.

    The office is a person of the institute who fills in what the firm says at the telephone.
    """

    admitted: Admitted

    @property
    def case(self) -> Case:
        return self.admitted.case

    @property
    def is_responsible(self) -> bool:
        """Whether the person holds the access code."""
        return isinstance(self.admitted, Invitation)

    @property
    def is_office(self) -> bool:
        """Whether a person of the institute fills in for the firm."""
        return isinstance(self.admitted, OfficeVisit)

    @property
    def sees_all(self) -> bool:
        """False for a colleague who was given some sections only."""
        return (
            not isinstance(self.admitted, Contributor)
            or self.admitted.role != Contributor.Role.SECTION
        )

    def check(self) -> None:
        """Raise AccessRefused if the code or the link does not admit any more."""
        if isinstance(self.admitted, Contributor):
            contributors.still_good(contributor=self.admitted)
        elif isinstance(self.admitted, Invitation):
            still_good(invitation=self.admitted, at=timezone.now())

    def may_open(self, page: str | None, *, is_shared: bool) -> bool:
        """Whether the page, or a view without a page, is among what the person was given."""
        if self.sees_all:
            return True
        instrument = compiled(self.case.wave.instrument)
        if page is None:
            return is_shared
        try:
            return instrument.section_of(page).name in visible_sections(self.admitted, instrument)
        except KeyError:
            return False


def firm_page(view: View) -> View:
    """Hand the view the case of the URL, if the browser was admitted to it.

    A colleague who was given some sections reaches their pages and nothing else (404); views
    that show such a colleague no more than that, but name no page, are a `shared_page`.

    A closed wave turns readers away here, but lets a POST through: the action refuses it,
    and the page can then show what was typed.
    """
    return _admitting(view, is_shared=False)


def shared_page(view: View) -> View:
    """As `firm_page`, also for colleagues who were given some sections only."""
    return _admitting(view, is_shared=True)


def _admitting(view: View, *, is_shared: bool) -> View:
    @respondent_page
    @wraps(view)
    def admitted(request: HttpRequest, case: UUID, **named: Any) -> HttpResponse:
        visitor = _visitor(request, case)
        if visitor is None:
            is_elsewhere = request.session.get(_KEY) and not is_admitted(request, case)
            if is_elsewhere and request.method != "POST":
                raise Http404
            return failures.visit_over(request, case=case, page=named.get("page"))
        if visitor.is_office and (away := _sent_back(request, visitor.case)) is not None:
            return away
        _note_visit(request, visitor.case)
        language = speaking.language_of(request, visitor.case)
        request.language_choices = speaking.choices(language, visitor.case)  # type: ignore[attr-defined]
        with speaking.spoken(language):
            try:
                visitor.check()
            except AccessRefused as refusal:
                if refusal.reason != "closed" or request.method != "POST":
                    typed = failures.typed_on_page(request, case=case, page=named.get("page"))
                    return failures.refused(request, refusal, typed)
            request.visitor = visitor  # type: ignore[attr-defined]
            if not visitor.may_open(named.get("page"), is_shared=is_shared):
                raise Http404
            return view(request, visitor.case, **named)

    return admitted


def _sent_back(request: HttpRequest, case: Case) -> HttpResponse | None:
    """Back to the case's page, for who may not fill in for the firm any more.

    What was typed as the field closed or the firm handed in goes through: the action refuses
    it, and the page can then show it.
    """
    response = getattr(case, "response", None)
    has_submitted = response is not None and response.is_submitted
    if may_fill_in(request.user, case) and not has_submitted:
        return None
    if request.method == "POST" and (has_submitted or not takes_answers(case)):
        return None
    forget(request, case.public_id)
    messages.info(request, HANDED_IN if has_submitted else NOT_ANY_MORE)
    wave = case.wave
    return redirect("surveys:case", wave.survey.slug, wave.slug, case.public_id)


def _note_visit(request: HttpRequest, case: Case) -> None:
    """Put the end of the visit off, and tell the page when it comes."""
    request.visit_of = str(case.public_id)  # type: ignore[attr-defined]
    if request.method != "POST" or "_leaving" not in request.POST:
        touch(request, case)
    ends = visit_ends(request)
    seconds = int((ends - timezone.now()).total_seconds()) if ends else 0
    request.visit_ends_at, request.visit_seconds = ends, seconds  # type: ignore[attr-defined]


def remember(request: HttpRequest, *, invitation: Admitted, at: datetime) -> None:
    """Admit the browser to the case, under a new session key."""
    admitted = dict(request.session.get(_KEY, {}))
    admitted[str(invitation.case.public_id)] = {
        **_kept_of(invitation),
        "at": at.timestamp(),
        "seen": at.timestamp(),
    }
    request.session[_KEY] = admitted
    if not request.user.is_authenticated:
        request.session.set_expiry(_LONGEST_VISIT)
    request.session.cycle_key()


def _kept_of(admitted: Admitted) -> dict[str, int]:
    if isinstance(admitted, OfficeVisit):
        return {"office": admitted.user.pk}
    return {"colleague" if isinstance(admitted, Contributor) else "invitation": admitted.pk}


def touch(request: HttpRequest, case: Case) -> None:
    """Note that the person is there, which puts the end of the visit off."""
    admitted = request.session.get(_KEY, {})
    visit = admitted.get(str(case.public_id))
    now = timezone.now().timestamp()
    if visit is None:
        return
    if now - visit.get("seen", 0) > _NOTED_EVERY:
        visit["seen"] = now
        request.session[_KEY] = admitted


def visit_ends(request: HttpRequest) -> datetime | None:
    """When the visit ends unless something is done before."""
    visit = request.session.get(_KEY, {}).get(getattr(request, "visit_of", ""))
    return None if visit is None else datetime.fromtimestamp(_end_of(visit), tz=UTC)


def was_here(request: HttpRequest, case: UUID) -> bool:
    """Whether the browser had a visit to the case that ended by itself."""
    visit = request.session.get(_KEY, {}).get(str(case))
    return visit is not None and timezone.now().timestamp() > _end_of(visit)


def _end_of(visit: Mapping[str, Any]) -> float:
    """The moment, in seconds, at which a visit ends that is left as it is."""
    if "office" in visit:  # it ends with the log-in of the person
        return float(visit["at"] + _LONGEST_VISIT.total_seconds())
    idle = settings.VISIT_IDLE_MINUTES * 60
    seen: float = visit.get("seen", visit["at"])
    return float(min(visit["at"] + _LONGEST_VISIT.total_seconds(), seen + idle))


def is_admitted(request: HttpRequest, case: UUID) -> bool:
    """True also if the visit has lasted too long."""
    return str(case) in request.session.get(_KEY, {})


def forget(request: HttpRequest, case: UUID) -> None:
    """End the visit; nothing of the session is kept unless a person is logged in."""
    admitted = dict(request.session.get(_KEY, {}))
    visit = admitted.pop(str(case), None) or {}
    request.session[_KEY] = admitted
    if "office" in visit:
        request.session[_LEFT] = str(case)
    if admitted or request.user.is_authenticated:
        request.session.cycle_key()
    else:
        request.session.flush()


def has_filled_in(request: HttpRequest, case: UUID) -> bool:
    """Whether the latest visit that the browser ended was one of the office to that firm."""
    return bool(request.session.get(_LEFT) == str(case))


def client_address(request: HttpRequest) -> str:
    """The address that asks. Only the addresses that our own proxies wrote are believed."""
    proxies: int = settings.TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(forwarded) >= proxies and forwarded[-proxies]:
        return forwarded[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def visitor_of(request: HttpRequest) -> Visitor:
    """Who opens the page. Only views behind `firm_page` or `shared_page` may ask."""
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    return visitor


def colleague_of(request: HttpRequest) -> Contributor | None:
    """The colleague who came by a link; None for the holder of the access code."""
    admitted = visitor_of(request).admitted
    return admitted if isinstance(admitted, Contributor) else None


def writer_of(request: HttpRequest) -> Contributor | User | None:
    """Who writes: the person of the firm, as far as it has named its people, or of the office."""
    admitted = visitor_of(request).admitted
    if isinstance(admitted, OfficeVisit):
        return admitted.user
    case = admitted.case
    return colleague_of(request) or (responsible_of(case) if may_have_people(case) else None)


def visible_pages(request: HttpRequest, instrument: Instrument) -> tuple[Page, ...]:
    """The pages of the sections that the person may see."""
    names = visible_sections(colleague_of(request), instrument)
    return tuple(
        page for section in instrument.sections if section.name in names for page in section.pages
    )


def _visitor(request: HttpRequest, case: UUID) -> Visitor | None:
    visit = request.session.get(_KEY, {}).get(str(case))
    if visit is None:
        return None
    if timezone.now().timestamp() > _end_of(visit):
        return None
    if "office" in visit:
        is_same = isinstance(request.user, User) and request.user.pk == visit["office"]
        office = office_visit(case, request.user) if is_same else None
        return Visitor(office) if office else None
    if "colleague" in visit:
        colleague = contributor_of_case(visit["colleague"], case)
        return Visitor(colleague) if colleague else None
    invitation = invitation_of_case(visit["invitation"], case)
    return Visitor(invitation) if invitation else None
