"""The instrument of every kind of item with all of its texts in four languages."""

from pathlib import Path
from typing import Any

import yaml

from surveys.questionnaire.reading import read_document
from surveys.questionnaire.translations import source_hash, strings, with_translations

LANGUAGES = ("nb", "de", "it")
_HERE = Path(__file__).resolve().parent
_DOCUMENT = _HERE.parents[1] / "surveys" / "instruments" / "every_kind.yaml"
_TEXTS = _HERE / "every_kind_texts.yaml"


def in_four_languages() -> dict[str, Any]:
    """The document. Raises KeyError for a text that nobody translated."""
    document = dict(read_document(_DOCUMENT.read_text(encoding="utf-8")))
    texts = yaml.safe_load(_TEXTS.read_text(encoding="utf-8"))
    for place, language in enumerate(LANGUAGES):
        told = {
            each.key: (texts[each.text][place], source_hash(each.text))
            for each in strings(document)
        }
        document = with_translations(document, language, told)
    return document
