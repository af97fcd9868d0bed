"""The texts that pages of every kind are looked at with, in each language."""

import pytest

from surveys.questionnaire import compile_document
from surveys.questionnaire.translations import left_over, states
from tests.journeys.every_kind import LANGUAGES, in_four_languages


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_every_kind_is_there_and_as_it_should_be(language):
    document = in_four_languages()

    assert set(states(document, language).values()) == {"current"}
    assert left_over(document, language) == ()
    assert compile_document(document, language=language).language == language
