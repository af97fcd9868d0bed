"""What a made firm tells a wave later: of what stays, what it told before."""

from surveys.demonstration.answers import Answers, answers_of, money
from surveys.demonstration.firms import Firm

_STAYING = (
    "start_year",
    "municipality",
    "legal_form",
    "owner_managed",
    "head_office",
    "spin_off",
    "spin_off_scale",
    "spin_off_same",
    "position",
)


def answers_a_wave_later(
    firm: Firm, *, before: Firm, told: Answers, first_year: int, last_year: int
) -> Answers:
    """Answers of the firm, which was `before` a wave earlier and then told this.

    The first year of the wave is the last one of the earlier wave: employment and turnover of
    that year are those that were told then. What was left blank then is drawn.
    """
    known: Answers = {name: told[name] for name in _STAYING if told[name] is not None}
    known["employment_first"] = before.employees
    if told["turnover_last"] is not None:
        euros = told["turnover_last"]["amount"] * firm.employees / before.employees
        known["turnover_first"] = told["turnover_last"]
        known["turnover_last"] = money(firm.around(1.03 * euros, 0.06))
    return answers_of(firm, first_year=first_year, last_year=last_year, known=known)
