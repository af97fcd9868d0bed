"""Innovation outcomes, as the Oslo Manual (2018) divides them; growth and productivity."""

from collections.abc import Iterator

import numpy as np

from analysis.constructs.cells import by_coordinate, column, side_by_side
from analysis.constructs.entry import Entry
from analysis.constructs.measured import (
    ALL_MISSING,
    ANY_MISSING,
    Floats,
    Measured,
    any_true,
    count_true,
    where_known,
)
from analysis.dataset import Dataset

OSLO = "OECD & Eurostat (2018), Oslo Manual"
DAVIS = "Davis, Haltiwanger & Schuh (1996)"
NEW_TO_MARKET = 2.0
PROCESS_TYPES = {
    "production": "producing goods or providing services",
    "logistics": "logistics, delivery or distribution",
    "information": "information processing or communication",
    "administration": "accounting or other administration",
    "external": "relations with suppliers, customers or partners",
    "organisation": "work organisation, decisions or management of staff",
    "marketing": "promotion, packaging, pricing, placing or after-sales service",
}
_LADDER = {"region": 2.0, "country": 3.0, "europe": 4.0, "world": 5.0}
_BOTH_YEARS = "Missing if either year is missing or 0."
_NOVELTY_NEEDS = (("innovation.novelty",),)

_PRODUCT = Entry(
    "product", (("innovation.product",),), "Product innovation",
    "1 if any new or improved good or service was introduced.",
    (0, 1), ALL_MISSING, OSLO, kind="binary",
)  # fmt: skip
_PROCESS = Entry(
    "process", (("innovation.process",),), "Process innovation",
    "1 if any new or improved process was introduced.",
    (0, 1), ALL_MISSING, OSLO, kind="binary",
)  # fmt: skip
_PROCESS_OF = Entry(
    "process", (("innovation.process",),), "Process innovation",
    "1 if a new or improved process was introduced of {at}.",
    (0, 1), ANY_MISSING, OSLO, "type", kind="binary",
)  # fmt: skip
_PROCESS_TYPES = Entry(
    "process_types", (("innovation.process",),), "Types of process innovation",
    "Number of types of process in which a new or improved one was introduced.",
    "0 to the number of types asked", ALL_MISSING, OSLO,
)  # fmt: skip
_NOVELTY = Entry(
    "novelty", _NOVELTY_NEEDS, "Novelty of the newest product",
    "Highest newness of a product: 0 none, 1 new to the firm, 2 new in its area or market, 3 in "
    "the country, 4 in Europe, 5 in the world.",
    (0, 5), ALL_MISSING, OSLO,
)  # fmt: skip
_TO_MARKET = Entry(
    "new_to_market", _NOVELTY_NEEDS, "New-to-market product",
    "1 if the newest product was new to a market, not only to the firm: novelty 2 or more.",
    (0, 1), ALL_MISSING, OSLO, kind="binary",
)  # fmt: skip
_NEW_TO = Entry(
    "new_to", _NOVELTY_NEEDS, "New to",
    "1 if the newest product was new to {at}: novelty 2 for the region, 3 the country, 4 Europe, "
    "5 the world, or more.",
    (0, 1), "Missing if novelty is; for every firm where no firm in the data reached the place, "
    "for its question may not have offered it.", OSLO, "place", kind="binary",
)  # fmt: skip
_TURNOVER = Entry(
    "turnover", (("innovation.turnover_share",),), "Turnover share",
    "Per cent of turnover in the last year from products of {at}.",
    (0, 100), "Missing if the shares were left blank or not asked.", OSLO, "newness",
)  # fmt: skip
_TURNOVER_NEW = Entry(
    "turnover_new", (("innovation.turnover_share",),), "Turnover from new products",
    "Per cent of turnover in the last year from new or improved products, new to the market and "
    "new to the firm only together.",
    (0, 100), "Missing if either share is.", OSLO, codes=("new_to_firm", "new_to_market"),
)  # fmt: skip
_ONGOING = Entry(
    "ongoing", (("innovation.unfinished",),), "Ongoing innovation work",
    "1 if work on innovation was still going on at the end of the reference period.",
    (0, 1), ANY_MISSING, OSLO, kind="binary", codes=("ongoing",),
)  # fmt: skip
_ABANDONED = Entry(
    "abandoned", (("innovation.unfinished",),), "Abandoned innovation work",
    "1 if work on innovation was dropped or put off, or ended without a result that was used.",
    (0, 1), ALL_MISSING, OSLO, kind="binary", codes=("dropped", "no_result"),
)  # fmt: skip
_GROWTH = Entry(
    "employment_growth", (("control.employment_first",), ("control.employment",)),
    "Growth of employment (log)",
    "ln of persons employed in the last year less ln of those in the first year of the reference "
    "period.",
    "any number", _BOTH_YEARS,
)  # fmt: skip
_RATE = Entry(
    "employment_growth_rate", (("control.employment_first",), ("control.employment",)),
    "Growth of employment (rate)",
    "(e1 - e0) / ((e1 + e0) / 2) of persons employed in the first (e0) and last (e1) year.",
    (-2, 2), "Missing if either year is, and if both are 0.", DAVIS,
)  # fmt: skip
_SALES_GROWTH = Entry(
    "turnover_growth", (("control.turnover_first",), ("control.turnover",)),
    "Growth of turnover (log)",
    "ln of turnover in the last year less ln of that in the first year of the reference period, "
    "in current prices.",
    "any number", _BOTH_YEARS,
)  # fmt: skip
_PRODUCTIVITY = Entry(
    "ln_productivity", (("control.turnover",), ("control.employment",)), "Productivity (log)",
    "ln of turnover over persons employed, last year.",
    "any number", "Missing if turnover or persons are missing or 0.",
)  # fmt: skip
_PRODUCTIVITY_GROWTH = Entry(
    "productivity_growth",
    (
        ("control.turnover_first",), ("control.turnover",),
        ("control.employment_first",), ("control.employment",),
    ),
    "Growth of productivity (log)",
    "ln of turnover over persons employed in the last year less the same in the first, in "
    "current prices.",
    "any number", "Missing if turnover or persons of either year are missing or 0.",
)  # fmt: skip
ENTRIES = (
    _PRODUCT, _PROCESS, _PROCESS_OF, _PROCESS_TYPES, _NOVELTY, _TO_MARKET, _NEW_TO, _TURNOVER,
    _TURNOVER_NEW, _ONGOING, _ABANDONED, _GROWTH, _RATE, _SALES_GROWTH, _PRODUCTIVITY,
    _PRODUCTIVITY_GROWTH,
)  # fmt: skip


def outcomes(dataset: Dataset) -> Iterator[Measured]:
    """What came of innovation, and how the firm did, as far as constructs are bound."""
    if products := by_coordinate(dataset, "innovation.product"):
        yield _PRODUCT.measured(any_true(side_by_side(products.values())))
    yield from _processes(dataset)
    yield from _novelty(dataset)
    yield from _turnover(dataset)
    yield from _unfinished(dataset)
    yield from _growth(dataset)


def log_of_positive(values: Floats) -> Floats:
    """Natural log; missing for 0 and below."""
    return np.log(np.where(values > 0, values, np.nan))


def _processes(dataset: Dataset) -> Iterator[Measured]:
    types = by_coordinate(dataset, "innovation.process")
    if not types:
        return
    cells = side_by_side(types.values())
    yield _PROCESS.measured(any_true(cells))
    yield _PROCESS_TYPES.measured(
        count_true(cells), range=(0, len(types)), note=f"0 to {len(types)}."
    )
    for name, values in types.items():
        yield _PROCESS_OF.measured(values, at=name)


def _novelty(dataset: Dataset) -> Iterator[Measured]:
    kinds = by_coordinate(dataset, "innovation.novelty")
    if not kinds:
        return
    highest = np.fmax.reduce(list(kinds.values()))
    yield _NOVELTY.measured(highest)
    yield _TO_MARKET.measured(where_known(highest, highest >= NEW_TO_MARKET))
    for place, level in _LADDER.items():
        reached = where_known(highest, highest >= level)
        yield _NEW_TO.measured(
            reached if (reached == 1).any() else np.full(len(reached), np.nan), at=place
        )


def _turnover(dataset: Dataset) -> Iterator[Measured]:
    parts = by_coordinate(dataset, "innovation.turnover_share")
    for newness, values in parts.items():
        yield _TURNOVER.measured(values, at=newness)
    if {"new_to_market", "new_to_firm"} <= set(parts):
        yield _TURNOVER_NEW.measured(parts["new_to_market"] + parts["new_to_firm"])


def _unfinished(dataset: Dataset) -> Iterator[Measured]:
    for entry in (_ONGOING, _ABANDONED):
        if states := by_coordinate(dataset, "innovation.unfinished", entry.codes):
            yield entry.measured(any_true(side_by_side(states.values())))


def _growth(dataset: Dataset) -> Iterator[Measured]:
    persons, sales = column(dataset, "control.employment"), column(dataset, "control.turnover")
    persons_first = column(dataset, "control.employment_first")
    sales_first = column(dataset, "control.turnover_first")
    if persons is not None and persons_first is not None:
        yield _GROWTH.measured(log_of_positive(persons) - log_of_positive(persons_first))
        mean = (persons + persons_first) / 2
        change = persons - persons_first
        rate = np.divide(change, mean, out=np.full(len(mean), np.nan), where=mean > 0)
        yield _RATE.measured(rate)
    if sales is not None and sales_first is not None:
        yield _SALES_GROWTH.measured(log_of_positive(sales) - log_of_positive(sales_first))
    if sales is None or persons is None:
        return
    productivity = log_of_positive(sales) - log_of_positive(persons)
    yield _PRODUCTIVITY.measured(productivity)
    if sales_first is not None and persons_first is not None:
        first = log_of_positive(sales_first) - log_of_positive(persons_first)
        yield _PRODUCTIVITY_GROWTH.measured(productivity - first)
