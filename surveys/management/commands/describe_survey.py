"""Change what a survey says of itself."""

import json
from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from surveys.actions.programmes import SurveyFacts, describe_survey
from surveys.management.facts import add_facts, given_facts
from surveys.management.survey_command import SurveyCommand
from surveys.models import Survey


class Command(SurveyCommand):
    help = "Change what firms read of a survey; what is not given stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        add_facts(parser)

    def carry_out(self, survey: Survey, **options: Any) -> None:
        former = {name: getattr(survey, name) for name in SurveyFacts.__slots__}
        facts = SurveyFacts(**(former | given_facts(options)))
        survey = describe_survey(survey=survey, facts=facts, by=None, at=timezone.now())
        told = {name: getattr(survey, name) for name in SurveyFacts.__slots__}
        self.stdout.write(json.dumps({"survey": survey.slug, **told}, ensure_ascii=False))
