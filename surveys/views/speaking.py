"""In which language a firm is spoken to.

The choice is kept with the visit of the browser, so that two colleagues may differ; the
response keeps the language in which it was saved last. Texts of the instrument come from its
translations, everything around them from `surveys/locale`. Both are the same language: one
that the instrument has, if there is an instrument.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext, trans_real

from surveys.models import Case
from surveys.queries.instruments import languages_of
from surveys.questionnaire.speech import Speech, speaking

SPOKEN: tuple[str, ...] = settings.FIRM_LANGUAGES
_KEY = "language"
_WITH_COMMA = frozenset({"nb", "nn", "no", "de", "it", "fr", "es", "da", "sv", "fi", "nl", "pt"})


@dataclass(frozen=True, slots=True)
class Choice:
    """A language to choose; `name` is the one that it has in itself."""

    code: str
    name: str
    is_current: bool


def language_of(request: HttpRequest, case: Case | None = None) -> str:
    """The language of the page: as chosen, as saved before, or as the browser asks."""
    offered = _offered(case)
    response = getattr(case, "response", None) if case else None
    wishes = [request.session.get(_KEY, ""), response.language if response else ""]
    return _first_offered([*wishes, *_asked_for(request)], offered)


def language_of_browser(request: HttpRequest) -> str:
    """The language that the browser asks for, where nothing else can be relied on."""
    return _first_offered(_asked_for(request), SPOKEN)


def _asked_for(request: HttpRequest) -> list[str]:
    header = request.headers.get("Accept-Language", "")[:500]
    return [tag for tag, _ in trans_real.parse_accept_lang_header(header)]


def _first_offered(wishes: Sequence[str], offered: Sequence[str]) -> str:
    for wish in wishes:
        for form in (wish, wish.partition("-")[0]):
            if form in offered:
                return str(form)
    return offered[0]


def choices(current: str, case: Case | None = None) -> tuple[Choice, ...]:
    """The languages to choose from; none where there is no choice."""
    offered = _offered(case)
    if len(offered) < 2:
        return ()
    return tuple(Choice(code, name_of(code), code == current) for code in offered)


def choose(request: HttpRequest, language: str, case: Case | None = None) -> bool:
    """Keep the choice with the visit. False if there is no such language here."""
    if language not in _offered(case):
        return False
    request.session[_KEY] = language
    return True


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Everything within is said in the language: Django's, ours, and the questionnaire's."""
    mark = "," if language.partition("-")[0] in _WITH_COMMA else "."
    with translation.override(language), speaking(Speech(gettext, mark)):
        yield


def name_of(code: str) -> str:
    """The name that a language has in itself: ``Norsk bokmål``."""
    known = LANG_INFO.get(code) or LANG_INFO.get(code.partition("-")[0]) or {}
    name = str(known.get("name_local") or code)
    return name[:1].upper() + name[1:]


def _offered(case: Case | None) -> Sequence[str]:
    if case is None or case.wave.instrument is None:
        return SPOKEN
    return languages_of(case.wave.instrument)
