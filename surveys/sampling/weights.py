"""What a draw implies for every unit drawn: its chance, and the firms it stands for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DesignWeight:
    inclusion_probability: float
    design_weight: float


def design_weight(*, population: int, drawn: int) -> DesignWeight:
    """Of one unit of a stratum: pi_h = n_h / N_h and its inverse.

    Raises ValueError if nothing was drawn, or more than there is.
    """
    if not 0 < drawn <= population:
        raise ValueError(f"{drawn} drawn from a stratum of {population}")
    return DesignWeight(drawn / population, population / drawn)
