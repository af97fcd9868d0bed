"""What drawing the sheets of a section has in common: words and cells, row by row."""

from django import forms

from surveys.forms.fields import OneCodeField
from surveys.forms.items import NO_ANSWER
from surveys.queries.offline_sheets import Cell, Words
from surveys.queries.responses import Standing
from surveys.questionnaire.items import Item, Lookup


class Drawing:
    """Collects words and cells of one sheet, row by row; `tab` is empty for the questions."""

    def __init__(self, firm: Standing, tab: str = "") -> None:
        self.firm = firm
        self.tab = tab
        self.row = 0
        self.words: list[Words] = []
        self.cells: list[Cell] = []

    def say(self, text: str, style: str, column: int = 0) -> None:
        if text:
            self.words.append(Words(self.row, column, self.firm.fill(text), style, self.tab))

    def line(self, text: str, style: str) -> None:
        """A row of its own, if there is something to say."""
        if text:
            self.say(text, style)
            self.row += 1


def choices_of(firm: Standing, field: forms.Field) -> tuple[tuple[str, str], ...]:
    """The choices of a field by their labels; labels that two codes share name the code, too."""
    if not isinstance(field, OneCodeField):
        return ()
    pairs = [(str(value), firm.fill(str(label))) for value, label in field.choices]
    labels = [label.casefold() for _, label in pairs]
    return tuple(
        (value, label if labels.count(label.casefold()) == 1 else f"{label} ({value})")
        for value, label in pairs
    )


def is_shown(item: Item, name: str) -> bool:
    """The code behind the text typed for a long list is worked out, not typed."""
    return not isinstance(item, Lookup) or name in (item.name, f"{item.name}-{NO_ANSWER}")
