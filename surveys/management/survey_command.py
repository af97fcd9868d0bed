"""What the commands about one survey share: naming it."""

from abc import ABC, abstractmethod
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from surveys.management.quick_command import QuickCommand
from surveys.models import Survey


class SurveyCommand(QuickCommand, ABC):
    """A command with --survey; `carry_out` gets the survey."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--survey", required=True, help="the survey's name in its address")

    def handle(self, *, survey: str, **options: Any) -> None:
        found = Survey.objects.filter(slug=survey).first()
        if found is None:
            raise CommandError(f"There is no survey “{survey}”.")
        self.carry_out(found, **options)

    @abstractmethod
    def carry_out(self, survey: Survey, **options: Any) -> None: ...
