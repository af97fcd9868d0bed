"""The variables of a codebook: each is a column of the file with a row a firm."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from surveys.interchange.ddi.categories import categorise
from surveys.interchange.ddi.elements import LANG, branch, leaf
from surveys.interchange.ddi.spoken import Spoken, code_of, facet_of
from surveys.interchange.ddi.study import FILE
from surveys.questionnaire.authored.conditions import both
from surveys.questionnaire.binding import cell_name, cells_of
from surveys.questionnaire.codebook import Asked
from surveys.questionnaire.conditions import ALWAYS, quoted
from surveys.questionnaire.constructs import CATALOGUE
from surveys.questionnaire.items import Allocation, Binding, Computed, Item, Money, Roster, Share
from surveys.questionnaire.wide_form import WideColumn

_DOMAINS = {
    "number": "numeric",
    "code": "category",
    "flag": "multiple",
    "date": "datetime",
    "text": "text",
}
_REPRESENTATIONS = {
    "number": "numeric",
    "code": "code",
    "flag": "code",
    "date": "datetime",
    "text": "text",
}


@dataclass(frozen=True, slots=True)
class _Variable:
    """A column with its place in the file and the identifier of the question that fills it."""

    column: WideColumn
    asked: Asked
    identifier: str
    place: int
    question: str
    is_first: bool


def describe_pseudonym(data: Element, identifier: str) -> None:
    """The first column of the file, which no item fills."""
    element = branch(
        data, "var", ID=identifier, name="pseudonym", files=FILE, intrvl="discrete",
        representationType="text",
    )  # fmt: skip
    branch(element, "location", StartPos="1", fileid=FILE)
    leaf(element, "labl", "Pseudonym of the firm", "en")
    leaf(element, "universe", "All firms of the sample", "en")
    branch(element, "varFormat", type="character")


def describe_variables(
    data: Element, said: Sequence[Spoken], identifiers: Mapping[str, str]
) -> None:
    for variable in _variables(said[0], identifiers):
        _describe(data, variable, said)


def _variables(own: Spoken, identifiers: Mapping[str, str]) -> Iterator[_Variable]:
    questions: dict[tuple[str, str], str] = {}
    for place, column in enumerate(own.columns.values(), start=2):
        key = (column.item, column.facet)
        is_first = key not in questions
        question = questions.setdefault(key, f"Q{len(questions) + 1}")
        yield _Variable(
            column, own.asked[column.item], identifiers[column.name], place, question, is_first
        )


def _describe(data: Element, variable: _Variable, said: Sequence[Spoken]) -> None:
    """One variable; its parts stand in the order that the schema demands."""
    element = branch(data, "var", **_attributes(variable))
    branch(element, "location", StartPos=str(variable.place), fileid=FILE)
    name = variable.column.name
    for each in said:
        leaf(element, "labl", each.label(each.columns[name]), each.language)
    if variable.column.entry:
        for each in said:
            leaf(element, "anlysUnit", _thing(variable, each), each.language)
    for each in said:
        _ask(element, variable, each, is_identified=variable.is_first and each is said[0])
    _bound(element, variable)
    leaf(element, "universe", _universe(variable), "en")
    for each in said:
        _define(element, variable, each)
    categorise(element, variable.column, said)
    for cell in _cells(variable.asked.item, variable.column):
        label = CATALOGUE[cell.partition("[")[0]].label
        leaf(element, "concept", f"{cell}: {label}", vocab="Milieu constructs")
    _derive(element, variable.asked.item)
    _format(element, variable)
    _note(element, variable)


def _attributes(variable: _Variable) -> dict[str, str]:
    column = variable.column
    return {
        "ID": variable.identifier,
        "name": column.stata_name,
        "qstn": variable.question,
        "files": FILE,
        "dcml": _decimals(variable) if column.type == "number" else "",
        "intrvl": "contin" if column.type == "number" and not column.codes else "discrete",
        "measUnit": column.unit,
        "representationType": _REPRESENTATIONS[column.type],
    }


def _decimals(variable: _Variable) -> str:
    item = variable.asked.item
    if isinstance(item, Allocation):
        return ""
    return str(getattr(facet_of(item, variable.column) or item, "decimals", 0))


def _thing(variable: _Variable, each: Spoken) -> str:
    roster = each.asked[variable.column.item].roster
    return roster.thing if roster else ""


def _ask(element: Element, variable: _Variable, each: Spoken, *, is_identified: bool) -> None:
    """The question as the firm meets it: the intro of the page before it, the period after it."""
    column = each.columns[variable.column.name]
    item = each.item_of(column)
    question = branch(
        element,
        "qstn",
        ID=variable.question if is_identified else "",
        responseDomainType=_DOMAINS[column.type],
    )
    question.set(LANG, each.language)
    leaf(question, "preQTxt", each.told(_intro(variable, each)), each.language)
    leaf(question, "qstnLit", each.question(column), each.language)
    leaf(question, "postQTxt", each.told(item.period), each.language)
    leaf(question, "ivuInstr", each.told(item.hint), each.language)


def _intro(variable: _Variable, each: Spoken) -> str:
    return each.instrument.page(variable.asked.page).intro


def _bound(element: Element, variable: _Variable) -> None:
    """The least and the greatest value of a number."""
    if variable.column.type != "number":
        return
    item = variable.asked.item
    bounded = facet_of(item, variable.column) or item
    least, most = (0, 100) if isinstance(item, Share) else _bounds(bounded)
    if least is None and most is None:
        return
    units = "INT" if _decimals(variable) == "0" else "REAL"
    branch(branch(element, "valrng"), "range", UNITS=units, min=_plain(least), max=_plain(most))


def _bounds(bounded: object) -> tuple[float | None, float | None]:
    if isinstance(bounded, Roster):
        return 0, bounded.most
    return getattr(bounded, "minimum", None), getattr(bounded, "maximum", None)


def _universe(variable: _Variable) -> str:
    """The condition under which the item, the facet and the code were all offered."""
    item = variable.asked.item
    code = code_of(item, variable.column)
    condition = both(variable.asked.universe, code.universe) if code else variable.asked.universe
    said = [] if condition is ALWAYS else [str(condition)]
    facet = facet_of(item, variable.column)
    if facet and facet.applies_when:
        opener, codes = facet.applies_when
        listed = ", ".join(quoted(code) for code in sorted(codes))
        said.append(f"{item.name}.{opener} in ({listed})")
    return " and ".join(said) or "All firms of the sample"


def _define(element: Element, variable: _Variable, each: Spoken) -> None:
    """The definition of the question, and of the code that a column of its own stands for."""
    column = each.columns[variable.column.name]
    item = each.item_of(column)
    leaf(element, "txt", each.told(item.definition), each.language)
    code = code_of(item, column)
    leaf(element, "txt", each.told(code.definition) if code else "", each.language)


def _cells(item: Item, column: WideColumn) -> Iterator[str]:
    """Names of the cells of constructs that the column fills, as the extract has them."""
    names = [
        name
        for binding in item.bindings
        if binding.facet == column.facet or isinstance(item, Roster)
        for name in cells_of(item, binding)
        if not binding.spread or isinstance(item, Roster) or name == _spread(binding, column)
    ]
    yield from dict.fromkeys(names)


def _spread(binding: Binding, column: WideColumn) -> str:
    """The cell of the code, column or part that the variable stands for."""
    value = str(dict(binding.values).get(column.code, column.code))
    return cell_name(binding.construct, {**dict(binding.at), binding.spread: value})


def _derive(element: Element, item: Item) -> None:
    if isinstance(item, Computed):
        derivation = branch(element, "derivation")
        leaf(derivation, "drvdesc", "Worked out from the answers before it, and confirmed.", "en")
        leaf(derivation, "drvcmd", str(item.expression), syntax="Milieu")


def _format(element: Element, variable: _Variable) -> None:
    column = variable.column
    is_text = column.type in ("date", "text") or (
        column.type == "code"
        and (bool(column.code_list) or any(not _is_number(code) for code, _ in column.codes))
    )
    kind = "currency" if isinstance(variable.asked.item, Money) else ""
    branch(
        element,
        "varFormat",
        type="character" if is_text else "numeric",
        category="date" if column.type == "date" else kind,
    )


def _note(element: Element, variable: _Variable) -> None:
    """What the schema has no element for: the name here and that in the survey of origin."""
    column = variable.column
    code = code_of(variable.asked.item, column)
    is_own = code is not None and (column.type == "flag" or bool(code.variable))
    origin = code.variable if is_own and code else variable.asked.item.variable
    leaf(element, "notes", column.name if column.stata_name != column.name else "",
         subject="name in Milieu")  # fmt: skip
    leaf(element, "notes", origin, subject="variable of origin")


def _is_number(code: str) -> bool:
    return code.lstrip("-").isdigit()


def _plain(number: float | None) -> str:
    if number is None:
        return ""
    return str(int(number)) if float(number).is_integer() else str(number)
