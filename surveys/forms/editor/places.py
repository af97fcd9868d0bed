"""Forms of the instrument itself, its sections, its pages and the pages of a roster's entry."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.layout import Layout
from django import forms

from surveys.forms.editor.columns import EDITS, SHARED
from surveys.forms.editor.lines import words_from, words_text
from surveys.forms.editor.nodes import (
    ConditionLayout,
    NodeForm,
    TableLayout,
    area,
    line,
    name_field,
    number,
    tick,
    together,
)
from surveys.forms.editor.tables import Table


class InstrumentForm(NodeForm):
    """Title, languages and the lists of codes that items share."""

    instrument = forms.SlugField(
        label="Short name",
        help_text="Lower-case letters, digits and hyphens; the same over all versions.",
        required=False,
        max_length=60,
    )
    version = line("Version", "Text, such as 1.0.", most=20)
    title = line("Title", most=200)
    language = line("Language of the texts", "A language tag, such as en.", most=20)
    languages = line("All languages", "The author's first, separated by commas: en, nb.", most=200)
    intro = area("Text before the first section", rows=3)

    def make_tables(self) -> tuple[Table, ...]:
        shared = self.former.get("codes")
        entries = [
            {"name": name, "codes": codes}
            for name, codes in (shared.items() if isinstance(shared, Mapping) else ())
        ]
        return (Table("codes", "Lists of codes that questions share", SHARED, "list", entries),)

    def make_layout(self) -> Layout:
        return Layout(
            "title",
            together("instrument", "version"),
            together("language", "languages"),
            "intro",
            TableLayout("codes"),
        )

    def _initial(self, name: str) -> Any:
        if name == "languages":
            return words_text(self.former.get("languages"))
        return super()._initial(name)

    def clean_languages(self) -> list[str]:
        return words_from(self.cleaned_data["languages"])

    def from_table(self, table: Table) -> Any:
        return {str(entry.get("name", "")): entry.get("codes", []) for entry in table.value()}


class SectionForm(NodeForm):
    flags = frozenset({"opens", "summary"})
    has_condition = True

    name = name_field()
    title = line("Title")
    intro = area("Text on its first page")
    minutes = number("Minutes it takes")
    opens = tick("Must be completed before the other sections are shown")
    on_hub = tick("Listed among the sections")
    summary = tick("Ends with a page of its own answers")

    def make_layout(self) -> Layout:
        return Layout(
            "title",
            together("name", "minutes"),
            "intro",
            "opens",
            "on_hub",
            "summary",
            ConditionLayout(),
        )

    def _initial(self, name: str) -> Any:
        if name == "on_hub":
            return self.former.get("on_hub", "yes") in ("yes", True)
        return super()._initial(name)

    def _write(self, node: dict[str, Any], name: str, value: Any) -> None:
        if name == "on_hub":
            value = None if value else "no"
        super()._write(node, name, value)


class PageSettingsForm(NodeForm):
    """A page: its title, whom it applies to, and the author's edits."""

    has_condition = True

    name = name_field()
    title = line("Title")
    intro = area("Text above the questions")

    def make_tables(self) -> tuple[Table, ...]:
        return (
            Table(
                "edits",
                "Checks of the answers (edits)",
                EDITS,
                "check",
                entries_of(self.former, "edits"),
                folds=True,
            ),
        )

    def make_layout(self) -> Layout:
        return Layout("title", "name", "intro", ConditionLayout(), TableLayout("edits"))


class EntryPageForm(NodeForm):
    """A page of the questions about one entry of a roster."""

    has_condition = True
    title = line("Title")

    def make_layout(self) -> Layout:
        return Layout("title", ConditionLayout())


def entries_of(node: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The mappings under a key; none where something else stands there."""
    found = node.get(key)
    entries = found if isinstance(found, list) else [found] if isinstance(found, Mapping) else []
    return [entry for entry in entries if isinstance(entry, Mapping)]
