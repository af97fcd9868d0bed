"""Groups and repeats of a form as sections, pages, batteries and rosters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from surveys.interchange.foreign.choices import register
from surveys.interchange.foreign.names import Names
from surveys.interchange.foreign.pages import pages_of
from surveys.interchange.foreign.reading import Reading
from surveys.interchange.xlsform.cells import DERIVED, EXTRA, LEVEL, changed_columns, merged
from surveys.interchange.xlsform.fragments import item_node, put_when, text
from surveys.interchange.xlsform.questions import Questions
from surveys.interchange.xlsform.rows import (
    ENTRY_PAGE,
    PAGE,
    SECTION,
    group_cells,
    group_node,
)
from surveys.interchange.xlsform.tree import Branch

_THING = "entry"


@dataclass(slots=True)
class Structure:
    reading: Reading
    questions: Questions
    title: str

    def sections(self, branches: Sequence[Branch]) -> list[dict[str, Any]]:
        sections: list[dict[str, Any]] = []
        loose: list[Branch] = []
        for branch in _native(branches):
            if self.level(branch) == SECTION:
                sections += self.loose_section(loose)
                loose = []
                sections.append(self.section(branch))
            else:
                loose.append(branch)
        return sections + self.loose_section(loose)

    def level(self, branch: Branch) -> str:
        if branch.cells.get(LEVEL) in (SECTION, PAGE):
            return branch.cells[LEVEL]
        has_groups = any(
            each.is_repeat
            or (each.is_group and "table-list" not in each.cells.get("appearance", ""))
            for each in branch.branches
        )
        return SECTION if branch.is_group and has_groups and not _is_shown_whole(branch) else PAGE

    def loose_section(self, branches: Sequence[Branch]) -> list[dict[str, Any]]:
        """What stands outside of sections, as a section of its own."""
        pages = self.pages(branches)
        if not pages:
            return []
        name = self.reading.sections.give("main", "section")
        return [{"name": name, "title": self.title, "pages": pages}]

    def section(self, branch: Branch) -> dict[str, Any]:
        node = self.group(branch, self.reading.sections)
        node["pages"] = self.pages(branch.branches)
        return node

    def group(self, branch: Branch, names: Names) -> dict[str, Any]:
        """Keys of a section or page, and what its extra columns say."""
        node = group_node(branch.cells, self.reading, branch.where)
        level = branch.cells.get(LEVEL)
        if level is None:
            node["name"] = names.give(branch.cells.get("name", ""), "section")
            return node | {"title": node.get("title") or branch.cells.get("name") or self.title}
        whole = merged(node, branch.cells)
        name = branch.cells.get("name", "").removeprefix(f"{level}.")
        written = group_cells(level, name, whole, self.questions.rosters)
        changed = changed_columns(branch.cells, written)
        names.taken.add(str(whole.get("name")))
        return merged(node, branch.cells, changed) if changed else whole

    def pages(self, branches: Sequence[Branch]) -> list[dict[str, Any]]:
        return [page for branch in _native(branches) for page in self.page(branch)]

    def page(self, branch: Branch) -> list[dict[str, Any]]:
        self.questions.edits = []
        if branch.cells.get(LEVEL) == PAGE:
            node = self.group(branch, self.reading.pages)
            node["items"] = self.items(branch.branches)
            if self.questions.edits:
                node["edits"] = [*node.get("edits", ()), *self.questions.edits]
            return [node]
        is_page = branch.is_group and not self.is_item(branch)
        items = self.items(branch.branches) if is_page else self.items([branch])
        if not items:
            return []
        when: dict[str, Any] = {}
        if is_page:
            put_when(when, branch.cells, self.reading, branch.where)
        return pages_of(
            self.reading,
            name=branch.cells.get("name", "page"),
            title=text(branch.cells, "label") if is_page else "",
            items=items,
            when=when.get("when", ()),
            edits=self.questions.edits,
        )

    def is_item(self, branch: Branch) -> bool:
        return (
            f"{EXTRA}kind" in branch.cells
            or "table-list" in branch.cells.get("appearance", "").split()
        )

    def items(self, branches: Sequence[Branch], prefix: str = "") -> list[dict[str, Any]]:
        return [item for branch in _native(branches) for item in self.item(branch, prefix)]

    def item(self, branch: Branch, prefix: str) -> list[dict[str, Any]]:
        if branch.is_repeat:
            return self.roster(branch, prefix)
        if not branch.is_group:
            return self.questions.items(branch, prefix)
        if f"{EXTRA}kind" in branch.cells:
            return self.whole(branch, prefix)
        if "table-list" in branch.cells.get("appearance", "") and not prefix:
            table = self.questions.table(branch)
            if table is not None:
                return table
        return self.flattened(branch, prefix)

    def whole(self, branch: Branch, prefix: str) -> list[dict[str, Any]]:
        """A battery or an allocation, which its extra columns say."""
        native = item_node(branch.cells, self.reading, branch.where, prefix)
        node = self.questions.own(native, branch.cells, prefix)
        self.reading.items.taken.add(str(node["name"]))
        return [node]

    def flattened(self, branch: Branch, prefix: str) -> list[dict[str, Any]]:
        """The items of a group within a page, each under the condition of the group."""
        holder: dict[str, Any] = {}
        put_when(holder, branch.cells, self.reading, branch.where)
        items = self.items(branch.branches, prefix)
        if branch.cells.get("label"):
            name = self.reading.items.give(f"{branch.cells.get('name', 'group')}_heading")
            items.insert(0, {"name": name, "kind": "note", "label": text(branch.cells, "label")})
        for item in items:
            own = item.get("when", [])
            inherited = [*holder.get("when", []), *(own if isinstance(own, list) else [own])]
            if inherited:
                item["when"] = inherited
        return items

    def roster(self, branch: Branch, prefix: str) -> list[dict[str, Any]]:
        if prefix:
            self.reading.lack("a repeat within a repeat", branch.where)
            return []
        native = item_node(branch.cells, self.reading, branch.where)
        is_own = f"{EXTRA}kind" in branch.cells
        node = self.questions.own(native, branch.cells, "") if is_own else native
        if not is_own:
            node["kind"] = "roster"
            node["name"] = self.reading.name_item(branch.cells.get("name", ""), branch.where)
            node["label"] = node.get("label") or branch.cells.get("name") or node["name"]
            node |= {"thing": _THING, "things": "entries"}
            for column in ("repeat_count",):
                self.count(node, branch.cells.get(column, ""), branch.where)
        register(self.reading, branch.cells.get("name", ""), str(node["name"]), "entries")
        outer, self.reading.items = self.reading.items, Names({"entry", "missing"})
        own_prefix = f"{branch.cells.get('name', '')}." if is_own else ""
        self.entries(node, branch, own_prefix)
        self.reading.items = outer
        return [node] if node.get("pages") or node.get("items") or is_own else []

    def count(self, node: dict[str, Any], repeat_count: str, where: str) -> None:
        if repeat_count.isdigit() and 0 < int(repeat_count) <= 100:
            node["most"] = int(repeat_count)
            self.reading.lack("a fixed number of entries", where, f"at most {repeat_count} entries")
        elif repeat_count:
            self.reading.lack(f"the number of entries “{repeat_count[:80]}”", where)

    def entries(self, node: dict[str, Any], branch: Branch, prefix: str) -> None:
        """The pages of an entry. Without an opening text to name the entry, one is added."""
        name, edits = str(node["name"]), self.questions.edits
        rosters = dict(self.reading.rosters)
        pages = []
        local = prefix or f"{name}."
        for each in _native(branch.branches):
            if each.is_group and each.cells.get(LEVEL) == ENTRY_PAGE:
                page = self.group(each, Names())
                page["items"] = self.items(each.branches, local)
                pages.append(page)
        self.reading.rosters = rosters | {
            key: name for key, value in self.reading.rosters.items() if value == name
        }
        loose = [each for each in _native(branch.branches) if each.cells.get(LEVEL) != ENTRY_PAGE]
        items = self.items(loose, local)
        if pages:
            node["pages"] = pages
        if items or not pages:
            node["items"] = items
        self.questions.edits = edits
        if not prefix and items:
            self._open_with_name(node, branch.where)

    def _open_with_name(self, node: dict[str, Any], where: str) -> None:
        items = [
            item
            for item in node["items"]
            if item["kind"] not in ("battery", "allocation", "computed", "roster")
        ]
        if len(items) < len(node["items"]):
            self.reading.lack("a calculation or table within a repeat", where)
        first = next((item for item in items if item["kind"] == "text"), None)
        if first is None or items.index(first) or "when" in first:
            name = self.reading.items.give("entry_name")
            items.insert(0, {"name": name, "kind": "text", "label": "Name"})
            self.reading.lack("a repeat that does not open with a text", where, "a text added")
        node["items"] = items


def _native(branches: Sequence[Branch]) -> list[Branch]:
    return [branch for branch in branches if DERIVED not in branch.cells]


def _is_shown_whole(branch: Branch) -> bool:
    return "field-list" in branch.cells.get("appearance", "").split()
