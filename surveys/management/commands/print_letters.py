"""Make the letters of a step as one PDF."""

import json
from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from surveys.actions import mailing_batches, mailings
from surveys.actions.messages import NoPublicAddress
from surveys.actions.sending import NotOpen
from surveys.exports import letters
from surveys.management.wave_command import WaveCommand
from surveys.models import ContactStep, Mailing, Wave

_REFUSED = {
    NotOpen: "The field of the wave is not open: a code would open nothing.",
    mailings.NotALetter: "The step does not go by letter.",
    mailings.NobodyToWriteTo: (
        "Nobody would get a letter now: send_contacts --dry-run says why. Letters that were made "
        "before, such as by the clock on their day, are written with --made."
    ),
    NoPublicAddress: "PUBLIC_URL is not set: a QR code could lead nowhere.",
}


class Command(WaveCommand):
    help = (
        "Make the letters of a step for everyone it is for and who had none by it, and write "
        "them to FILE as one PDF with address, access code and QR code."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--step", type=int, required=True, help="the step by its key")
        parser.add_argument(
            "--made", action="store_true", help="write the letters that were made last"
        )
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")

    def carry_out(self, wave: Wave, **options: Any) -> None:
        step = ContactStep.objects.filter(wave=wave, pk=options["step"]).first()
        if step is None:
            raise CommandError(f"The wave has no step {options['step']}.")
        mailing = _last(step) if options["made"] else None
        output = _new_file(options["output"])
        mailing = mailing or _made(step)
        if mailing.file:
            with mailing.file.open("rb") as made:
                output.write_bytes(made.read())
        counts = mailing.attempts.filter(state="printed").count()
        told = {"wave": wave.slug, "step": step.pk, "asked": mailing.total, "printed": counts}
        told |= {"left_out": mailing.total - counts, "pages": mailing.pages}
        self.stdout.write(json.dumps(told, indent=2))


def _new_file(path: Path) -> Path:
    """A file that can be written, before any letter counts as made."""
    try:
        with path.open("xb"):
            pass
    except FileExistsError:
        raise CommandError(f"{path} is there already: name a new file.") from None
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
    return path


def _last(step: ContactStep) -> Mailing:
    """The newest letters of the step that are made and not deleted."""
    made = Mailing.objects.filter(step=step, state=Mailing.State.MADE).exclude(file="")
    found = made.order_by("-asked_at", "-pk").first()
    if found is None:
        raise CommandError("No letters of the step are ready to print.")
    return found


def _made(step: ContactStep) -> Mailing:
    try:
        mailing = mailings.ask(step=step, by=None, at=timezone.now())
        mailing_batches.make(
            mailing=mailing.pk,
            draw=partial(letters.draw, on=timezone.localdate()),
            join=letters.join,
            now=timezone.now,
        )
    except mailing_batches.CannotBeMade as refused:
        raise CommandError(str(refused)) from None
    except tuple(_REFUSED) as refused:
        raise CommandError(_REFUSED[type(refused)]) from None
    mailing.refresh_from_db()
    return mailing
