"""Facets of a battery: the questions that every row is asked."""

from typing import Any, Literal

from surveys.questionnaire.authored.codes import COLUMN_KEYS, PART_KEYS, CodeLists, read_codes
from surveys.questionnaire.authored.entries import read_bounds, read_decimals
from surveys.questionnaire.items import Code, Facet
from surveys.questionnaire.nodes import Node

FACET_KEYS = (
    "name", "label", "choose", "codes", "when", "minimum", "maximum", "decimals", "unit",
)  # fmt: skip
_NUMBER_KEYS = ("minimum", "maximum", "decimals", "unit")


def read_facets(node: Node, lists: CodeLists) -> tuple[Facet, ...]:
    """What is asked of every row, in order; a facet may depend on one above it."""
    facets: list[Facet] = []
    for entry in node.nodes("facets", needed=True):
        facet = _facet(entry, lists, facets)
        if facet.name in [earlier.name for earlier in facets]:
            entry.note(
                "duplicate_name",
                f"Two facets are called {facet.name!r}.",
                "Rename one.",
                why="facet",
                key="name",
                values=(facet.name,),
            )
        facets.append(facet)
    if node.data.get("facets") == []:
        node.note(
            "missing_key", "facets is empty.", "Say what is asked of every row.", key="facets"
        )
    return tuple(facets)


def _facet(node: Node, lists: CodeLists, earlier: list[Facet]) -> Facet:
    node.only(FACET_KEYS)
    choose = _choose(node)
    minimum, maximum = read_bounds(node, 0, None)
    if choose != "number" and any(key in node.data for key in _NUMBER_KEYS):
        node.note(
            "wrong_shape",
            "minimum, maximum, decimals and unit are for choose: number.",
            "Drop them, or write choose: number.",
            why="number_only",
            key="choose",
        )
    if node.text("name") == "missing":
        node.note(
            "bad_name",
            "A facet cannot be called 'missing'.",
            "Give it another name.",
            why="reserved",
            key="name",
            values=("missing",),
        )
    return Facet(
        name=node.name(),
        label=node.text("label", needed=True),
        choose=choose,
        codes=_facet_codes(node, lists, choose),
        applies_when=_applies_when(node, earlier),
        minimum=minimum,
        maximum=maximum,
        decimals=read_decimals(node),
        unit=node.text("unit"),
    )


def _choose(node: Node) -> Literal["one", "many", "number"]:
    node.text("choose", needed=True)
    match node.one_of("choose", ("one", "many", "number")):
        case "one":
            return "one"
        case "number":
            return "number"
        case _:
            return "many"


def _facet_codes(node: Node, lists: CodeLists, choose: str) -> tuple[Code, ...]:
    """Answers of a choice; of a number, its columns, which it need not have."""
    if choose != "number":
        return read_codes(node, "codes", lists, allowed=COLUMN_KEYS)
    if node.data.get("codes") is None:
        return ()
    return read_codes(node, "codes", lists, allowed=PART_KEYS, least=1)


def _applies_when(node: Node, earlier: list[Facet]) -> tuple[str, frozenset[str]] | None:
    """``when: {importance: ['1', '2']}``: an earlier facet and the codes that open this one."""
    value: Any = node.data.get("when")
    if value is None:
        return None
    if not (isinstance(value, dict) and len(value) == 1):
        node.note(
            "wrong_shape",
            "when is not one facet with its codes.",
            "Write facet: [codes].",
            why="facet_when",
            key="when",
        )
        return None
    name = next(iter(value))
    codes = Node(value, f"{node.where} > when", node.ledger).words(name)
    facet = next((facet for facet in earlier if facet.name == name), None)
    if facet is None or facet.choose != "one":
        node.note(
            "unknown_item",
            f"{name!r} is not an earlier facet with one answer.",
            "Name a facet that stands above and has choose: one.",
            why="facet",
            key="when",
            values=(name,),
        )
        return None
    for code in codes:
        if code not in {known.value for known in facet.codes}:
            node.note(
                "unknown_code",
                f"{name!r} has no code {code!r}.",
                "Name one of its codes.",
                why="facet",
                key="when",
                values=(name, code),
            )
    return name, frozenset(codes)
