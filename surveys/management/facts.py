"""What the commands share that make and describe a survey: its facts as options."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email

from surveys.actions.programmes import SurveyFacts
from surveys.models import Survey


def add_facts(parser: ArgumentParser, *, title_required: bool = False) -> None:
    parser.add_argument("--title", required=title_required, help="firms see it on every page")
    parser.add_argument("--institute", help="who asks")
    parser.add_argument("--contact-name", help="whom firms can ask")
    parser.add_argument("--contact-phone")
    parser.add_argument("--contact-email")
    parser.add_argument("--confidentiality", help="what firms are promised")


def given_facts(options: Mapping[str, Any]) -> dict[str, str]:
    """The facts that were given. Raises CommandError for one that cannot be."""
    given = {name: options[name] for name in SurveyFacts.__slots__ if options[name] is not None}
    if "title" in given and not given["title"].strip():
        raise CommandError("Give the survey a title.")
    for name, value in given.items():
        longest = Survey._meta.get_field(name).max_length
        if longest is not None and len(value) > longest:
            raise CommandError(f"--{name.replace('_', '-')} has more than {longest} characters.")
    if email := given.get("contact_email"):
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError("--contact-email is not an e-mail address.") from None
    return given
