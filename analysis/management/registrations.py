"""What commands about plans share: a wave and a version of a plan by their names."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from analysis import extracts
from analysis.models import PlanVersion


def add_wave(parser: ArgumentParser) -> None:
    parser.add_argument("--survey", required=True)
    parser.add_argument("--wave", required=True)


def wave_of(options: dict[str, Any]) -> extracts.Wave:
    """Raises: CommandError if there is none of these names."""
    try:
        return extracts.wave_named(options["survey"], options["wave"])
    except extracts.Wave.DoesNotExist as absent:
        raise CommandError(str(absent)) from None


def version_of(wave: extracts.Wave, plan: str, number: int | None) -> PlanVersion:
    """The version of that number, else the newest. Raises: CommandError if there is none."""
    versions = PlanVersion.objects.filter(plan__wave=wave, plan__slug=plan)
    if number is not None:
        versions = versions.filter(number=number)
    found = versions.order_by("-number").first()
    if found is None:
        told = "" if number is None else f" in version {number}"
        raise CommandError(f"The wave has no plan {plan!r}{told}.")
    return found


def user_named(name: str | None) -> extracts.User | None:
    """Raises: CommandError if nobody has that name."""
    if name is None:
        return None
    found = extracts.User.objects.filter(username=name).first()
    if found is None:
        raise CommandError(f"There is no user {name!r}.")
    return found
