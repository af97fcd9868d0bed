"""How long a firm may fetch a copy of its answers."""

from datetime import date

from surveys.models import Case


def copies_until(case: Case) -> date:
    """The last day: that of corrections, or else the last of the field period."""
    until: date = case.wave.corrections_until or case.wave.field_end
    return until


def may_copy(case: Case, today: date) -> bool:
    return today <= copies_until(case)
