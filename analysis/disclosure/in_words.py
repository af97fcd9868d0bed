"""The rules in plain words with their numbers, for who analyses and who decides.

Findings name no number, for they may be handed on; pages for people of the survey do.
"""

from dataclasses import dataclass

from analysis.disclosure.rules import WHY, DisclosurePolicy, Finding
from analysis.refusals import Refusal

ACTIONS = {
    "refused": "Taken out whole",
    "withheld": "Withheld",
    "review": "For a person to look at",
}


@dataclass(frozen=True, slots=True)
class RuleInWords:
    """One rule: its name in documents, what it is called, its value and what it asks."""

    name: str
    title: str
    value: str
    about: str


def rules_in_words(policy: DisclosurePolicy) -> tuple[RuleInWords, ...]:
    """Every rule of the policy in the order of a reader's questions."""
    return tuple(
        RuleInWords(name, title, value_of(policy, name), about) for name, title, about in _RULES
    )


def value_of(policy: DisclosurePolicy, name: str) -> str:
    """A rule's value as a person types it."""
    value = getattr(policy, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "dominance":
        return ", ".join(f"{n}:{k:g}" for n, k in value)
    if name == "judged_on":
        return ", ".join(value)
    return "none" if value is None else f"{value:g}"


def why(finding: Finding, policy: DisclosurePolicy) -> str:
    """The finding's sentence with the number of the rule behind it."""
    known = WHY.get(finding.rule, finding.why)
    number = _numbers(policy).get(finding.rule, "")
    return f"{known} {number}".strip()


def refusal_in_words(refusal: Refusal) -> str:
    return f"{refusal.message} {refusal.remedy}".strip()


def _numbers(policy: DisclosurePolicy) -> dict[str, str]:
    least = f"At least {policy.least_firms} firms are needed."
    pairs = " or ".join(f"{n} firms more than {k:g} %" for n, k in policy.dominance)
    return {
        "few_firms": least,
        "few_in_category": least,
        "few_in_level": least,
        "one_outcome": least,
        "saturated": f"Cells of fewer than {policy.least_firms} firms must not be told.",
        "p_percent": f"It must stay uncertain by {policy.p_percent or 0:g} % of that number.",
        "dominance": f"No {pairs} of a total.",
        "beyond_quantile": f"On either side at least {policy.least_beyond} firms are needed.",
        "few_df": f"At least {policy.least_residual_df} must be left.",
        "near_perfect_fit": f"R² is above {policy.most_fit:g}.",
        "leverage": f"Its leverage is above {policy.most_leverage:g}.",
        "difference": f"Two results must differ by {policy.least_difference} firms at least.",
    }


_RULES = (
    (
        "least_firms",
        "Firms behind a number",
        "How many firms a number must rest on at least, unweighted; 3 or more.",
    ),
    (
        "p_percent",
        "Percentage p",
        "Nobody may work out the largest firm’s number more closely than this percentage of it. "
        "Type none to leave the rule out.",
    ),
    (
        "dominance",
        "Dominance",
        "Pairs such as 2:85: the two largest firms must not make up more than 85 % of a total.",
    ),
    (
        "judged_on",
        "Judged on",
        "expanded: each firm as often as its weight says; sample: those that answered; or both.",
    ),
    ("zeros_are_safe", "Nought may be told", "Whether it may be told that no firm does something."),
    (
        "least_beyond",
        "Firms beyond a quantile",
        "How many firms must lie on either side of a quantile.",
    ),
    (
        "least_difference",
        "Firms between two results",
        "By how many firms two results on the same must differ, if they differ.",
    ),
    (
        "least_residual_df",
        "Degrees of freedom",
        "How many firms a model must have more than it has terms.",
    ),
    ("most_fit", "Fit for review", "R² beyond which a person looks at a model, between 0 and 1."),
    (
        "most_leverage",
        "Leverage for review",
        "Share of one firm in its own fitted value beyond which a person looks, between 0 and 1.",
    ),
    (
        "second_person",
        "Second person",
        "Whether every result must be approved by somebody else than who made it.",
    ),
)
RULE_NAMES = tuple(name for name, _, _ in _RULES)
RULE_TITLES = {name: title for name, title, _ in _RULES}
