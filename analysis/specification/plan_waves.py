"""What a plan says under ``waves``: which waves of its survey are stacked into one data set."""

from collections.abc import Sequence
from typing import Any

from analysis.specification.model import ALL_WAVES, Curve, ImputationChoice, Specification
from analysis.specification.problems import Ledger, shown

MOST_WAVES = 40
WHERE = "waves"
_WRITE = "Write  all,  or slugs from the earliest to the latest, such as  [2021, 2023]."


def read_waves(value: Any, ledger: Ledger) -> tuple[str, ...]:
    """Slugs in the order given; ALL_WAVES; nothing if the plan is of one wave."""
    if value is None:
        return ()
    if value == "all":
        return ALL_WAVES
    if not isinstance(value, list) or not all(_is_slug(each) for each in value):
        ledger.note(WHERE, "wrong_shape", f"waves is {shown(value)}.", _WRITE)
        return ()
    slugs = tuple(str(each) for each in value)
    if not 2 <= len(slugs) <= MOST_WAVES:
        ledger.note(
            WHERE,
            "number_of_waves",
            f"The plan names {len(slugs)} wave{'s' * (len(slugs) != 1)}; firms are followed over "
            f"2 to {MOST_WAVES}.",
            _WRITE if slugs else f"{_WRITE} Leave the key out for one wave.",
        )
        return ()
    twice = sorted({slug for slug in slugs if slugs.count(slug) > 1})
    if twice:
        ledger.note(
            WHERE, "wave_twice", f"The wave {twice[0]} stands twice.", "Name each wave once."
        )
    return slugs


def _is_slug(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def note_not_over_waves(
    waves: Sequence[str],
    specifications: Sequence[Specification],
    imputation: ImputationChoice | None,
    curve: Curve | None,
    ledger: Ledger,
) -> None:
    """Note what takes the rows for firms, where they are firms in waves; and the reverse."""
    if not waves:
        _note_longitudinal(specifications, curve, ledger)
        return
    if imputation is not None:
        ledger.note(
            "imputation",
            "imputation_of_waves",
            "Answers are imputed from other answers of the same wave, not over waves: what a wave "
            "did not ask would be made up.",
            "Impute in a plan of one wave, or leave firms with missing answers out.",
        )
    shuffled = [f"model {each.name}" for each in specifications if each.permutation is not None]
    if curve is not None and curve.permutations:
        shuffled.append("curve")
    for where in shuffled:
        ledger.note(
            where,
            "permutation_over_waves",
            "A permutation lets rows change places as if each were a firm; here a firm has a row "
            "in each wave.",
            "Leave the permutation out, or bootstrap: it draws firms with all their waves.",
        )


def _note_longitudinal(
    specifications: Sequence[Specification], curve: Curve | None, ledger: Ledger
) -> None:
    asked = [f"model {each.name}" for each in specifications if each.design.longitudinal]
    if curve is not None and curve.design.longitudinal:
        asked.append("curve")
    for where in asked:
        ledger.note(
            f"{where} > design",
            "longitudinal_of_one_wave",
            "Longitudinal weights are of firms followed over waves, and this plan is of one wave.",
            "Say which waves the plan is of, such as  waves: all,  or write  weights: design.",
        )
