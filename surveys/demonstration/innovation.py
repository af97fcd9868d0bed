"""What a made firm tells of its innovations and its research."""

from typing import Any

from surveys.demonstration.firms import Firm

_GOODS = ("high-tech goods", "other goods")
_PROCESSES = (
    "production",
    "logistics",
    "information",
    "administration",
    "external",
    "organisation",
    "marketing",
)


def innovation(firm: Firm) -> dict[str, Any]:
    """Products, how new they are, what they sell, and processes."""
    makes_goods = firm.industry in _GOODS
    good = firm.happens(1.8 if makes_goods else -0.8)
    service = firm.happens(-0.6 if makes_goods else 1.6)
    if not (good or service):
        good, service = makes_goods, not makes_goods
    return {
        "new_good": "yes" if firm.product and good else "no",
        "new_service": "yes" if firm.product and service else "no",
        "novelty": _novelty(firm),
        "developer": firm.chance.choices(
            ("alone", "with_others", "adapted", "others"),
            (50, 45 if firm.cooperates else 8, 22, 8),
        )[0],
        "turnover_newness": _turnover_newness(firm),
        "process": _processes(firm),
    }


def _novelty(firm: Firm) -> str:
    """1 (new to the firm) to 5 (new in the world): wider with distant partners and research."""
    draw = 0.25 * firm.distant + 0.6 * firm.research + firm.chance.gauss(0, 1.1)
    return str(1 + sum(draw > threshold for threshold in (-0.1, 0.8, 1.9, 2.8)))


def _turnover_newness(firm: Firm) -> dict[str, int]:
    market = min(60, round(firm.around(6 + 3 * firm.research, 0.8)))
    own = min(100 - market, round(firm.around(11, 0.8)))
    return {"new_to_market": market, "new_to_firm": own, "unchanged": 100 - market - own}


def _processes(firm: Firm) -> list[str]:
    if not firm.process:
        return ["none"]
    kinds = [kind for kind in _PROCESSES if firm.happens(-0.5)]
    return kinds or [firm.chance.choice(_PROCESSES)]


def research(firm: Firm, *, turnover: int) -> dict[str, Any]:
    """R&D: never more staff than the firm has, and spending well below the turnover."""
    share = firm.around(0.03 if firm.research == 1 else 0.09, 0.6)
    staff = round(min(0.8 * firm.employees, max(0.2, share * firm.employees)), 1)
    spending = min(0.5 * turnover, staff * firm.around(85_000, 0.3))
    bought = [
        place
        for place, log_odds in (("country", -1.6), ("abroad", -2.6))
        if firm.happens(log_odds + 0.9 * firm.research)
    ]
    return {
        "research_inside": ("never", "occasional", "continuous")[firm.research],
        "research_bought": bought or ["none"],
        "research_staff": staff,
        "research_spending": {"amount": round(spending / 1000) * 1000, "unit": "thousands"},
    }
