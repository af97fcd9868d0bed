"""What the commands about one case share: naming it, and who acts."""

from argparse import ArgumentParser

from django.core.management.base import CommandError

from surveys.models import Case, User, Wave


def add_case_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--case", required=True, metavar="PSEUDONYM")
    parser.add_argument("--by", required=True, metavar="USERNAME", help="who did it")


def case_and_person(wave: Wave, pseudonym: str, username: str) -> tuple[Case, User]:
    """The case of the wave and the account. Raises CommandError."""
    case = Case.objects.select_related("wave__survey").filter(wave=wave, pseudonym=pseudonym)
    found = case.first()
    if found is None:
        raise CommandError(f"The wave has no case “{pseudonym}”.")
    person = User.objects.filter(username=username).first()
    if person is None:
        raise CommandError(f"There is no account “{username}”.")
    return found, person
