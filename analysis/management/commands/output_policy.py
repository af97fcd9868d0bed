"""Show or set the rules by which a survey withholds results that tell of single firms."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from analysis import actions, extracts
from analysis.disclosure.in_words import RULE_NAMES, rules_in_words
from analysis.models import OutputPolicy
from analysis.refusals import Refusal


class Command(BaseCommand):
    """The page “Rules for output” of the survey."""

    help = "Show the rules for output of a survey or a wave, or change some with --set."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("survey", help="the survey's name in its address")
        parser.add_argument("--wave", help="the rules of this wave, which may be stricter")
        parser.add_argument(
            "--set", action="append", default=[], metavar="RULE=VALUE", dest="changes",
            help="least_firms=10, p_percent=none, dominance=2:85, second_person=yes, ...",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        survey, wave = _asked(options)
        changes = dict(_change(text) for text in options["changes"])
        if changes:
            try:
                rules = {name: actions.read_rule(name, text) for name, text in changes.items()}
                actions.set_output_policy(
                    survey=survey, wave=wave, rules=rules, by=None, at=timezone.now()
                )
            except Refusal as refusal:
                raise CommandError(str(refusal)) from None
        policy = actions.policy_of_survey(survey) if wave is None else actions.policy_of(wave)
        if options["json"]:
            document = {
                "survey": survey.slug,
                "wave": None if wave is None else wave.slug,
                "rules": policy.to_document(),
                "changes": [_told(each) for each in _changes(survey, wave)],
            }
            self.stdout.write(json.dumps(document, indent=2, ensure_ascii=False))
            return
        for rule in rules_in_words(policy):
            self.stdout.write(f"{rule.name:18} {rule.value:18} {rule.about}")


def _asked(options: dict[str, Any]) -> tuple[extracts.Survey, extracts.Wave | None]:
    try:
        survey = extracts.survey_named(options["survey"])
        if options["wave"] is None:
            return survey, None
        return survey, extracts.wave_named(options["survey"], options["wave"])
    except extracts.Survey.DoesNotExist:
        raise CommandError(f"There is no survey {options['survey']!r}.") from None
    except extracts.Wave.DoesNotExist as absent:
        raise CommandError(str(absent)) from None


def _change(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or name not in RULE_NAMES:
        raise CommandError(
            f"'{text}' is no rule with a value. The rules are {', '.join(RULE_NAMES)}."
        )
    return name, value


def _changes(survey: extracts.Survey, wave: extracts.Wave | None) -> Any:
    return OutputPolicy.objects.filter(survey=survey, wave=wave).select_related("set_by")


def _told(change: OutputPolicy) -> dict[str, Any]:
    return {
        "at": change.set_at.isoformat(),
        "by": None if change.set_by is None else change.set_by.get_username(),
        "from": change.before,
        "to": change.rules,
    }
