"""List the firms that were drawn, with the waves that drew each."""

from argparse import ArgumentParser
from typing import Any

from surveys.exports import delimited
from surveys.management.survey_command import SurveyCommand
from surveys.models import Survey
from surveys.queries import burden


class Command(SurveyCommand):
    help = "List the firms drawn in at least so many waves as CSV, those drawn most often first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--at-least", type=int, default=1, help="waves, 1 unless told")
        parser.add_argument("--wave", default="", help="only firms that this wave drew")

    def carry_out(self, survey: Survey, **options: Any) -> None:
        firms = burden.drawn_enterprises(survey, at_least=options["at_least"], wave=options["wave"])
        for piece in delimited.pieces(burden.COLUMNS, burden.burden_rows(firms)):
            self.stdout.write(piece.decode("utf-8-sig"), ending="")
