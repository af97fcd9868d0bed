"""Final dispositions of a firm, with the codes of AAPOR.

The American Association for Public Opinion Research, *Standard Definitions: Final
Dispositions of Case Codes and Outcome Rates for Surveys*, 9th edition, 2016, web and mail
surveys of named units read for establishments. Which codes could be checked, and against
what, stands in docs/methods/response-rates.md.
"""

from dataclasses import dataclass
from typing import Literal

Group = Literal["I", "P", "R", "NC", "O", "UH", "UO", "NE"]

GROUP_NAMES: dict[Group, str] = {
    "I": "Complete",
    "P": "Partial",
    "R": "Refusal and break-off",
    "NC": "Non-contact",
    "O": "Other, eligible",
    "UH": "Unknown whether the firm exists or is eligible",
    "UO": "Unknown eligibility, other",
    "NE": "Not eligible",
}


@dataclass(frozen=True, slots=True)
class FinalDisposition:
    """What became of a case, for good.

    Attributes
    ----------
    name : the word in the data
    code : AAPOR's number; the firm's own kind of ineligibility has the number of its group
    group : the letter under which the case counts in the rates
    words : for people
    """

    name: str
    code: str
    group: Group
    words: str


FINAL: tuple[FinalDisposition, ...] = (
    FinalDisposition("complete", "1.1", "I", "Complete"),
    FinalDisposition("partial", "1.2", "P", "Partial with enough of the key items"),
    FinalDisposition("refusal", "2.111", "R", "Refused"),
    FinalDisposition("opened_only", "2.1121", "R", "Opened, nothing answered"),
    FinalDisposition("break_off", "2.12", "R", "Broke off with too little answered"),
    FinalDisposition("non_contact", "2.20", "NC", "No reply from a firm known to exist"),
    FinalDisposition("unavailable", "2.26", "NC", "Nobody available during the field period"),
    FinalDisposition("late", "2.27", "NC", "Answered after the field had closed"),
    FinalDisposition("promised", "2.30", "O", "Reached, did not refuse and did not answer"),
    FinalDisposition("unable", "2.32", "O", "Reached, unable to answer"),
    FinalDisposition("language", "2.33", "O", "Reached, no language in common"),
    FinalDisposition("not_sent", "3.11", "UH", "No invitation was sent"),
    FinalDisposition("nothing_returned", "3.19", "UH", "Nothing ever heard, existence unknown"),
    FinalDisposition("undelivered", "3.30", "UO", "Invitation came back undelivered"),
    FinalDisposition("wrong_contact", "3.90", "UO", "Contact does not belong to the firm"),
    FinalDisposition("out_of_scope", "4.10", "NE", "Outside the population"),
    FinalDisposition("duplicate", "4.81", "NE", "Listed twice on the frame"),
    FinalDisposition("closed", "4.90", "NE", "Out of business"),
    FinalDisposition("merged", "4.90", "NE", "Merged into another firm"),
    FinalDisposition("not_eligible", "4.90", "NE", "Not eligible for another reason"),
)

_BY_NAME = {each.name: each for each in FINAL}


def final(name: str) -> FinalDisposition:
    """The final disposition of that name. Raises KeyError for a word that is none."""
    return _BY_NAME[name]


_BY_CODE = {each.code: each for each in reversed(FINAL)}


def with_code(code: str) -> FinalDisposition | None:
    """The final disposition of that code; of those that share one, the first. None for none."""
    return _BY_CODE.get(code)
