"""Make a draft wave of a survey."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from surveys.actions.addresses import AddressRefused
from surveys.actions.wave_plans import WavePlan, WavePlanRefused, make_wave
from surveys.management.periods import add_periods, given_periods, told
from surveys.management.survey_command import SurveyCommand
from surveys.models import Survey, Wave
from surveys.queries.waves import wave_named


class Command(SurveyCommand):
    help = "Make a draft wave, anew or from what an earlier one has."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--wave", default="", help="its name in addresses; else of the title")
        parser.add_argument("--like", help="the wave whose questionnaire and steps are taken over")
        add_periods(parser, required=True)

    def carry_out(self, survey: Survey, **options: Any) -> None:
        try:
            wave = make_wave(
                survey=survey,
                plan=WavePlan(**given_periods(options)),
                slug=options["wave"],
                like=_named(survey, options["like"]),
                by=None,
                at=timezone.now(),
            )
        except (AddressRefused, WavePlanRefused) as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(told(wave))


def _named(survey: Survey, slug: str | None) -> Wave | None:
    if slug is None:
        return None
    wave = wave_named(survey.slug, slug)
    if wave is None or wave.origin != Wave.Origin.COLLECTED:
        raise CommandError(f"There is no wave “{slug}” that was collected in “{survey.slug}”.")
    return wave
