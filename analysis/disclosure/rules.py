"""What a survey asks of its output before anyone else sees it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

from analysis.refusals import Refusal

Judged = Literal["expanded", "sample"]
Action = Literal["withheld", "review", "refused"]


@dataclass(frozen=True, slots=True)
class DisclosurePolicy:
    """The rules of one survey or wave; the data owner sets them.

    Attributes
    ----------
    least_firms : firms that a number must rest on at least, unweighted. Ten is what research
        data centres ask (ABS DataLab, acro); three is usual for official totals (Hundepool et
        al. 2012, table 4.1).
    p_percent : nobody may bound the largest contribution to a total more narrowly than this
        percentage of it, by what is published and an own contribution; None to leave it out
    dominance : pairs (n, k): the n largest firms must not contribute more than k per cent
    judged_on : ``expanded``, each contribution as often as its weight says; ``sample``, the
        firms that answered alone; both by default, as it may be known who answered
    zeros_are_safe : whether that no firm does something may be told
    least_beyond : firms on either side of a quantile
    least_difference : firms by which two published populations must differ, if they do
    least_residual_df : of a model
    most_fit : R squared beyond which a model is looked at by a person
    most_leverage : share of a single firm in one of a model's fitted values, for review
    second_person : whether someone else than the author must approve each output
    """

    least_firms: int = 10
    p_percent: float | None = 15.0
    dominance: tuple[tuple[int, float], ...] = ((2, 85.0),)
    judged_on: tuple[Judged, ...] = ("expanded", "sample")
    zeros_are_safe: bool = True
    least_beyond: int = 10
    least_difference: int = 10
    least_residual_df: int = 10
    most_fit: float = 0.98
    most_leverage: float = 0.5
    second_person: bool = False

    def __post_init__(self) -> None:
        for name in ("least_firms", "least_beyond", "least_difference", "least_residual_df"):
            if getattr(self, name) < 1:
                raise _unusable(name, getattr(self, name), "a whole number from 1")
        if self.least_firms < 3:
            raise _unusable("least_firms", self.least_firms, "3 or more")
        if self.p_percent is not None and not 0 < self.p_percent <= 100:
            raise _unusable("p_percent", self.p_percent, "a percentage above 0")
        _check_dominance(self)
        if not self.judged_on or not set(self.judged_on) <= {"expanded", "sample"}:
            raise _unusable("judged_on", self.judged_on, "expanded, sample, or both")

    def tightened(self, **changes: Any) -> "DisclosurePolicy":
        """The policy of a wave: that of its survey, made stricter. Raises: ``policy_loosened``."""
        tighter = replace(self, **changes)
        for name in changes:
            before, after = getattr(self, name), getattr(tighter, name)
            if _is_looser(name, before, after):
                raise Refusal(
                    "policy_loosened",
                    f"“{name}” of the survey is {before}; {after} would protect firms less.",
                    "Ask the owner of the data to change the rules of the survey.",
                )
        return tighter

    def to_document(self) -> dict[str, Any]:
        """Plain data for storing; `from_document` gives an equal policy back."""
        document = asdict(self)
        document["dominance"] = [list(pair) for pair in self.dominance]
        document["judged_on"] = list(self.judged_on)
        return document

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "DisclosurePolicy":
        """Raises: ``unknown_rule`` and those of the values."""
        if unknown := set(document) - {field.name for field in fields(cls)}:
            raise Refusal(
                "unknown_rule",
                f"There is no rule “{min(unknown)}”.",
                f"There are {', '.join(field.name for field in fields(cls))}.",
            )
        given = dict(document)
        if "dominance" in given:
            given["dominance"] = tuple((int(n), float(k)) for n, k in given["dominance"])
        if "judged_on" in given:
            given["judged_on"] = tuple(given["judged_on"])
        return cls(**given)

    def stricter(self, changes: Mapping[str, Any]) -> "DisclosurePolicy":
        """With those of the changes, as in a document, that protect firms more.

        So a wave's own rules hold on after the survey's have become stricter than they.
        """
        policy = self
        for name, value in changes.items():
            try:
                changed = DisclosurePolicy.from_document(policy.to_document() | {name: value})
            except Refusal:
                continue
            if not _is_looser(name, getattr(policy, name), getattr(changed, name)):
                policy = changed
        return policy


_STRICTER_IF_LOWER = ("most_fit", "most_leverage", "zeros_are_safe")


def _is_looser(name: str, before: Any, after: Any) -> bool:
    if name == "dominance":
        kept = (any(m >= n and j <= k for m, j in after) for n, k in before)
        return not all(kept)
    if name == "judged_on":
        return not set(before) <= set(after)
    if before is None or after is None:
        return before is not None
    return bool(after > before) if name in _STRICTER_IF_LOWER else bool(after < before)


def _unusable(name: str, value: Any, expected: str) -> Refusal:
    return Refusal(
        "policy_unusable", f"“{name}” is {value}; it must be {expected}.", "Correct the rule."
    )


def _check_dominance(policy: DisclosurePolicy) -> None:
    for n, k in policy.dominance:
        if n < 1 or not 0 < k < 100:
            raise _unusable("dominance", (n, k), "pairs of a count and a percentage below 100")
    if policy.p_percent is None and policy.dominance and max(n for n, _ in policy.dominance) < 2:
        raise Refusal(
            "policy_unusable",
            "A rule on the largest firm alone lets the second largest work out the first.",
            "Add a rule on the two largest firms, or a percentage p.",
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found.

    Attributes
    ----------
    where : table, row and column in words
    rule : stable name, such as ``few_firms``
    why : a sentence that names neither the number nor the rule's parameters
    action : ``withheld`` from what is shown, left for a ``review``, or ``refused``: a whole
        model, or all descriptions, taken out of what is shown
    """

    where: str
    rule: str
    why: str
    action: Action

    def document(self) -> dict[str, str]:
        return {"where": self.where, "rule": self.rule, "why": self.why, "action": self.action}


WHY = {
    "few_firms": "It rests on too few firms.",
    "few_in_category": "Too few firms gave this answer, or too few gave another.",
    "p_percent": "From the total the largest firm's own number could be told too closely.",
    "dominance": "One or two firms make up nearly all of the total.",
    "beyond_quantile": "Too few firms lie on one side of the quantile.",
    "complementary": "A withheld cell could be worked out with it.",
    "everyone_alike": "All firms of the group gave the same answer.",
    "few_df": "The model leaves too few degrees of freedom.",
    "saturated": "The model reproduces single cells of the data.",
    "few_in_level": "Too few firms have this level of a categorical variable.",
    "one_outcome": "Too few firms of this level have one of the outcomes.",
    "near_perfect_fit": "The model fits so well that answers could be predicted from it.",
    "leverage": "One firm all but determines an estimate.",
    "extremes": "A smallest or largest value is a firm's own number.",
    "single_firm": "The numbers are of single firms.",
    "names_of_firms": "It tells single firms apart by what they are called here.",
    "unknown_statistic": "No rule says what this statistic tells of a single firm.",
    "unknown_parts": "Whether one firm makes up most of a ratio is not known here.",
    "few_unanswered": "Few firms left the question out.",
    "difference": "With another published result it tells the numbers of few firms.",
    "meanwhile": "Another result went out while it was made, and was not held against it.",
}
