"""Make a survey and its first owner."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from surveys.actions.addresses import AddressRefused
from surveys.actions.programmes import SurveyFacts, make_survey
from surveys.management.facts import add_facts, given_facts
from surveys.management.quick_command import QuickCommand
from surveys.models import User


class Command(QuickCommand):
    help = "Make a survey, owned by an account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--survey", default="", help="its name in addresses; else of the title")
        parser.add_argument("--owner", required=True, help="user name of an account")
        add_facts(parser, title_required=True)

    def handle(self, *, survey: str, owner: str, **options: Any) -> None:
        user = User.objects.filter(username=owner, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no enabled account “{owner}”.")
        try:
            made = make_survey(
                facts=SurveyFacts(**given_facts(options)),
                slug=survey,
                owner=user,
                by=None,
                at=timezone.now(),
            )
        except AddressRefused as refused:
            raise CommandError(str(refused)) from None
        told = {"survey": made.slug, "title": made.title, "owner": owner}
        self.stdout.write(json.dumps(told, ensure_ascii=False))
