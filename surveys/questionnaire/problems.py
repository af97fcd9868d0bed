"""Authoring errors: every code, and the errors of one file together."""

from dataclasses import dataclass, field

CATALOGUE: dict[str, str] = {
    "not_yaml": "The file is not YAML, or uses anchors, aliases, tags or one key twice.",
    "not_plain": "A character that cannot be printed, a number not finite, or too great a depth.",
    "too_large": "The file, or a list in it, is larger than it may be.",
    "wrong_shape": "A list, a mapping or a text stands where another is expected.",
    "missing_key": "A key that is needed is not there.",
    "unknown_key": "A key that the language does not know.",
    "unknown_kind": "A kind of item that the language does not know.",
    "bad_name": "A name that is not lower-case letters, digits and underscores.",
    "duplicate_name": "Two sections, pages, items, facets, edits or codes have one name.",
    "unknown_codes": "A list of codes that the file does not define.",
    "unknown_list": "A lookup in a code list that neither the file nor the platform has.",
    "too_few_codes": "A choice with fewer than two codes, or a battery without rows.",
    "bad_groups": "Groups of a battery that do not hold every row once.",
    "bad_number": "A bound, total or count that is no number, out of range or out of order.",
    "bad_date": "A bound that is no date of the precision of its item.",
    "bad_points": "Points of a scale outside it, or a scale without labels at its two ends.",
    "bad_total": "A total that an allocation takes from no earlier item with a number.",
    "bad_roster": "A roster whose entries have no name, or hold what an entry cannot.",
    "bad_translation": "A translation to a language that is not listed, or without its fills.",
    "unknown_language": "A language that the file has not.",
    "missing_module": "A module without one that it needs.",
    "bad_condition": "A condition that cannot be read.",
    "unknown_item": "A condition, fill or edit that names an item that is not there.",
    "unknown_code": "A condition that names a code that its item or facet does not have.",
    "reads_ahead": "A condition, expression or fill over an item that is asked later.",
    "type_mismatch": "A condition or fill that compares, orders, adds up or quotes what cannot be.",
    "unknown_construct": "A binding to a construct that the catalogue does not have.",
    "bad_binding": "A binding whose coordinates, facet or values do not fit the item.",
    "bound_twice": "Two items bound to one cell that cannot be combined.",
    "unknown_fill": "A fill that is not known, or one in the label of a code.",
    "bad_severity": "An edit that is neither hard nor soft.",
    "empty": "A file without sections, a section without pages, or a page without items.",
}


@dataclass(frozen=True, slots=True)
class About:
    """What a problem is about, for pages that say it in words of their own.

    `why` tells apart the faults of one code, `key` is the key at fault within the place, and
    `values` are what the message names.
    """

    why: str = ""
    key: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One authoring error: its code, where it is, what is wrong, and the way out."""

    code: str
    where: str
    message: str
    remedy: str
    about: About = field(default=About(), compare=False)

    def __str__(self) -> str:
        return f"{self.where}: {self.message} {self.remedy}"


class InstrumentErrors(ValueError):
    """All the problems of one file."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
