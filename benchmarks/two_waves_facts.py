"""What the database and the mail server hold, beside what pages say."""

import csv
import math
from collections import Counter
from pathlib import Path
from typing import Any

from django.db.models import Count

from benchmarks.two_waves_firms import Firms
from surveys.models import Case, ContactAttempt, Enterprise, Response, Unit, Wave
from surveys.queries.instruments import compiled
from surveys.questionnaire.instrument import Instrument
from tests.mail_sink import MailSink

_RESPONDED = (Case.Disposition.COMPLETE, Case.Disposition.PARTIAL)


def wave_of(title: str) -> Wave:
    return Wave.objects.select_related("survey", "instrument", "frame").get(title=title)


def instrument_of(wave: Wave) -> Instrument:
    assert wave.instrument is not None
    return compiled(wave.instrument)


def frame_units(wave: Wave) -> int:
    return Unit.objects.filter(frame=wave.frame).count()


def complete(wave: Wave) -> int:
    return Case.objects.filter(wave=wave, disposition=Case.Disposition.COMPLETE).count()


def dispositions(wave: Wave) -> dict[str, int]:
    counted = Case.objects.filter(wave=wave).values_list("disposition").annotate(Count("pk"))
    return dict(counted.order_by("disposition"))


def without_final_code(wave: Wave) -> int:
    return Case.objects.filter(wave=wave, final_code="").count()


def base_weight(wave: Wave) -> float:
    """The sum of the design weights, which is the frame's number of firms."""
    return math.fsum(Case.objects.filter(wave=wave).values_list("design_weight", flat=True))


def waiting(wave: Wave, kind: str) -> int:
    return _attempts(wave, kind).filter(state=ContactAttempt.State.QUEUED).count()


def queued(wave: Wave, kind: str) -> int:
    return _attempts(wave, kind).count()


def mail(wave: Wave, sink: MailSink) -> dict[str, int]:
    """Attempts of the wave held against what the mail server took.

    `twice` counts firms that got any step twice, `lost` messages that are called sent and
    never came, `unknown` those under way when the worker died: none of them may be sent again.
    """
    with sink._lock:
        taken = Counter(message["Message-ID"] for _, message in sink.taken)
    attempts = ContactAttempt.objects.filter(case__wave=wave, step__isnull=False)
    rows = list(attempts.values_list("case_id", "step_id", "state", "outcome", "message_id"))
    by_firm: Counter[tuple[int, int]] = Counter()
    for case, step, _, _, message_id in rows:
        by_firm[case, step] += taken[message_id] if message_id else 0
    under_way = (ContactAttempt.State.SENDING, ContactAttempt.State.QUEUED)
    return {
        "attempts": len(rows),
        "taken": sum(by_firm.values()),
        "sent": sum(state == ContactAttempt.State.SENT for _, _, state, _, _ in rows),
        "refused": sum(outcome == "refused" for _, _, _, outcome, _ in rows),
        "unknown": sum(
            outcome == "unknown" or state in under_way for _, _, state, outcome, _ in rows
        ),
        "twice": sum(number > 1 for number in by_firm.values()),
        "lost": sum(
            state == ContactAttempt.State.SENT and not taken[key] for _, _, state, _, key in rows
        ),
    }


def differing(wave: Wave, firms: Firms, number: int) -> int:
    """Handed-in responses whose stored answers are not those that the firm typed."""
    instrument = instrument_of(wave)
    return sum(
        _told(answers) != _told(firms.given(int(register[1:]), number, instrument))
        for register, answers in Response.objects.filter(
            case__wave=wave, submitted_at__isnull=False
        ).values_list("case__unit__register_id", "answers")
    )


def retention(first: Wave, second: Wave) -> tuple[int, int, int]:
    """Firms that answered in the first wave; of them, asked and answering in the second."""
    answered = _firms(first, disposition__in=_RESPONDED)
    again = _firms(second, disposition__in=_RESPONDED)
    return len(answered), len(answered & _firms(second)), len(answered & again)


def weighted_in_both(first: Wave, second: Wave) -> int:
    """Firms that handed in in both waves: those that the published weights count."""
    complete = Case.Disposition.COMPLETE
    return len(_firms(first, disposition=complete) & _firms(second, disposition=complete))


def overlap(first: Wave, second: Wave) -> int:
    return len(_firms(first) & _firms(second))


def random_numbers_changed() -> int:
    """Enterprises whose permanent random number differs between the two lists."""
    of_firms = Unit.objects.values("register_id").annotate(
        numbers=Count("permanent_random_number", distinct=True)
    )
    return of_firms.filter(numbers__gt=1).count()


def enterprises() -> int:
    return Enterprise.objects.count()


def sum_of_column(path: Path, name: str) -> float:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return math.fsum(float(row[name] or 0) for row in csv.DictReader(file))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _attempts(wave: Wave, kind: str) -> Any:
    return ContactAttempt.objects.filter(case__wave=wave, step__kind=kind)


def _firms(wave: Wave, **which: Any) -> set[str]:
    found = Case.objects.filter(wave=wave, **which)
    return set(found.values_list("unit__register_id", flat=True))


def _told(answers: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answers.items() if value is not None}
