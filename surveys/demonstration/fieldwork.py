"""When made firms answer: days after a letter or a reminder, pages in office hours."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

MAILINGS = (0, 21, 42)
"""Days after the start of the field on which a letter or a reminder arrives."""

_MAILING_SHARES = (52, 30, 18)
_OPENS, _CLOSES = time(7), time(15)
_WEEKEND = 5


@dataclass(frozen=True, slots=True)
class Story:
    """What one case did: when it opened the questionnaire, and when it saved each page.

    `submitted` is None for a case that stopped after its last saved page.
    """

    admitted: datetime
    saves: tuple[tuple[str, datetime], ...]
    submitted: datetime | None

    @property
    def ended(self) -> datetime:
        """The last moment at which something happened."""
        return self.submitted or (self.saves[-1][1] if self.saves else self.admitted)


def tell(
    chance: random.Random,
    pages: Sequence[str],
    *,
    start: date,
    latest: datetime,
    submits: bool,
) -> Story:
    """The story of a case that saves these pages, between the start and the latest moment."""
    minutes = [chance.lognormvariate(-0.5, 0.6) for _ in pages]
    pause_at = chance.randrange(len(pages)) if pages and chance.random() < 0.15 else -1
    pause = timedelta(hours=chance.choice((1, 2, 20, 24, 44, 70)))
    length = timedelta(minutes=sum(minutes) + 2) + (pause if pause_at >= 0 else timedelta())
    admitted = _arrival(chance, start, latest - length)
    moment = admitted
    saves = []
    for place, (page, spent) in enumerate(zip(pages, minutes, strict=True)):
        moment += timedelta(minutes=spent) + (pause if place == pause_at else timedelta())
        saves.append((page, moment))
    return Story(admitted, tuple(saves), moment + timedelta(seconds=70) if submits else None)


def _arrival(chance: random.Random, start: date, latest: datetime) -> datetime:
    """A moment in office hours of a working day, some days after a mailing."""
    mailing = chance.choices(MAILINGS, _MAILING_SHARES)[0]
    day = start + timedelta(days=mailing + int(chance.expovariate(1 / 6)))
    while day.weekday() >= _WEEKEND:
        day += timedelta(days=1)
    opening = datetime.combine(day, _OPENS, tzinfo=UTC)
    hours = (datetime.combine(day, _CLOSES, tzinfo=UTC) - opening).total_seconds()
    arrival = opening + timedelta(seconds=chance.random() * hours)
    begin = datetime.combine(start, _OPENS, tzinfo=UTC)
    if arrival <= latest:
        return arrival
    return begin + (latest - begin) * chance.random() if latest > begin else latest
