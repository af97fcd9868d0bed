"""How the items of a page are laid out: each by the template of its kind."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from crispy_forms.layout import Layout, LayoutObject
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from surveys import questionnaire
from surveys.forms.controls import Control
from surveys.forms.drawing import Drawing, Fill, control
from surveys.forms.pages_script import condition_text
from surveys.questionnaire import FillContext
from surveys.questionnaire.fills import FILL
from surveys.questionnaire.instrument import Page
from surveys.questionnaire.items import (
    BatteryRow,
    Code,
    Computed,
    Item,
    Lookup,
    MultipleChoice,
    SingleChoice,
)
from surveys.questionnaire.offering import rests_on

_KEPT = 2048  # items of some kilobytes each, in every process
_KEPT_PAGES = 256
_NOTHING = (None, "", [])  # what a field shows of which nothing was said
_OWN = Computed | Lookup  # what they show is the firm's own, also before it answers them


def share_battery(item: Item, other: Item) -> bool:
    return (
        isinstance(item, BatteryRow)
        and isinstance(other, BatteryRow)
        and item.battery == other.battery
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Blank:
    """A page on which nothing was answered yet: what it looks like before texts are filled."""

    page: Page
    shown: tuple[str, ...]
    language: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Blank) and self.page is other.page and self._rest == other._rest

    def __hash__(self) -> int:
        return hash((id(self.page), self._rest))

    @property
    def _rest(self) -> tuple[Any, ...]:
        return self.shown, self.language


class PageLayout(Layout):
    """Draws the items of a page one after the other."""

    def render(self, form: Any, context: Any, **options: Any) -> str:
        """Kept for all firms where it is the same, but for the texts that are filled."""
        if not _is_blank(form):
            return str(super().render(form, context, **options))
        shown = tuple(item.name for item in form.items)
        kept = _kept_page(_Blank(form.page, shown, get_language() or ""))
        if not kept:
            drawn = (each.drawn_blank(form) for each in self.fields)
            kept.append("".join(_markup(control) for control in drawn))
        return _filled(kept[0], form.context)


@lru_cache(maxsize=_KEPT_PAGES)
def _kept_page(_page: _Blank) -> list[str]:
    """A place to keep the page; it stays empty until the page is drawn."""
    return []


def _is_blank(form: Any) -> bool:
    """Whether the page shows what the author wrote, and nothing of the firm's."""
    if form.is_bound or form.priors or form.notices:
        return False
    if any(value not in _NOTHING for value in form.initial.values()):
        return False
    written = {id(item) for item in form.page.items}
    return all(id(item) in written and not isinstance(item, _OWN) for item in form.items)


class ItemLayout(LayoutObject):
    """Draws one item, and the items that belong to its options, with the template of its kind."""

    def __init__(self, item: Item, *, leads: bool, intro: str, repeats: bool) -> None:
        self.item = item
        self.leads = leads
        self.intro = intro
        self.repeats = repeats

    def render(self, form: Any, _context: Any, **_options: Any) -> str:
        blank = self.drawn_blank(form)
        if blank.is_blank:
            return _filled(_blank_markup(blank, get_language() or ""), form.context)
        return _markup(self._drawn(form))

    def drawn_blank(self, form: Any) -> Control:
        return self._drawn(form, fill=_unfilled)

    def _drawn(self, form: Any, fill: Fill | None = None) -> Control:
        return drawn_item(
            self.item,
            form,
            leads=self.leads,
            intro=self.intro,
            repeats=self.repeats,
            fill=fill,
        )


def _unfilled(text: str) -> str:
    return text


def _markup(control: Control) -> str:
    return get_template(f"respondent/items/{control.kind}.html").render({"control": control})


@lru_cache(maxsize=_KEPT)
def _blank_markup(control: Control, _language: str) -> str:
    """Kept, because an item that was not answered yet looks the same for every firm."""
    return _markup(control)


def _filled(markup: str, context: FillContext) -> SafeString:
    """What is quoted is escaped; nothing that a firm typed is in the markup of a blank item."""
    return mark_safe(  # noqa: S308 -- the markup is a template's
        FILL.sub(lambda found: escape(questionnaire.fill(found.group(0), context)), markup)
    )


def drawn_item(
    item: Item,
    form: Any,
    *,
    leads: bool = False,
    intro: str = "",
    repeats: bool = False,
    fill: Fill | None = None,
) -> Control:
    """The control of one item of a page's form; its texts filled, if no other `fill` is given."""
    form.rendered_fields.update(form.names[item.name])
    return control(
        item,
        Drawing(
            form=form,
            fill=fill or (lambda text: questionnaire.fill(text, form.context)),
            leads=leads,
            intro=intro,
            repeats=repeats,
            of_whole=form.errors_of_whole.get(item.name, ()),
            notice=form.notices.get(item.name, ""),
            when=_conditions(item, form),
            companions=_drawn_companions(item, form, fill),
            answers=form.context.answers,
            items=_items_by_name(item, form),
            links=form.links,
            prior=form.priors.get(item.name),
        ),
    )


def _drawn_companions(item: Item, form: Any, fill: Fill | None) -> dict[str, Control]:
    return {
        code: drawn_item(each, form, fill=fill)
        for each in form.items
        if (owned := form.companions.get(each.name)) and owned[0] == item.name
        for code in owned[1:]
    }


def _conditions(item: Item, form: Any) -> dict[str, str]:
    """Conditions that rest on answers of the same page, for the script."""
    found: dict[str, str] = {}
    if item.name not in form.companions and rests_on(item.universe, form.on_page):
        found[""] = condition_text(item.universe)
    for code in _some_codes(item):
        if rests_on(code.universe, form.on_page):
            found[code.value] = condition_text(code.universe)
    return found


def _some_codes(item: Item) -> tuple[Code, ...]:
    """The codes that may have conditions; a long list has none."""
    return item.codes if isinstance(item, SingleChoice | MultipleChoice) else ()


def _items_by_name(item: Item, form: Any) -> dict[str, Item]:
    """The items of the questionnaire that a computed number may rest on."""
    if not isinstance(item, Computed) or form.context.instrument is None:
        return {}
    reads = item.expression.reads
    return {
        other.name: other
        for other in form.context.instrument.items
        if any(read == other.name or read.startswith(f"{other.name}.") for read in reads)
    }
