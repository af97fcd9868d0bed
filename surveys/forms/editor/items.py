"""The form of an item: what all kinds have, and what each kind has beside it."""

import copy
from collections.abc import Mapping
from typing import Any

from crispy_forms.layout import HTML, Div, Layout
from django import forms

from surveys.forms.editor.bindings import binding_table
from surveys.forms.editor.columns import CODES, FACETS, GROUPS, PARTS, ROWS
from surveys.forms.editor.lines import labels_from, pairs_text
from surveys.forms.editor.nodes import (
    ConditionLayout,
    NodeForm,
    SharedLayout,
    TableLayout,
    area,
    line,
    name_field,
    number,
    select,
    tick,
    together,
)
from surveys.forms.editor.places import entries_of
from surveys.forms.editor.tables import Column, Table
from surveys.questionnaire.editing.readables import pairs

_REQUIRED = (("", "Blank is accepted"), ("soft", "Asked about once"), ("hard", "Blank is refused"))
_MISSING = (
    ("dont_know", "Don't know"),
    ("refused", "Refused"),
    ("not_applicable", "Does not apply"),
)
_DEPENDENT = (
    ("", "Hidden"),
    ("shown", "Shown beside the question"),
    ("prefilled", "Filled in"),
    ("confirmed", "Filled in, to be confirmed"),
)
_LAYOUTS = (
    ("", "Page per row"),
    ("stacked", "All rows on one page"),
    ("grouped", "Pages of groups"),
    ("filter_first", "First which rows apply"),
)
_PRECISION = (("", "Day"), ("month", "Month"))


class ItemForm(NodeForm):
    """What every item has. `kind_fields` of a kind stand between label and condition."""

    has_condition = True
    lists = frozenset({"missing"})
    kind_fields: tuple[Any, ...] = ()

    name = name_field("Name of the variable")
    label = area("Question")
    hint = line("Hint, one line below it", most=1000)
    definition = area("What we mean by this")
    required = select("If left blank", _REQUIRED)
    missing = forms.MultipleChoiceField(
        label="Reasons the firm may give",
        choices=_MISSING,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    period = line("Reference period, if its own", "Such as {last_year}.")
    dependent = select("Last wave's answer", _DEPENDENT)
    variable = line("Name in the survey of origin", most=60)

    def make_tables(self) -> tuple[Table, ...]:
        return (*self.kind_tables(), binding_table(self.former))

    def kind_tables(self) -> tuple[Table, ...]:
        return ()

    def make_layout(self) -> Layout:
        return Layout(
            "label",
            together("name", "hint"),
            *self.kind_fields,
            "definition",
            ConditionLayout(),
            _folded(
                "Answers that are missing, period, last wave",
                together("required", "dependent"),
                "missing",
                together("period", "variable"),
            ),
            TableLayout("bind"),
        )

    def from_table(self, table: Table) -> Any:
        value = table.value()
        if table.key == "bind" and isinstance(self.former.get("bind"), Mapping) and len(value) == 1:
            return value[0]  # written as one mapping, kept as one
        return value

    def _write(self, node: dict[str, Any], name: str, value: Any) -> None:
        super()._write(node, name, list(value) if name in self.lists else value)


def _folded(title: str, *fields: Any) -> Div:
    return Div(HTML(f'<h3 class="form-part">{title}</h3>'), *fields, css_class="form-group-plain")


class _Coded(ItemForm):
    """Codes written out, or the name of a list that items share."""

    coded_key = "codes"
    coded_columns: tuple[Column, ...] = CODES
    caption = "Codes"
    thing_listed = "code"

    shared = select("Codes from", (("", "written here"),))

    def __init__(self, **given: Any) -> None:
        self.shared_lists = _shared_lists(given["document"])
        super().__init__(**given)
        self.fields["shared"].choices = [
            ("", "Written here"),
            *((name, f"Shared list {name}") for name in self.shared_lists),
        ]

    def kind_tables(self) -> tuple[Table, ...]:
        entries = entries_of(self.former, self.coded_key)
        thing, columns = self.thing_listed, self.coded_columns
        return (Table(self.coded_key, self.caption, columns, thing, entries),)

    def _initial(self, name: str) -> Any:
        if name == "shared":
            codes = self.former.get(self.coded_key)
            return codes if isinstance(codes, str) else ""
        return super()._initial(name)

    def _write(self, node: dict[str, Any], name: str, value: Any) -> None:
        if name != "shared":
            super()._write(node, name, value)

    def from_table(self, table: Table) -> Any:
        shared = self.cleaned_data.get("shared")
        if table.key != self.coded_key:
            return super().from_table(table)
        return shared or table.value() or self._copied()

    def _copied(self) -> list[Any]:
        """The codes of the list that was shared so far, to be changed here."""
        former = self.former.get(self.coded_key)
        shared = self.document.get("codes")
        if not isinstance(former, str) or not isinstance(shared, Mapping):
            return []
        codes = shared.get(former)
        return copy.deepcopy(codes) if isinstance(codes, list) else []

    @property
    def kind_fields(self) -> tuple[Any, ...]:  # type: ignore[override]
        is_shared = isinstance(self.former.get(self.coded_key), str)
        listed = ("shared",) if self.shared_lists or is_shared else ()
        codes = (
            SharedLayout(pairs(self.former[self.coded_key], self.document))
            if is_shared
            else TableLayout(self.coded_key)
        )
        return (*listed, codes, *self.further_fields)

    further_fields: tuple[Any, ...] = ()


def _shared_lists(document: Mapping[str, Any]) -> tuple[str, ...]:
    shared = document.get("codes")
    return tuple(shared) if isinstance(shared, Mapping) else ()


class SingleChoiceForm(_Coded):
    pass


class MultipleChoiceForm(_Coded):
    most = number("At most so many answers")
    further_fields = ("most",)


class AllocationForm(_Coded):
    flags = frozenset({"at_most"})
    coded_key = "parts"
    coded_columns = PARTS
    caption = "Parts"
    thing_listed = "part"
    shared = select("Parts from", ())
    total = number("Total", "100 if left blank.")
    total_of = line("Total is the answer to", "Name of an earlier question.", most=120)
    unit = line("Unit", most=40)
    at_most = tick("The parts may sum to less")
    further_fields = (together("total", "total_of", "unit"), "at_most")


class BatteryForm(_Coded):
    coded_key = "rows"
    coded_columns = ROWS
    caption = "Rows"
    thing_listed = "row"
    shared = select("Rows from", ())
    layout = select("Shown as", _LAYOUTS)
    filter_label = line("Question which rows apply", "Where the rows are filtered first.")
    none_label = line("Words for none of the rows", "Where the rows are filtered first.")
    further_fields = (
        TableLayout("facets"),
        together("layout", "filter_label", "none_label"),
        TableLayout("groups"),
    )

    def kind_tables(self) -> tuple[Table, ...]:
        facets = Table(
            "facets",
            "Questions asked of every row",
            FACETS,
            "question",
            entries_of(self.former, "facets"),
        )
        groups = Table(
            "groups",
            "Groups of rows, for “Pages of groups”",
            GROUPS,
            "group",
            entries_of(self.former, "groups"),
            folds=True,
        )
        return (*super().kind_tables(), facets, groups)


class NumberForm(ItemForm):
    minimum, maximum = number("Least"), number("Most")
    decimals, unit = number("Decimals"), line("Unit", most=40)
    kind_fields = (together("minimum", "maximum", "decimals", "unit"),)


class MoneyForm(ItemForm):
    minimum, maximum = number("Least", "0 if left blank."), number("Most")
    currency = line("Currency", "EUR if left blank.", most=3)
    kind_fields = (together("minimum", "maximum", "currency"),)


class ShareForm(ItemForm):
    decimals = number("Decimals")
    kind_fields = ("decimals",)


class YearForm(ItemForm):
    minimum, maximum = number("First"), number("Last")
    kind_fields = (together("minimum", "maximum"),)


class DateForm(ItemForm):
    precision = select("Precision", _PRECISION)
    minimum = line("First", "Such as 2024-01-01.", most=10)
    maximum = line("Last", most=10)
    kind_fields = (together("precision", "minimum", "maximum"),)


class TextForm(ItemForm):
    flags = frozenset({"long"})
    long = tick("Several lines")
    max_length = number("Characters at most")
    kind_fields = ("long", "max_length")


class ScaleForm(ItemForm):
    minimum, maximum = number("From"), number("To")
    points = area("Labels of points", "One a line: 0 = Not at all", rows=4)
    kind_fields = (together("minimum", "maximum"), "points")

    def _initial(self, name: str) -> Any:
        return pairs_text(self.former.get("points")) if name == "points" else super()._initial(name)

    def clean_points(self) -> dict[str, str]:
        return labels_from(self.cleaned_data["points"])


class LookupForm(ItemForm):
    codes = line("Code list and version", "Such as nace@2.1.", most=90)
    kind_fields = ("codes",)


class ComputedForm(ItemForm):
    expression = area("Worked out as", "Such as turnover_a + turnover_b.", most=2000)
    decimals, unit = number("Decimals"), line("Unit", most=40)
    kind_fields = ("expression", together("decimals", "unit"))


class NoteForm(ItemForm):
    label = area("Heading")
    hint = area("Text", rows=4)

    def make_layout(self) -> Layout:
        return Layout("label", "name", "hint", "definition", ConditionLayout())

    def kind_tables(self) -> tuple[Table, ...]:
        return ()

    def make_tables(self) -> tuple[Table, ...]:
        return ()


class RosterForm(ItemForm):
    thing = line("One entry is called", "Such as partner.", most=60)
    things = line("Several are called", "Such as partners.", most=60)
    most = number("Entries at most")
    kind_fields = (together("thing", "things", "most"),)


FORMS: dict[str, type[ItemForm]] = {
    "single_choice": SingleChoiceForm,
    "multiple_choice": MultipleChoiceForm,
    "number": NumberForm,
    "money": MoneyForm,
    "share": ShareForm,
    "year": YearForm,
    "date": DateForm,
    "text": TextForm,
    "scale": ScaleForm,
    "lookup": LookupForm,
    "allocation": AllocationForm,
    "battery": BatteryForm,
    "roster": RosterForm,
    "note": NoteForm,
    "computed": ComputedForm,
}
