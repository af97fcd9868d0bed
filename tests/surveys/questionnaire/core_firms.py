"""Two made firms that answer all modules of the core instrument: one that does much, one little."""

from typing import Any

from surveys.questionnaire import (
    BatteryRow,
    Facet,
    Instrument,
    Item,
    MultipleChoice,
    SingleChoice,
    compile_document,
)
from surveys.questionnaire.code_lists import CodeList, ListedCode
from surveys.questionnaire.items import Scale
from surveys.questionnaire.modules import compose

_LISTS: dict[tuple[str, str], tuple[ListedCode, ...]] = {
    ("nace", "2.1"): (ListedCode("28.99", "Other special-purpose machinery"),),
    ("countries", "2024"): (ListedCode("DE", "Germany"), ListedCode("JP", "Japan")),
}


def find(name: str, version: str) -> CodeList | None:
    """Two short lists of the names that the modules use."""
    if (name, version) not in _LISTS:
        return None
    return CodeList(name=name, version=version, title=name, codes=_LISTS[name, version])


def composed(modules: dict[str, dict[str, Any]], *names: str) -> Instrument:
    """The instrument of these modules, or of all, with those that they need."""
    chosen = [modules[name] for name in names or modules]
    document = compose("Core", "core", "1.0", chosen, library=modules)
    return compile_document(document, code_lists=find)


def money(amount: int) -> dict[str, Any]:
    return {"amount": amount, "unit": "units"}


def innovator(instrument: Instrument) -> dict[str, Any]:
    """A maker of machines that innovates and works with every type of partner."""
    chosen = {item.name: _much(item) for item in instrument.items}
    return {name: value for name, value in (chosen | _INNOVATOR).items() if value is not None}


def _much(item: Item) -> Any:
    """The last of the codes that do not exclude others, and every one where many can be."""
    match item:
        case SingleChoice():
            return item.codes[0].value
        case MultipleChoice():
            return [code.value for code in item.codes if not code.exclusive]
        case BatteryRow():
            return {facet.name: _of_facet(facet) for facet in item.facets}
        case Scale():
            return item.maximum
        case _:
            return None


def _of_facet(facet: Facet) -> Any:
    usual = [code.value for code in facet.codes if not code.exclusive]
    match facet.choose:
        case "number":
            return 12
        case "many":
            return usual
        case "one":
            return next((each for each in _SAID if each in usual), usual[0])


_SAID = ("used", "4", "3", "yes")
_PARTNER: dict[str, Any] = {
    "entry": "a1b2",
    "name": "Institute of Machine Tools",
    "type": "research_institutes",
    "size": "large",
    "place": "europe",
    "country": "DE",
    "beginning": "study",
    "beginning_place": "region",
    "beginning_year": 2009,
    "active": "yes",
    "channel": "visits",
    "meetings": 6,
    "nights": 14,
    "content": ["research", "testing"],
    "cognitive": 4,
    "organisational": 1,
    "social": 3,
    "institutional": 2,
    "geographical": 1,
}
_CUSTOMER = _PARTNER | {
    "entry": "c3d4",
    "name": "Nord Ferries",
    "type": "clients_private",
    "place": "local",
    "country": None,
    "cognitive": 2,
}
_INNOVATOR: dict[str, Any] = {
    "industry": "28.99",
    "start_year": 1987,
    "municipality": "Sandnes",
    "employment_first": 38,
    "employment_last": 45,
    "turnover_first": money(8_200_000),
    "turnover_last": money(9_750_000),
    "in_group": "yes",
    "head_office": "europe",
    "head_office_country": "DE",
    "foreign_share": 60,
    "legal_form": "other",
    "legal_form.other": "Foundation with a firm",
    "staff_would_follow": 30,
    "methods_had_anywhere": 40,
    "export_share": 25,
    "customer_share": 35,
    "rules": "2",
    "rule_setter": "other",
    "rule_setter.other": "The classification society",
    "hires": 5,
    "hires_scale": {"local": 3, "region": 0, "country": 1, "europe": 1, "global": 0},
    "hires_origin": {"rivals": 1, "other_firms": 1, "universities": 2, "research_institutes": 0},
    "leavers": 2,
    "leavers_scale": {"local": 1, "region": 0, "country": 0, "europe": 0, "global": 0},
    "leavers_destination": {"rivals": 1, "other_firms": 0, "universities": 0, "own_firm": 1},
    "airport_minutes": 35,
    "ties": [_PARTNER, {name: value for name, value in _CUSTOMER.items() if value is not None}],
    "knowledge_base": {"analytical": 20, "synthetic": 70, "symbolic": 10},
    "writable": 60,
    "novelty": "5",
    "turnover_newness": {"new_to_market": 10, "new_to_firm": 15, "unchanged": 75},
    "research_inside": "continuous",
    "research_staff": 3.5,
    "research_spending": money(400_000),
    "other_spending": money(150_000),
    "other_spending_kinds": {
        "equipment": 50, "software": 20, "training": 10, "design": 10, "marketing": 5,
        "other": 5,
    },
    "graduate_share": 22,
    "trained_share": 50,
    "training_days": 2.5,
    "exploration_share": 30,
    "outside_ideas_share": 45,
    "days_near": 40,
    "days_far": 60,
    "outside_money": money(25_000),
    "support.other": "The harbour authority",
    "sources_comment": "From people we hire.",
    "comment": "Nothing.",
    "minutes_taken": 95,
}  # fmt: skip

SHOP: dict[str, Any] = {
    "in_group": "no",
    "spin_off": "no",
    "markets": ["local"],
    "cooperated": ["none"],
    "rules": "0",
    "hires": 0,
    "leavers": 0,
    "main_innovation": "none",
    "proximity.filter": ["none"],
    "finance.filter": ["none"],
    "new_good": "no",
    "new_service": "no",
    "process": ["none"],
    "research_inside": "never",
    "research_bought": ["none"],
    "other_spending": money(0),
    "trained_share": 0,
    "ties": [],
}
