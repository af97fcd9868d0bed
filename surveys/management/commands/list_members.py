"""List the people of a survey with their roles and what these let them do."""

import json
from typing import Any

from surveys.management.survey_command import SurveyCommand
from surveys.models import Survey
from surveys.queries.people import members_of, rights_of


class Command(SurveyCommand):
    help = "List the people of a survey as JSON: user name, name, role, and what the role may do."

    def carry_out(self, survey: Survey, **_options: Any) -> None:
        members = [
            {
                "username": member.user.username,
                "name": member.user.get_full_name(),
                "is_active": member.user.is_active,
                "role": member.role,
                "may": rights_of(member.role),
            }
            for member in members_of(survey)
        ]
        told = {"survey": survey.slug, "members": members}
        self.stdout.write(json.dumps(told, ensure_ascii=False))
