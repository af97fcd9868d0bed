"""Send the contacts of a wave that are due, or say who would be contacted."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from surveys.actions import contacts, sending
from surveys.actions.messages import NoPublicAddress
from surveys.management.wave_command import WaveCommand
from surveys.models import Wave
from surveys.queries.contacts import StepCounts, dry_run, due_on, steps_due, steps_of
from surveys.queries.instruments import languages_of


class Command(WaveCommand):
    help = (
        "Queue the steps of a wave whose day it is, or one step now, and send what waits. "
        "With --dry-run: who would be contacted by each step now, and who not and why."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="queue and send nothing")
        parser.add_argument("--step", type=int, help="one step by its key, whatever its day")
        parser.add_argument(
            "--offer", action="store_true", help="give a wave without steps the usual protocol"
        )
        parser.add_argument(
            "--seconds", type=float, default=50.0, help="send no longer than this (50)"
        )

    def carry_out(self, wave: Wave, **options: Any) -> None:
        if options["offer"]:
            _offer(wave)
        steps = _chosen(steps_of(wave), options["step"])
        if options["dry_run"]:
            told: dict[str, Any] = {"steps": [_told(each) for each in steps]}
        else:
            told = _sent(wave, steps, options)
        self.stdout.write(json.dumps({"wave": wave.slug} | told, indent=2, ensure_ascii=False))


def _offer(wave: Wave) -> None:
    languages = languages_of(wave.instrument) if wave.instrument else ("en",)
    contacts.offer_protocol(wave=wave, languages=languages, by=None, at=timezone.now())


def _chosen(steps: tuple[StepCounts, ...], key: int | None) -> tuple[StepCounts, ...]:
    chosen = tuple(each for each in steps if key in (None, each.step.pk))
    if key is not None and not chosen:
        known = ", ".join(str(each.step.pk) for each in steps) or "none"
        raise CommandError(f"The wave has no step {key}. Its steps: {known}.")
    return chosen


def _told(each: StepCounts) -> dict[str, Any]:
    run = dry_run(each.step)
    return {
        "step": each.step.pk,
        "kind": each.step.kind,
        "channel": each.step.channel,
        "on": due_on(each.step).isoformat(),
        "who": [recipient.pseudonym for recipient in run.who],
        "left_out": [
            {"case": recipient.pseudonym, "reason": reason} for recipient, reason in run.left_out
        ],
    }


def _sent(wave: Wave, steps: tuple[StepCounts, ...], options: dict[str, Any]) -> dict[str, Any]:
    at = timezone.now()
    if options["step"] is None:
        chosen = [step for step in steps_due(at) if step.wave_id == wave.pk]
    else:
        chosen = [each.step for each in steps]
    try:
        queued = sum(sending.queue(step=step, by=None, at=at) for step in chosen)
    except sending.NotOpen:
        raise CommandError(
            "The field of the wave is not open: a link would open nothing."
        ) from None
    except sending.OnlyByEmail:
        raise CommandError("The step does not go by e-mail: there is nothing to send.") from None
    except sending.NoMailServer:
        raise CommandError("EMAIL_URL is not set: there is no mail server.") from None
    except NoPublicAddress:
        raise CommandError("PUBLIC_URL is not set: a link could lead nowhere.") from None
    unknown = sending.settle_lost(at=at)
    told = sending.send_waiting(seconds=options["seconds"], wave=wave)
    return {
        "queued": queued,
        "sent": told.sent,
        "failed": told.failed,
        "unknown": told.unknown + unknown,
        "later": told.later,
        "skipped": told.skipped,
    }
