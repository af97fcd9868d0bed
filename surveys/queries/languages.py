"""The platform's catalogues, and what languages are called on the pages of researchers."""

from django.conf import locale
from django.utils import translation
from django.utils.translation import gettext

from surveys.questionnaire.speech import Speech

_NAMES = {tag: str(told["name"]) for tag, told in locale.LANG_INFO.items() if "name" in told} | {
    "nb": "Norwegian Bokmål"  # spelt without its ring in Django
}


def speech_of(language: str) -> Speech:
    """Sentences in the language, whatever language the page is in; English without a catalogue."""

    def translated(template: str) -> str:
        with translation.override(language):
            return gettext(template)

    return Speech(translated)


def language_name(tag: str) -> str:
    """What a language is called in English; the tag itself where nobody has named it.

    A variant that is not known is named by its language: de-AT as German (de-AT).
    """
    base = tag.partition("-")[0]
    if name := _NAMES.get(tag.casefold()):
        return name
    name = _NAMES.get(base.casefold())
    return f"{name} ({tag})" if name and base != tag else tag
