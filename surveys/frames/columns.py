"""What a frame may tell of a firm: the fields to which columns are mapped."""

from dataclasses import dataclass
from typing import Any, NamedTuple


class FrameRow(NamedTuple):
    """One firm of the file, checked. The order of the fields is that of `FIELDS`."""

    register_id: str
    name: str
    nace: str
    industry: str
    region: str
    size_class: str
    employees: int | None
    size_measure: float | None
    group_id: str
    contact_name: str
    email: str
    phone: str
    address: str
    language: str
    attributes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a frame: what it is called, what it holds and how long it may be."""

    name: str
    label: str
    hint: str
    longest: int
    is_needed: bool = False


FIELDS = (
    Field("register_id", "Register identifier", "The same firm in every version", 40, True),
    Field("name", "Name", "As it stands in letters", 200, True),
    Field("nace", "NACE code", "Such as 10.51 or C10.5", 10),
    Field("industry", "Industry", "For strata; made from NACE if left out", 20),
    Field("region", "Region", "NUTS or national", 40),
    Field("size_class", "Size class", "Such as 10-49; made from employees if left out", 20),
    Field("employees", "Employees", "A whole number", 20),
    Field("size_measure", "Measure of size", "Such as turnover, for drawing by size", 40),
    Field("group_id", "Enterprise group", "Identifier of the group", 40),
    Field("contact_name", "Contact person", "", 120),
    Field("email", "E-mail", "", 254),
    Field("phone", "Telephone", "", 40),
    Field("address", "Address", "", 1_000),
    Field("language", "Language", "Of letters: en, nb, de or it", 10),
)
FIELD_NAMES = tuple(field.name for field in FIELDS)
LONGEST = {field.name: field.longest for field in FIELDS}

SIZE_BOUNDS = ((10, "0-9"), (50, "10-49"), (250, "50-249"))
"""Upper bounds of the size classes of the Community Innovation Survey, and below them."""

_LARGEST_CLASS = "250+"


def size_class_of(employees: int) -> str:
    """The size class of the Community Innovation Survey for that many employees."""
    return next((label for bound, label in SIZE_BOUNDS if employees < bound), _LARGEST_CLASS)
