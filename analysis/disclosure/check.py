"""The outcome of a check, and its release by a second person.

What a check withholds or refuses has been taken out of the output before anybody sees it, so
that a person decides on what is left.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal

from analysis.disclosure.rules import DisclosurePolicy, Finding
from analysis.refusals import Refusal

Decision = Literal["waiting", "approved", "rejected"]


@dataclass(frozen=True, slots=True)
class Check:
    """What was found in one output, and whether it may go out.

    Attributes
    ----------
    findings : in the order of the output
    policy : the rules it was checked by
    author : who made the output
    decision : ``waiting`` until somebody decides, if anybody has to
    decided_by, reason : of the decision
    """

    findings: tuple[Finding, ...]
    policy: DisclosurePolicy
    author: str
    decision: Decision = "waiting"
    decided_by: str = ""
    reason: str = ""

    @property
    def needs_second_person(self) -> bool:
        return self.policy.second_person or any(
            finding.action == "review" for finding in self.findings
        )

    @property
    def may_go_out(self) -> bool:
        """Whether what is left may be shown: what was withheld or refused is no part of it."""
        if self.decision == "rejected":
            return False
        return self.decision == "approved" or not self.needs_second_person

    def decided(self, decision: Decision, *, by: str, reason: str = "") -> "Check":
        """The check with somebody's decision on it.

        Raises: Refusal ``own_output``, ``no_reason``.
        """
        if by == self.author:
            raise Refusal(
                "own_output",
                "Who made an output cannot decide on it.",
                "Ask another person with the right to release.",
            )
        if not reason.strip() and (decision == "rejected" or self._has_review()):
            raise Refusal("no_reason", "The decision has no reason.", "Write why.")
        return replace(self, decision=decision, decided_by=by, reason=reason.strip())

    def _has_review(self) -> bool:
        return any(finding.action == "review" for finding in self.findings)

    def document(self) -> dict[str, Any]:
        """Plain data for the page of output checks."""
        return {
            "findings": [finding.document() for finding in self.findings],
            "policy": self.policy.to_document(),
            "author": self.author,
            "needs_second_person": self.needs_second_person,
            "may_go_out": self.may_go_out,
            "decision": self.decision,
            "decided_by": self.decided_by,
            "reason": self.reason,
        }
