"""The form of one place of a draft: plain fields, tables of rows, and the condition.

A form writes only what was changed in it, so that keys it does not know, and values as the
author wrote them, stay as they are.
"""

import copy
from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout, LayoutObject
from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from surveys.forms.editor.conditions import ConditionBox
from surveys.forms.editor.tables import Table
from surveys.questionnaire.editing.places import Place

_SHORT = {"autocomplete": "off", "spellcheck": "false"}


def line(label: str, help_text: str = "", *, most: int = 300) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=most,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def name_field(label: str = "Name") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text="Lower-case letters, digits and underscores.",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs=_SHORT),
    )


def area(label: str, help_text: str = "", *, rows: int = 2, most: int = 8000) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def number(label: str, help_text: str = "") -> forms.FloatField:
    return forms.FloatField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", **_SHORT}),
        error_messages={"invalid": "Write a number, such as 12 or 0.5."},
    )


def tick(label: str, help_text: str = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=help_text, required=False)


def select(label: str, choices: Any, help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, help_text=help_text, required=False)


class TableLayout(LayoutObject):
    """Draws a table of rows where the layout wants it."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.fields: list[str] = []

    def render(self, form: "NodeForm", _context: Any, **_options: Any) -> SafeString:
        table = form.tables[self.key]
        return render_to_string("research/editor/table.html", {"table": table})


class SharedLayout(LayoutObject):
    """Shows the codes of a shared list, which are changed in the settings of the draft."""

    def __init__(self, codes: tuple[tuple[str, str], ...]) -> None:
        self.codes = codes
        self.fields: list[str] = []

    def render(self, _form: "NodeForm", _context: Any, **_options: Any) -> SafeString:
        return render_to_string("research/editor/shared_codes.html", {"codes": self.codes})


class ConditionLayout(LayoutObject):
    """Draws the condition with its rows where the layout wants it."""

    fields: list[str] = []

    def render(self, form: "NodeForm", _context: Any, **_options: Any) -> SafeString:
        form.rendered_fields.add("when")
        context = {"box": form.condition} | form.condition_notes
        return render_to_string("research/editor/condition.html", context)


class NodeForm(forms.Form):
    """A form over the mapping at a place; `node()` is the mapping with what was typed.

    `condition_notes` is what is drawn below the condition: url, faults, universe, reach.
    """

    flags: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()

    def __init__(
        self,
        *,
        document: Mapping[str, Any],
        place: Place,
        former: Mapping[str, Any],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data=data)
        self.document = document
        self.place = place
        self.former = former
        self.condition_notes: dict[str, Any] = {}
        self.tables = {table.key: table for table in self.make_tables()}
        self.condition = ConditionBox(document, place, str(former.get("when") or ""))
        if self.has_condition:
            self.fields["when"] = area("Condition", most=2000)
        self.initial = {name: self._initial(name) for name in self.fields}
        if data is not None:
            self._bind(data)
        self.helper = self._helper()

    has_condition = False

    def make_tables(self) -> tuple[Table, ...]:
        return ()

    def make_layout(self) -> Layout:
        return Layout(*self.fields)

    def _bind(self, data: Mapping[str, Any]) -> None:
        for table in self.tables.values():
            table.bind(data)
        if self.has_condition:
            self.condition.bind(data)
            self.data = self.data.copy()
            self.data["when"] = self.condition.text

    @property
    def is_pressed(self) -> bool:
        """Whether a button of a table or condition was pressed, so that nothing is saved yet."""
        return bool(self.data.get("_table") or self.data.get("_condition"))

    def node(self) -> dict[str, Any]:
        """The mapping with what was changed. Call after `is_valid`."""
        node = copy.deepcopy(dict(self.former))
        for name in self.changed_data:
            if name in self.fields and name in self.cleaned_data:
                self._write(node, name, self.cleaned_data[name])
        for table in self.tables.values():
            if table.is_bound:
                self._put(node, table.key, self.from_table(table))
        return node

    def label_of(self, key: str) -> str:
        """What the form calls what stands under the key."""
        if key in self.fields:
            return str(self.fields[key].label)
        return self.tables[key].caption if key in self.tables else key

    def from_table(self, table: Table) -> Any:
        """What stands under the key of the table; nothing takes the key away."""
        return table.value()

    def _initial(self, name: str) -> Any:
        value = self.former.get(name)
        if name in self.flags:
            return value in ("yes", True)
        if name in self.lists:
            return [str(each) for each in value] if isinstance(value, list) else []
        return "" if value is None or isinstance(value, dict | list) else value

    def _write(self, node: dict[str, Any], name: str, value: Any) -> None:
        if name in self.flags:
            value = "yes" if value else None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        self._put(node, name, value.strip() if isinstance(value, str) else value)

    @staticmethod
    def _put(node: dict[str, Any], name: str, value: Any) -> None:
        if value in ("", None, [], {}):
            node.pop(name, None)
        else:
            node[name] = value.replace("\r\n", "\n") if isinstance(value, str) else value

    def _helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = self.make_layout()
        return helper


def together(*names: str) -> Div:
    """Fields side by side where there is room."""
    return Div(*(Field(name, wrapper_class="field-cell") for name in names), css_class="field-line")
