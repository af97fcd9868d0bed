"""Refusals of this room: what cannot be planned or drawn, why, and what would do."""


class SamplingRefused(Exception):
    """Strata, an allocation or a draw that cannot be had. The text says why and what would do."""


class AllocationRefused(SamplingRefused):
    """A sample that the strata cannot give."""


class PrecisionRefused(AllocationRefused):
    """Precision targets that no sample meets, or none of the size that is allowed.

    Attributes
    ----------
    possible : dict
        By variable and domain, the coefficient of variation that can be had.
    needed : int or None
        Firms that the targets would need; None where even all firms are too few.
    """

    def __init__(
        self,
        text: str,
        *,
        possible: dict[tuple[str, str], float],
        needed: int | None = None,
    ) -> None:
        super().__init__(text)
        self.possible = possible
        self.needed = needed
