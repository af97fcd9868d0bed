"""Warnings about an instrument that compiles: what will hurt in the field or in the data."""

from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.linting.names import names_and_labels, unused_lists
from surveys.questionnaire.linting.questions import pages_and_batteries, questions
from surveys.questionnaire.linting.reach import unreachable
from surveys.questionnaire.linting.translations import translations
from surveys.questionnaire.problems import Problem

WARNINGS: dict[str, str] = {
    "long_name": "The name of a variable has more than 32 characters, the most that Stata takes.",
    "long_label": "The label of a variable has more than 80 characters, the most that Stata keeps.",
    "unreachable": "No answers can bring a firm to the page or item.",
    "unused_codes": "A list of codes that no item uses.",
    "missing_translations": "Texts without a translation.",
    "outdated_translations": "Translations of texts that have changed since.",
    "leftover_translations": "Translations of texts that are no longer there.",
    "double_barrelled": "A required item whose label joins two questions.",
    "long_battery": "A battery of more than 8 rows that does not ask first which rows apply.",
    "mandatory_opinion": "An opinion that a firm cannot leave blank.",
    "required_hard": "An item that a firm cannot leave blank.",
    "crowded_page": "A page of more than 7 items.",
    "edit_without_value": "An edit whose message does not quote what the firm answered.",
    "no_period": "A number or an amount without a reference period.",
}


def lint(instrument: Instrument) -> tuple[Problem, ...]:
    """All warnings, in the order of the catalogue, and within one in that of the file."""
    found = [
        *names_and_labels(instrument),
        *unreachable(instrument),
        *unused_lists(instrument),
        *translations(instrument),
        *questions(instrument),
        *pages_and_batteries(instrument),
    ]
    order = list(WARNINGS)
    return tuple(sorted(found, key=lambda problem: order.index(problem.code)))
