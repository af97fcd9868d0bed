"""Give a person a role in a survey, change it, or take it away."""

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from surveys.actions.people import MemberRefused, add_member, change_role, remove_member
from surveys.management.survey_command import SurveyCommand
from surveys.models import Membership, Survey
from surveys.queries.people import member_named


class Command(SurveyCommand):
    help = "Give the account a role in the survey, change its role, or remove it from the survey."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--user", required=True, help="user name of an account")
        wanted = parser.add_mutually_exclusive_group(required=True)
        wanted.add_argument("--role", choices=Membership.Role.values)
        wanted.add_argument("--remove", action="store_true", help="end the membership")

    def carry_out(self, survey: Survey, **options: Any) -> None:
        username: str = options["user"]
        before = member_named(survey, username)
        try:
            role = _set(survey, username, before, options["role"], timezone.now())
        except MemberRefused as refused:
            raise CommandError(str(refused)) from None
        told = {
            "survey": survey.slug,
            "username": username,
            "before": before.role if before else None,
            "role": role,
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False))


def _set(
    survey: Survey, username: str, member: Membership | None, role: str | None, at: datetime
) -> str | None:
    """Bring the membership about; the role the person has then, None for no membership."""
    if role is None:
        if member is None:
            raise MemberRefused(f"“{username}” is not a member of the survey.")
        remove_member(member=member, by=None, at=at)
        return None
    if member is None:
        return add_member(survey=survey, username=username, role=role, by=None, at=at).role
    return change_role(member=member, role=role, by=None, at=at).role
