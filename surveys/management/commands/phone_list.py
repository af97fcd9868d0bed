"""Print the phone list of a wave, put firms on it, and give them to callers."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from surveys.actions import call_assignments, calls
from surveys.actions.freezing import WaveFrozen
from surveys.exports import delimited
from surveys.management.wave_command import WaveCommand
from surveys.models import ContactStep, User, Wave
from surveys.queries.calls import STATES, Line, line_of, phone_list, progress

_COLUMNS = (
    "pseudonym", "firm", "person", "phone", "stratum", "state", "calls", "outcome", "called_at",
    "call_at", "assigned_to",
)  # fmt: skip


class Command(WaveCommand):
    help = (
        "The firms to be called, as JSON with the progress of each caller, or as CSV. First, if "
        "asked: put the firms of a step on the list, give firms to a caller, share them out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--format", choices=("json", "csv"), default="json")
        parser.add_argument("--state", choices=tuple(STATES), default="all")
        parser.add_argument("--caller", default="", help="firms given to this account only")
        parser.add_argument("--add", type=int, metavar="STEP", help="list the firms of a step")
        parser.add_argument("--assign", metavar="USERNAME", help="give --cases to an account")
        parser.add_argument("--cases", nargs="+", default=[], metavar="PSEUDONYM")
        parser.add_argument("--share-out", action="store_true", help="among the interviewers")

    def carry_out(self, wave: Wave, **options: Any) -> None:
        try:
            done = _done(wave, options)
        except WaveFrozen as frozen:
            raise CommandError(frozen.reason) from None
        now = timezone.now()
        found = phone_list(wave, now, state=options["state"], caller=options["caller"])
        lines = [line_of(listing) for listing in found]
        if options["format"] == "csv":
            content = delimited.render(_COLUMNS, [_row(line) for line in lines]).decode()
            self.stdout.write(content.replace("\r\n", "\n"), ending="")
            return
        told = done | {
            "firms": [dict(zip(_COLUMNS, _row(line), strict=True)) for line in lines],
            "callers": [asdict(each) for each in progress(wave, now)],
        }
        self.stdout.write(json.dumps({"wave": wave.slug} | told, indent=2, ensure_ascii=False))


def _done(wave: Wave, options: dict[str, Any]) -> dict[str, int]:
    """What was asked for before the list is printed, with how many firms each came to."""
    done = {}
    if options["add"] is not None:
        done["added"] = _added(wave, options["add"])
    if options["assign"] is not None:
        done["assigned"] = _assigned(wave, options["assign"], options["cases"])
    if options["share_out"]:
        done["shared_out"] = _shared_out(wave)
    return done


def _added(wave: Wave, key: int) -> int:
    step = ContactStep.objects.filter(wave=wave, pk=key).first()
    if step is None:
        raise CommandError(f"The wave has no step {key}. `send_contacts --dry-run` lists them.")
    try:
        return calls.list_firms(step=step, by=None, at=timezone.now())
    except calls.NotOpen:
        raise CommandError("The field of the wave is not open: nobody is called.") from None
    except calls.NotByPhone:
        raise CommandError("The step does not go by telephone.") from None


def _assigned(wave: Wave, username: str, pseudonyms: list[str]) -> int:
    if not pseudonyms:
        raise CommandError("Name the firms to be given: --cases PSEUDONYM ….")
    person = User.objects.filter(username=username).first()
    if person is None:
        raise CommandError(f"There is no account “{username}”.")
    try:
        return call_assignments.assign(
            wave=wave, pseudonyms=pseudonyms, to=person, by=None, at=timezone.now()
        )
    except call_assignments.NotACaller as refused:
        raise CommandError(refused.reason) from None


def _shared_out(wave: Wave) -> int:
    try:
        return call_assignments.share_out(wave=wave, by=None, at=timezone.now())
    except call_assignments.NotACaller:
        raise CommandError("The survey has no interviewer: `set_member` adds one.") from None


def _row(line: Line) -> tuple[str | int, ...]:
    called, again = (
        timezone.localtime(each).isoformat(timespec="minutes") if each else ""
        for each in (line.called_at, line.call_at)
    )
    return (
        line.pseudonym, line.firm, line.person, line.phone, line.stratum, line.state, line.calls,
        line.outcome, called, again, line.assigned_to,
    )  # fmt: skip
