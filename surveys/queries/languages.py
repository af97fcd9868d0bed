"""The platform's catalogues, as the words of what the author of an instrument leaves to it."""

from django.utils import translation
from django.utils.translation import gettext

from surveys.questionnaire.speech import Speech


def speech_of(language: str) -> Speech:
    """Sentences in the language, whatever language the page is in; English without a catalogue."""

    def translated(template: str) -> str:
        with translation.override(language):
            return gettext(template)

    return Speech(translated)
