"""The state of a trial: kept in the session of the browser, and nowhere else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from surveys.forms.drawing import Links
from surveys.forms.editor.faults import tell
from surveys.models import InstrumentDraft, Survey
from surveys.queries.drafts import faults_of, spoken
from surveys.queries.responses import Standing
from surveys.queries.trials import Kept, kept_from, standing_of
from surveys.questionnaire.instrument import Instrument, Page
from surveys.views import speaking
from surveys.views.access import View
from surveys.views.editor.access import draft_page, frame
from surveys.views.firm import back_query, steps

_LARGEST_TRIAL = 300_000


@dataclass(slots=True)
class Trial:
    """One try: the instrument as the draft stands, and what was answered so far."""

    survey: Survey
    instrument: Instrument
    kept: Kept
    language: str
    _firm: Standing | None = None

    @property
    def firm(self) -> Standing:
        """Where the made firm stands now."""
        if self._firm is None:
            self._firm = standing_of(self.survey, self.instrument, self.kept, self.language)
        return self._firm

    def change(self, kept: Kept) -> None:
        """Go on from another state; what was handed in is taken back by it."""
        kept.handed_in = ""
        self.kept, self._firm = kept, None

    @property
    def languages(self) -> tuple[speaking.Choice, ...]:
        """The languages to choose from; none where there is no choice."""
        offered = self.instrument.languages
        if len(offered) < 2:
            return ()
        return tuple(
            speaking.Choice(code, speaking.name_of(code), code == self.language) for code in offered
        )


def played(view: View) -> View:
    """Hand the view the draft of the URL and its trial, and say the page in the trial's language.

    While the draft has problems, they are shown instead.
    """

    @wraps(view)
    def found(request: HttpRequest, draft: InstrumentDraft, **more: Any) -> HttpResponse:
        trial = trial_of(request, draft)
        if trial is None:
            return not_yet(request, draft)
        with speaking.spoken(trial.language):
            return view(request, draft, trial, **more)

    decorate: Callable[[View], View] = draft_page
    return decorate(found)


def not_yet(request: HttpRequest, draft: InstrumentDraft) -> HttpResponse:
    """What has to be solved before the draft can be tried."""
    context = frame(draft, "try") | {"problems": tell(draft.document, faults_of(draft.document))}
    return render(request, "research/editor/not_yet.html", context)


def trial_of(request: HttpRequest, draft: InstrumentDraft) -> Trial | None:
    """The try of this session; None while the draft cannot be compiled."""
    plain: Mapping[str, Any] = request.session.get(key_of(draft), {})
    wished = plain.get("language", "")
    definition = spoken(draft.document, wished)
    if definition is None:
        return None
    language = wished if wished in definition.languages else definition.language
    return Trial(draft.survey, definition, kept_from(plain, definition), language)


def keep(request: HttpRequest, draft: InstrumentDraft, trial: Trial) -> bool:
    """Keep the answers in the session. False, with a message, if they are too long for it."""
    plain = trial.kept.plain
    if len(repr(plain)) > _LARGEST_TRIAL:
        messages.error(request, "The answers of this trial are too long to be kept. Begin anew.")
        return False
    request.session[key_of(draft)] = plain | {"language": trial.language}
    return True


def trial_frame(draft: InstrumentDraft, trial: Trial, page: Page | None = None) -> dict[str, Any]:
    """What every page of a trial shows beside what it asks; its section and step, if it has one."""
    shown = frame(draft, "try") | {"languages": trial.languages}
    return shown | steps(trial.firm, page) if page else shown


def links(draft: InstrumentDraft, trial: Trial, page: Page) -> Links:
    """From a page to the pages of earlier answers, and to the search in long lists."""

    def to_item(name: str) -> str:
        for other in trial.firm.route.pages:
            if any(item.name == name for item in other.items):
                return page_url(draft, other.name, back_to=page.name)
        return ""

    return Links(to_item=to_item, to_search=lambda item: trial_url(draft, "lookup", item.name))


def page_url(draft: InstrumentDraft, page: str, *, back_to: str = "") -> str:
    return trial_url(draft, "page", page) + back_query(back_to)


def hub_url(draft: InstrumentDraft) -> str:
    return reverse("surveys:try_draft", args=[draft.survey.slug, draft.slug])


def check_url(draft: InstrumentDraft) -> str:
    return trial_url(draft, "check")


def trial_url(draft: InstrumentDraft, to: str, *place: str | int) -> str:
    return reverse(f"surveys:trial_{to}", args=[draft.survey.slug, draft.slug, *place])


def url_after(draft: InstrumentDraft, trial: Trial, page: Page, *, back_to: str = "") -> str:
    """Where saving a page leads: onward along the route, or back to what it was opened from.

    A section with a summary ends with that; the check comes once all was gone through.
    """
    firm = trial.firm
    if back_to and back_to != page.name and firm.route.holds(back_to):
        return page_url(draft, back_to)
    section, following = firm.instrument.section_of(page.name), firm.route.page_after(page.name)
    stays = following is not None and firm.instrument.section_of(following.name) is section
    if section.summary and not stays and _is_completed(firm, section.name):
        return trial_url(draft, "section", section.name)
    return onward_url(draft, trial, page)


def onward_url(draft: InstrumentDraft, trial: Trial, page: Page) -> str:
    """The page after this one; the check of all answers once every page was gone through."""
    firm = trial.firm
    if firm.first_open_page is None:
        return check_url(draft)
    following = firm.route.page_after(page.name) or firm.first_open_page
    return page_url(draft, following.name)


def _is_completed(firm: Standing, section: str) -> bool:
    """Whether all of its pages were gone through."""
    status = next(each for each in firm.sections if each.section.name == section)
    return status.done == len(status.pages)


def key_of(draft: InstrumentDraft) -> str:
    return f"trial-{draft.pk}"
