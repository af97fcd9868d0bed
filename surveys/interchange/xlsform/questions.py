"""Questions of a form as items: choices, constraints, repeats, and what is not supported."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from surveys.interchange.expressions.translate import Kind
from surveys.interchange.expressions.tree import Call, Literal, Name, Operation, Tree
from surveys.interchange.expressions.xpath import ITSELF
from surveys.interchange.foreign.choices import Option, battery, choice, codes_of, register
from surveys.interchange.foreign.reading import Pending, Reading
from surveys.interchange.xlsform.cells import EXTRA, Cells, changed_columns, merged
from surveys.interchange.xlsform.fragments import (
    QUESTION,
    is_expression,
    item_node,
    put_bounds,
    put_when,
    text,
)
from surveys.interchange.xlsform.native import OWN_CODES, item_cells, text_cell
from surveys.interchange.xlsform.rows import choice_node
from surveys.interchange.xlsform.tree import Branch

AS_TEXT = ("time", "datetime", "dateTime", "barcode", "phonenumber")
NOT_ASKED = (
    "start", "end", "today", "deviceid", "username", "email", "audit", "simserial",
    "subscriberid", "start-geopoint", "background-audio", "background-geopoint", "hidden",
    "xml-external", "csv-external",
)  # fmt: skip
_FILTER = re.compile(r"^\s*([A-Za-z_]\w*)\s*=\s*\$\{\s*([A-Za-z_][\w.\-]*)\s*\}\s*$")
_KIND_OF: dict[str, Kind] = {
    "single_choice": "code",
    "multiple_choice": "codes",
    "lookup": "code",
    "text": "text",
    "date": "date",
    "roster": "entries",
}


@dataclass(slots=True)
class Questions:
    """Reads branches of the survey sheet into items.

    `choices` are the rows of the choices sheet by list; `shared` are lists that the document
    keeps under its own ``codes``. `is_own`: the form was written here. `edits` gathers what
    constraints became.
    """

    reading: Reading
    choices: Mapping[str, Sequence[Cells]]
    shared: Mapping[str, list[dict[str, Any]]]
    rosters: frozenset[str]
    is_own: bool = False
    edits: list[dict[str, Any]] = field(default_factory=list)

    def items(self, branch: Branch, prefix: str = "") -> list[dict[str, Any]]:
        """The items of a question; none, with a note, for what firms cannot be asked."""
        type_ = branch.type.partition(" ")[0]
        is_lookup = type_ == "select_one_from_file" and f"{EXTRA}codes" in branch.cells
        if type_ in NOT_ASKED:
            self.reading.lack(f"a question of type “{branch.type[:60]}”", branch.where)
            return []
        if type_ == "select_one_from_file" and not is_lookup:
            self.reading.lack("choices from a file, which is not at hand", branch.where, "a text")
        elif type_ in AS_TEXT:
            self.reading.lack(f"the type “{type_}”", branch.where, "a text")
        elif type_ == "rank":
            self.reading.lack("an order of choices", branch.where, "a multiple choice")
            branch = _retyped(branch, branch.type.replace("rank", "select_multiple", 1))
        node = item_node(branch.cells, self.reading, branch.where, prefix)
        if self.is_own:
            node = self.own(node, branch.cells, prefix)
        if "kind" not in node or (node["kind"] == "lookup" and not is_lookup):
            if type_ not in AS_TEXT and node.get("kind") != "lookup":
                self.reading.lack(f"a question of type “{branch.type[:60]}”", branch.where)
                return []
            node["kind"] = "text"
        return self.finished(node, branch, prefix)

    def own(self, node: dict[str, Any], cells: Cells, prefix: str) -> dict[str, Any]:
        """The node with what the extra columns say, as far as the native cells still agree."""
        whole = merged(node, cells)
        written = item_cells(whole, prefix, self.rosters)
        changed = changed_columns(cells, written)
        if "label" not in whole:
            changed -= {"label"}
        return merged(node, cells, changed) if changed else whole

    def finished(self, node: dict[str, Any], branch: Branch, prefix: str) -> list[dict[str, Any]]:
        cells, where = branch.cells, branch.where
        foreign = cells.get("name", "")
        self.name(node, foreign.removeprefix(prefix), where)
        if not node.get("label") and "label" not in cells.get(f"{EXTRA}without", ""):
            node["label"] = foreign or node["name"]
        codes: dict[str, str] = {}
        if node["kind"] in ("single_choice", "multiple_choice"):
            node, codes = self.with_codes(node, branch)
        if is_expression(cells.get("required", "")):
            self.reading.lack("required under a condition", where, "not required")
        reference = f"{prefix.rstrip('.')}.{node['name']}" if prefix else node["name"]
        kind = _KIND_OF.get(node["kind"], "number")
        if node["kind"] != "note":
            register(self.reading, foreign, str(reference), kind, codes, roster=prefix.rstrip("."))
        self.constrain(node, branch, str(reference), is_local=bool(prefix))
        if not self.is_own and node["kind"] in ("note", "computed"):
            for key in ("required",) if node["kind"] == "computed" else ("required", "definition"):
                node.pop(key, None)
        return [node]

    def name(self, node: dict[str, Any], foreign: str, where: str) -> None:
        if self.is_own:
            self.reading.items.taken.add(str(node["name"]))
        else:
            node["name"] = self.reading.name_item(foreign, where)

    def with_codes(
        self, node: dict[str, Any], branch: Branch
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """The item with its codes: those of a shared list by name, or written out."""
        named = node.get("codes")
        if isinstance(named, str) and named in self.shared:
            return node, {str(code["value"]): str(code["value"]) for code in self.shared[named]}
        if isinstance(named, list):
            return node, {str(code.get("value")): str(code.get("value")) for code in named}
        words = branch.type.split()
        list_name = words[1] if len(words) > 1 else ""
        rows = self.choices.get(list_name, ())
        if list_name == f"{branch.cells.get('name')}{OWN_CODES}":
            node["codes"] = [own_code(row, self.reading, branch.where) for row in rows]
            return node, {str(code["value"]): str(code["value"]) for code in node["codes"]}
        if self.is_own and not rows:
            return node, {}
        many = node["kind"] == "multiple_choice"
        options = [
            Option(row.get("name", ""), _label(row), self._more(row, branch)) for row in rows
        ]
        if "or_other" in words[2:]:
            options = _with_other(options)
        base = {key: value for key, value in node.items() if key not in ("codes", "kind")}
        return choice(self.reading, base, options, branch.where, many=many)

    def _more(self, row: Cells, branch: Branch) -> dict[str, Any]:
        """What ``choice_filter`` says of one choice: ``region = ${region}``."""
        choice_filter = branch.cells.get("choice_filter", "")
        if not choice_filter:
            return {}
        conditions = []
        for part in re.split(r"\s+and\s+", choice_filter):
            found = _FILTER.match(part)
            if found is None:
                return {"when": [self.reading.pending(f"{choice_filter} ?", branch.where)]}
            tree = Operation("=", (Name(found[2]), Literal(row.get(found[1].lower(), ""))))
            conditions.append(Pending(part, branch.where, tree))
        return {"when": conditions}

    def constrain(
        self, node: dict[str, Any], branch: Branch, reference: str, *, is_local: bool
    ) -> None:
        """A constraint that is more than a bound becomes a hard edit of the page."""
        cell = branch.cells.get("constraint", "")
        kind = node["kind"]
        bounded = kind in ("number", "date", "multiple_choice")
        if not cell or (self.is_own and cell == item_cells(node, "", ()).get("constraint")):
            return
        if bounded and put_bounds(dict(node), {"constraint": cell}, self.reading):
            return
        pending = self.reading.pending(cell, branch.where)
        if is_local or kind in ("note", "computed"):
            self.reading.lack(f"the constraint “{cell[:200]}”", branch.where)
            return
        tree = None if pending.tree is None else _named(pending.tree, branch.cells.get("name", ""))
        when = Pending(cell, branch.where, tree, pending.reason).negated()
        message = text(branch.cells, "constraint_message") or "Check this answer."
        self.edits.append(
            {
                "name": f"{node['name'][:50]}_constraint",
                "severity": "hard",
                "when": [when],
                "message": message,
                "items": [reference],
            }
        )

    def table(self, branch: Branch) -> list[dict[str, Any]] | None:
        """A battery from a group shown as a table; None if its questions are not alike."""
        rows = [row for row in branch.branches if row.type.partition(" ")[0] != "note"]
        types = {row.type for row in rows}
        if len(types) != 1 or not rows or any(row.cells.get("relevant") for row in rows):
            return None
        word, _, list_name = types.pop().partition(" ")
        if word not in ("select_one", "select_multiple") or "or_other" in list_name:
            return None
        name = self.reading.name_item(branch.cells.get("name", "table"), branch.where)
        options = [
            Option(row.get("name", ""), _label(row)) for row in self.choices.get(list_name, ())
        ]
        codes, ours = codes_of(self.reading, options, branch.where)
        if len(codes) < 2:
            return None
        row_codes, row_names = codes_of(
            self.reading,
            [Option(row.cells.get("name", ""), _label(row.cells)) for row in rows],
            branch.where,
        )
        one = word == "select_one"
        facet = {"name": "answer", "label": "Answer", "choose": "one" if one else "many"}
        for foreign, row_name in row_names.items():
            reference = f"{name}.{row_name}.answer"
            register(self.reading, foreign, reference, "code" if one else "codes", ours)
        base: dict[str, Any] = {"name": name, "label": text(branch.cells, "label")}
        put_when(base, branch.cells, self.reading, branch.where)
        return [battery(base, row_codes, [facet | {"codes": codes}])]


def own_code(row: Cells, reading: Reading, where: str) -> dict[str, Any]:
    """A code of a choice that was written by `writing`, or added to its list by hand."""
    node = choice_node(row)
    whole = merged(node, row)
    if row.get("label", "") != text_cell(whole.get("label")) and "label" in whole:
        whole = merged(node, row, frozenset({"label"}))
    if isinstance(whole.get("label"), str) and not whole["label"]:
        reading.lack("a choice without a label", where, "its value")
    return whole


def _label(cells: Cells) -> str:
    return QUESTION.sub("…", cells.get("label", "")).replace("{", "(").replace("}", ")")


def _with_other(options: list[Option]) -> list[Option]:
    other = next((option for option in options if option.value == "other"), None)
    if other is None:
        return [*options, Option("other", "Other", {"specify": "text"})]
    other.more["specify"] = "text"
    return options


def _retyped(branch: Branch, type_: str) -> Branch:
    return Branch(branch.cells | {"type": type_}, branch.number, branch.branches)


def _named(tree: Tree, name: str) -> Tree:
    """The tree with ``.`` as the question that the constraint is about."""
    match tree:
        case Name(itself) if itself == ITSELF:
            return Name(name)
        case Operation(operator, parts):
            return Operation(operator, tuple(_named(part, name) for part in parts))
        case Call(function, arguments):
            return Call(function, tuple(_named(part, name) for part in arguments))
    return tree
