"""A frozen wave stays as it is: the one check that every writing action asks.

What firms do is refused before by the closed field. What the office does asks here: of a wave,
or of a case, which may be written to again once it has been reopened. Weights are made of a
frozen wave, and are versions of their own.
"""

from django.db.models import Q

from surveys.models import Case, Wave

FROZEN = (
    "The wave is frozen: nothing of it changes any more. A single case can be reopened on its "
    "page, with a reason that is kept."
)
# The close left no case waiting: one that waits was reopened since.
_REOPENED = (Case.Disposition.STARTED, Case.Disposition.NOT_STARTED)


class WaveFrozen(Exception):
    """The wave is frozen and nothing was written; `reason` says what can be done.

    `case` is the one that was to be written, where it was one.
    """

    def __init__(self, case: Case | None = None) -> None:
        super().__init__(FROZEN)
        self.reason = FROZEN
        self.case = case


def refuse_frozen(wave: Wave) -> None:
    """Raise WaveFrozen if the wave is frozen, as the database has it now.

    The wave stays locked until the transaction ends, so that it does not freeze meanwhile.
    Ask before a case is locked: closing takes both in that order.
    """
    held = Wave.objects.select_for_update(no_key=True).filter(pk=wave.pk)
    if held.values_list("frozen_at", flat=True).get() is not None:
        raise WaveFrozen


def refuse_frozen_case(case: Case) -> None:
    """Raise WaveFrozen if the case is one of a frozen wave and was not reopened.

    Takes no lock, as firms ask it, too, while the field is open.
    """
    if Case.objects.filter(settled_for_ever(), pk=case.pk).exists():
        raise WaveFrozen(case)


def settled_for_ever() -> Q:
    """Cases of frozen waves but those that were reopened."""
    return Q(wave__frozen_at__isnull=False) & ~Q(disposition__in=_REOPENED)
