"""The small instrument that uses the whole language, and others made of items."""

from typing import Any

from surveys.questionnaire import Instrument, compile_document
from tests.surveys.questionnaire.authored import small

WHOLE = small("whole_language")
PARTNER = {"entry": "ab12", "name": "Nord AS", "type": "supplier", "scale": "local"}
OTHER = {
    "entry": "cd34",
    "name": "Sør AS",
    "type": "other",
    "scale": "country",
    "type.other": "Club",
}


def instrument(*items: dict[str, Any], code_lists: Any = None, **keys: Any) -> Instrument:
    """The items one a page."""
    pages = [{"name": f"p{n}", "title": f"P {n}", "items": [item]} for n, item in enumerate(items)]
    section = {"name": "s", "title": "S", "pages": pages}
    head = {"instrument": "made", "version": "1", "title": "Made", "sections": [section]}
    return compile_document({**head, **keys}, code_lists=code_lists)
