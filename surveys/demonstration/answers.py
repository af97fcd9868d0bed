"""The answers of a made firm to the core instrument, page by page."""

import math
from typing import Any

from surveys.demonstration.firms import TURNOVER_PER_HEAD, Firm
from surveys.demonstration.innovation import innovation, research
from surveys.demonstration.population import SCALES

Answers = dict[str, Any]

_ACTIVITIES = {
    "high-tech goods": "high_tech_manufacturing",
    "other goods": "other_manufacturing",
    "knowledge services": "knowledge_services",
    "other services": "other_services",
}
_TOWNS = {
    "capital": ("Aldenborg", "Aldenborg", "Aldenborg North", "Sundmark"),
    "coast": ("Havnsund", "Skarvik", "Ytterholm", "Brimnes"),
    "inland": ("Furudal", "Kornmo", "Elvestad", "Steinlund"),
}
_BLANK = {
    "employment_first": 0.03,
    "employment_last": 0.015,
    "turnover_first": 0.06,
    "turnover_last": 0.04,
    "head_office": 0.02,
    "foreign_share": 0.02,
    "legal_form": 0.01,
    "staff_would_follow": 0.08,
    "export_share": 0.03,
    "novelty": 0.02,
    "turnover_newness": 0.06,
    "research_staff": 0.05,
    "research_spending": 0.10,
    "graduate_share": 0.03,
    "minutes_taken": 0.10,
}
"""Chance that a firm leaves an item blank, whatever its answer would have been."""

_SOURCES = {
    "inside": 1.6,
    "clients_private": 1.0,
    "clients_public": -0.6,
    "suppliers": 0.8,
    "competitors": 0.2,
    "consultants": -0.3,
    "universities": -0.8,
    "research_institutes": -1.2,
    "fairs": 0.3,
    "publications": 0.2,
    "associations": -0.3,
    "standards": -0.5,
}
_SOURCE_SCALES = (0.2, -0.2, 0.3, -0.7, -1.3)
_COMMENTS = (
    "We learn most from one demanding customer abroad.",
    "Hard to find people who have time to explain things.",
    "The nearest university is far from what we do.",
    "Suppliers bring the new methods with them.",
)


def answers_of(
    firm: Firm, *, first_year: int, last_year: int, known: Answers | None = None
) -> Answers:
    """Answers to every item that could be asked; the route decides which of them count.

    Answers that are `known` are taken instead of drawn ones. A little is left blank, at random,
    as `_BLANK` says.
    """
    answers = {
        **_about(firm, first_year, last_year),
        **_origin(firm),
        **_markets(firm),
        **_sources(firm),
        **_cooperation(firm),
        **innovation(firm),
        **(known or {}),
    }
    answers |= research(firm, turnover=answers["turnover_last"]["amount"])
    answers |= {
        "graduate_share": firm.graduate_share,
        "comment": firm.chance.choice(_COMMENTS) if firm.chance.random() < 0.05 else None,
        "minutes_taken": max(8, round(firm.around(28, 0.45))),
    }
    return {
        name: None if firm.chance.random() < _BLANK.get(name, 0) else answer
        for name, answer in answers.items()
    }


def _about(firm: Firm, first_year: int, last_year: int) -> Answers:
    age = min(180, max(1, round(firm.around(19, 0.75))))
    start_year = last_year + 1 - age
    growth = min(3.0, max(0.4, firm.around(1.04 + 0.06 * firm.product, 0.16)))
    per_head = min(2_000_000.0, max(20_000.0, firm.around(TURNOVER_PER_HEAD[firm.industry], 0.5)))
    existed = start_year <= first_year
    before = max(1, round(firm.employees / growth))
    return {
        "industry": _ACTIVITIES[firm.industry],
        "start_year": start_year,
        "municipality": firm.chance.choice(_TOWNS[firm.region]),
        "employment_first": before if existed else None,
        "employment_last": firm.employees,
        "turnover_first": money(per_head * before * 0.93) if existed else None,
        "turnover_last": money(per_head * firm.employees),
        "in_group": _yes(firm.in_group),
        "head_office": _head_office(firm),
        "foreign_share": firm.foreign_share,
        "legal_form": firm.chance.choices(
            ("limited", "public", "partnership", "sole", "cooperative", "other"),
            (70, 6 + 4 * firm.in_group, 8, 6, 7, 3),
        )[0],
        "owner_managed": _yes(firm.happens(1.5 - 2.2 * firm.in_group - 0.004 * firm.employees)),
    }


def money(euros: float) -> Answers:
    """An amount as a firm gives it: in thousands, unless it is small."""
    thousands = round(euros / 1000)
    if thousands < 500:
        return {"amount": round(euros / 100) * 100, "unit": "units"}
    return {"amount": thousands * 1000, "unit": "thousands"}


def _head_office(firm: Firm) -> str:
    if firm.foreign_share > 50:
        return firm.chance.choices(("europe", "global"), (70, 30))[0]
    return firm.chance.choices(("local", "region", "country"), (45, 20, 35))[0]


def _origin(firm: Firm) -> Answers:
    return {
        "spin_off": firm.chance.choices(
            ("no", "firm", "university", "institute"),
            (66, 27, 3 + 0.08 * firm.graduate_share, 1 + 0.04 * firm.graduate_share),
        )[0],
        "spin_off_scale": firm.chance.choices(SCALES, (62, 14, 16, 6, 2))[0],
        "spin_off_same": _yes(firm.happens(1.0)),
        "position": firm.chance.choices(("final", "stage", "chain"), (48, 38, 14))[0],
        "anchored": firm.chance.choices(("0", "1", "2", "3"), (16, 30, 34, 20))[0],
        "staff_would_follow": min(100, max(0, 5 * round(firm.chance.gauss(32, 22) / 5))),
    }


def _markets(firm: Firm) -> Answers:
    size = math.log(firm.employees) - 3
    levels = (2.0, 0.9, 0.6 + 0.3 * size, -0.9 + 0.4 * size, -1.8 + 0.4 * size)
    reach = 0.8 * (firm.industry in ("high-tech goods", "other goods")) + 0.3 * firm.distant
    markets = [
        scale
        for place, (scale, level) in enumerate(zip(SCALES, levels, strict=True))
        if firm.happens(level + (reach if place >= 2 else 0))
    ] or ["local"]
    return {
        "markets": markets,
        "largest_market": firm.chance.choices(markets, range(len(markets), 0, -1))[0],
        "export_share": min(100, max(1, round(firm.around(14 + 6 * len(markets[3:]), 0.8)))),
    }


def _sources(firm: Firm) -> Answers:
    """Importance of every source, and where the used ones were; all blank for one in 100."""
    if firm.chance.random() < 0.01:
        return {f"sources.{row}": None for row in _SOURCES}
    return {f"sources.{row}": _source(firm, level) for row, level in _SOURCES.items()}


def _source(firm: Firm, level: float) -> Answers:
    draw = level + 0.7 * firm.openness + firm.chance.gauss(0, 1.2)
    importance = sum(draw > threshold for threshold in (-0.4, 0.6, 1.7))
    if importance == 0:
        return {"importance": "0", "scale": None}
    scales = [
        scale
        for scale, log_odds in zip(SCALES, _SOURCE_SCALES, strict=True)
        if firm.happens(log_odds + 0.2 * firm.openness)
    ]
    return {"importance": str(importance), "scale": scales or ["country"]}


def _cooperation(firm: Firm) -> Answers:
    """Every partner with its scales, or “none”; rows are blank for one cooperating firm in 100."""
    kinds = [
        kind
        for kind, log_odds in (
            ("research", 1.5 if firm.research else -1.5),
            ("other_innovation", 0.8),
            ("other_business", 0.1),
        )
        if firm.happens(log_odds)
    ] or ["other_innovation"]
    blank = firm.chance.random() < 0.01
    rows = {
        f"cooperation.{partner}": None if blank else {"scale": list(scales) or ["none"]}
        for partner, scales in firm.partners
    }
    return {"cooperated": kinds if firm.cooperates else ["none"], **rows}


def _yes(value: bool) -> str:
    return "yes" if value else "no"
