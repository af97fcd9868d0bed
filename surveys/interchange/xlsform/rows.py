"""A document as the rows of an XLSForm."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from surveys.interchange.expressions.xpath import parse_xpath
from surveys.interchange.foreign.names import plain_name
from surveys.interchange.foreign.reading import Reading
from surveys.interchange.xlsform.cells import LEVEL, SHARED, WITHOUT, Cells, add_exact
from surveys.interchange.xlsform.fragments import item_node, put_texts, put_when
from surveys.interchange.xlsform.native import OWN_CODES, item_cells, put, put_condition
from surveys.interchange.xlsform.parts import (
    choice_row,
    codes_of,
    derived_rows,
    intro_row,
    specify_rows,
)

SECTION, PAGE, ENTRY_PAGE = "section", "page", "entry_page"


@dataclass(slots=True)
class Sheets:
    """Rows of the sheets ``survey`` and ``choices``."""

    survey: list[Cells] = field(default_factory=list)
    choices: list[Cells] = field(default_factory=list)


def rows_of(document: Mapping[str, Any]) -> Sheets:
    """The rows, in the language of the document's texts."""
    return _Writer(document, Sheets()).write()


def rosters_of(document: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(
        str(item.get("name"))
        for section in _mappings(document.get("sections"))
        for page in _mappings(section.get("pages"))
        for item in _mappings(page.get("items"))
        if item.get("kind") == "roster"
    )


def group_cells(level: str, name: str, node: Mapping[str, Any], rosters: frozenset[str]) -> Cells:
    """The native cells of a section, a page or a page of an entry."""
    cells: Cells = {"type": "begin_group", "name": f"{level}.{name}", LEVEL: level}
    put(cells, "label", node.get("title"))
    put_condition(cells, "relevant", node.get("when"), rosters)
    if level != SECTION:
        cells["appearance"] = "field-list"
    return cells


def group_node(cells: Cells, reading: Reading, where: str) -> dict[str, Any]:
    """The keys that the native cells of a group say."""
    level = cells.get(LEVEL, "")
    name = cells.get("name", "")
    node: dict[str, Any] = {}
    if level != ENTRY_PAGE:
        node["name"] = plain_name(name.removeprefix(f"{level}."), level or "page")
    put_texts(node, cells, {"label": "title"})
    put_when(node, cells, reading, where)
    return node


@dataclass(frozen=True, slots=True)
class _Writer:
    document: Mapping[str, Any]
    sheets: Sheets
    _with_list: set[str] = field(default_factory=set)

    @property
    def shared(self) -> Mapping[str, Any]:
        lists = self.document.get("codes")
        return lists if isinstance(lists, Mapping) else {}

    def write(self) -> Sheets:
        for name in self.shared:
            for cells in self.choices(name, self.shared[name]):
                self.sheets.choices.append(cells | {SHARED: "yes"})
        rosters = rosters_of(self.document)
        for section in _mappings(self.document.get("sections")):
            self.group(SECTION, str(section.get("name")), section, {"pages"}, rosters)
            for page in _mappings(section.get("pages")):
                self.group(PAGE, str(page.get("name")), page, {"items"}, rosters)
                for item in _mappings(page.get("items")):
                    self.item(item, "", rosters)
                self.end("group", f"{PAGE}.{page.get('name')}")
            self.end("group", f"{SECTION}.{section.get('name')}")
        return self.sheets

    def group(
        self,
        level: str,
        name: str,
        node: Mapping[str, Any],
        children: set[str],
        rosters: frozenset[str],
    ) -> None:
        cells = group_cells(level, name, node, rosters)
        add_exact(cells, node, group_node(cells, Reading(parse_xpath), ""), children)
        self.sheets.survey.append(cells)
        self.sheets.survey += intro_row(node, cells["name"])

    def end(self, what: str, name: str) -> None:
        self.sheets.survey.append({"type": f"end_{what}", "name": name})

    def item(self, item: Mapping[str, Any], prefix: str, rosters: frozenset[str]) -> None:
        cells = item_cells(item, prefix, rosters)
        name = cells["name"]
        native = item_node(cells, Reading(parse_xpath), "", prefix)
        own_codes = self._takes_list(item, name)
        elsewhere = self.children(item) if own_codes else self.children(item) - {"codes"}
        add_exact(cells, item, native, elsewhere)
        if "label" not in cells and cells["type"] != "calculate":
            cells["label"] = str(item.get("name"))
            cells[WITHOUT] = " ".join(sorted({*cells.get(WITHOUT, "").split(), "label"}))
        self.sheets.survey.append(cells)
        kind = item.get("kind")
        if kind in ("single_choice", "multiple_choice"):
            self.sheets.survey += specify_rows(item, name, self.shared)
            if own_codes:
                self.sheets.choices += self.choices(f"{name}{OWN_CODES}", item["codes"])
        elif kind in ("battery", "allocation"):
            rows, choices = derived_rows(item, name, self.shared)
            self.sheets.survey += rows
            self.sheets.choices += choices
            self.end("group", name)
        elif kind == "roster":
            self.entries(item, f"{name}.", rosters)
            self.end("repeat", name)

    def _takes_list(self, item: Mapping[str, Any], name: str) -> bool:
        """Whether the item's own codes make a list. Of two items of one name only the first's."""
        if not isinstance(item.get("codes"), list) or name in self._with_list:
            return False
        self._with_list.add(name)
        return True

    @staticmethod
    def children(item: Mapping[str, Any]) -> set[str]:
        """Keys of the item that have rows of their own."""
        if item.get("kind") == "roster":
            return {key for key in ("pages", "items") if isinstance(item.get(key), list)}
        if item.get("kind") in ("single_choice", "multiple_choice"):
            return {"codes"} if isinstance(item.get("codes"), list) else set()
        return set()

    def entries(self, item: Mapping[str, Any], prefix: str, rosters: frozenset[str]) -> None:
        for number, page in enumerate(_mappings(item.get("pages")), start=1):
            name = f"{item.get('name')}.{number}"
            self.group(ENTRY_PAGE, name, page, {"items"}, rosters)
            for local in _mappings(page.get("items")):
                self.item(local, prefix, rosters)
            self.end("group", f"{ENTRY_PAGE}.{name}")
        for local in _mappings(item.get("items")):
            self.item(local, prefix, rosters)

    def choices(self, list_name: str, codes: Any) -> Iterator[Cells]:
        for code in codes_of(codes, {}):
            cells = choice_row(list_name, code)
            native = choice_node(cells)
            add_exact(cells, code, native, set())
            if "label" not in cells:
                cells["label"] = str(code.get("value"))
                cells[WITHOUT] = " ".join(sorted({*cells.get(WITHOUT, "").split(), "label"}))
            yield cells


def choice_node(cells: Cells) -> dict[str, Any]:
    """The keys that the native cells of a choice say."""
    node: dict[str, Any] = {"value": cells.get("name", "")}
    put_texts(node, cells, {"label": "label"})
    return node


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, Mapping))
