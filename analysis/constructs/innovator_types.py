"""Types of innovator as named rules.

The codes in brackets are those of Eurostat's annex to the Community Innovation Survey 2012 (CIS
8). Which of the seven types of process of 2018 belongs to which former code is from memory:
those rules are marked unverified.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from analysis.constructs.cells import by_coordinate, side_by_side
from analysis.constructs.entry import Entry
from analysis.constructs.measured import Floats, Measured, Needs, any_true, where_known
from analysis.dataset import Dataset

CIS = "Eurostat, CIS 8 metadata, annex 2 (names of the codes); the rule is ours"
UNVERIFIED = f"{CIS}, unverified"
# The product and process innovation of the survey before 2018, and what it counted apart.
TECHNOLOGICAL = ("production", "logistics", "information", "administration")
ORGANISATIONAL = ("external", "organisation")
MARKETING = ("marketing",)
TYPES = (
    ("both", "Product and process"),
    ("product_only", "Product only"),
    ("process_only", "Process only"),
    ("active_only", "Unfinished work only"),
    ("none", "Not active"),
)

_PRODUCT: Needs = (("innovation.product",),)
_PROCESS: Needs = (("innovation.process",),)
_TWO: Needs = (*_PRODUCT, *_PROCESS)
_ACTIVE: Needs = (*_TWO, ("innovation.unfinished",))
_OPEN = "Missing unless the answers given settle it."


def _rule(
    stem: str, needs: Needs, label: str, definition: str, source: str = CIS,
    codes: tuple[str, ...] = (),
) -> Entry:  # fmt: skip
    return Entry(stem, needs, label, definition, (0, 1), _OPEN, source, kind="binary", codes=codes)


RULES = {
    "innovator": _rule(
        "innovator", _TWO, "Innovator", "1 if product or process innovation (INNO).",
    ),
    "innovation_active": _rule(
        "innovation_active", _ACTIVE, "Innovation-active",
        "1 if product or process innovation, or work still going on, dropped or without a result "
        "(INNOACT).",
    ),
    "product_only": _rule(
        "product_only", _TWO, "Product innovator only",
        "1 if product and no process innovation (INPDTONLY).",
    ),
    "process_only": _rule(
        "process_only", _TWO, "Process innovator only",
        "1 if process and no product innovation (INPCSONLY).",
    ),
    "product_and_process": _rule(
        "product_and_process", _TWO, "Product and process innovator",
        "1 if product and process innovation (PANDP).",
    ),
    "technological_process": _rule(
        "technological_process", _PROCESS, "Process innovation in the former sense",
        "1 if a new process of production, logistics, information or administration (INPCS).",
        UNVERIFIED, TECHNOLOGICAL,
    ),
    "organisational": _rule(
        "organisational", _PROCESS, "Organisational innovation",
        "1 if a new process of work organisation or external relations (INORG).",
        UNVERIFIED, ORGANISATIONAL,
    ),
    "marketing": _rule(
        "marketing", _PROCESS, "Marketing innovation",
        "1 if a new process of marketing (INMKT).", UNVERIFIED, MARKETING,
    ),
    "innovator_pp": _rule(
        "innovator_pp", _TWO, "Product or process innovator in the former sense",
        "1 if product innovation or technological_process (INNO_PP).", UNVERIFIED,
    ),
    "innovator_npp": _rule(
        "innovator_npp", _TWO, "Organisational or marketing innovator only",
        "1 if organisational or marketing and not innovator_pp (INNO_NPP).", UNVERIFIED,
    ),
    "innovator_pp_and_npp": _rule(
        "innovator_pp_and_npp", _TWO, "Innovator of both former kinds",
        "1 if innovator_pp and organisational or marketing (INNO_PPANPP).", UNVERIFIED,
    ),
    "innovator_without_research": _rule(
        "innovator_without_research", (*_TWO, ("research.any", "research.inside")),
        "Innovator without R&D", "1 if innovator and neither R&D inside nor bought.",
        "Map of the field, A2",
    ),
}  # fmt: skip
_TYPE = Entry(
    "innovator_type", _ACTIVE, "Type of innovator",
    "both: product and process; product_only; process_only; active_only: neither, but "
    "unfinished work; none.",
    "both, product_only, process_only, active_only, none", _OPEN, CIS, kind="category",
)  # fmt: skip
ENTRIES = (*RULES.values(), _TYPE)


def innovator_types(dataset: Dataset, known: Mapping[str, Measured]) -> Iterator[Measured]:
    """The rules that can be told from what is bound; `known` has what was derived already."""
    facts = {name: each.values for name, each in known.items() if name in ("product", "rd_any")}
    processes = by_coordinate(dataset, "innovation.process")
    if processes:
        facts["process"] = known["process"].values
        facts |= _kinds_of_process(processes)
    if unfinished := by_coordinate(dataset, "innovation.unfinished"):
        facts["unfinished"] = any_true(side_by_side(unfinished.values()))
    facts |= _rules(facts)
    yield from (RULES[name].measured(facts[name]) for name in RULES if name in facts)
    if "innovation_active" in facts:
        yield _TYPE.measured(_typed(facts), codes=TYPES)


def _kinds_of_process(processes: Mapping[str, Floats]) -> dict[str, Floats]:
    found = {}
    for name, types in (
        ("technological_process", TECHNOLOGICAL),
        ("organisational", ORGANISATIONAL),
        ("marketing", MARKETING),
    ):
        asked = [processes[each] for each in types if each in processes]
        if len(asked) == len(types):
            found[name] = any_true(side_by_side(asked))
    return found


def _rules(facts: Mapping[str, Floats]) -> dict[str, Floats]:
    if not {"product", "process"} <= set(facts):
        return {}
    product, process = facts["product"], facts["process"]
    found = {
        "innovator": _or(product, process),
        "product_only": _and(product, _not(process)),
        "process_only": _and(process, _not(product)),
        "product_and_process": _and(product, process),
    }
    if "unfinished" in facts:
        found["innovation_active"] = _or(found["innovator"], facts["unfinished"])
    if "rd_any" in facts:
        found["innovator_without_research"] = _and(found["innovator"], _not(facts["rd_any"]))
    if {"technological_process", "organisational", "marketing"} <= set(facts):
        former = _or(product, facts["technological_process"])
        other = _or(facts["organisational"], facts["marketing"])
        found |= {
            "innovator_pp": former,
            "innovator_npp": _and(other, _not(former)),
            "innovator_pp_and_npp": _and(former, other),
        }
    return found


def _typed(facts: Mapping[str, Floats]) -> np.ndarray:
    kinds = np.full(len(facts["innovator"]), None, dtype=object)
    active_only = _and(facts["unfinished"], _not(facts["innovator"]))
    for code, rule in (
        ("both", facts["product_and_process"]),
        ("product_only", facts["product_only"]),
        ("process_only", facts["process_only"]),
        ("active_only", active_only),
        ("none", _not(facts["innovation_active"])),
    ):
        kinds[rule == 1] = code
    return kinds


def _not(fact: Floats) -> Floats:
    return where_known(fact, fact != 1)


def _and(first: Floats, second: Floats) -> Floats:
    """0 where either is 0, 1 where both are 1, else missing."""
    return _not(_or(_not(first), _not(second)))


def _or(first: Floats, second: Floats) -> Floats:
    """1 where either is 1, 0 where both are 0, else missing."""
    yes, unknown = (first == 1) | (second == 1), np.isnan(first) | np.isnan(second)
    return np.where(yes, 1.0, np.where(unknown, np.nan, 0.0))
