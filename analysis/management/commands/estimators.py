"""List what plans may estimate, for programs and for people."""

import json
from typing import Any, get_args

from django.core.management.base import BaseCommand, CommandParser

from analysis.estimation.estimates import Covariance
from analysis.estimation.estimator import SHARED_ROLES, Estimator
from analysis.estimation.parts import Role
from analysis.estimation.registry import ESTIMATORS

COLUMNS = ("estimator", "needs", "reads", "covariances")


class Command(BaseCommand):
    """Prints the registry: what each estimator is of, what it reads, its standard errors."""

    help = "List the estimators of plans with their roles and covariances."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=("json", "table"), default="json")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(_table() if options["format"] == "table" else _json())


def _json() -> str:
    document = {
        "estimators": [_estimator(each) for each in ESTIMATORS.values()],
        "roles_of_all": [_role(role) for role in SHARED_ROLES],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _estimator(each: Estimator) -> dict[str, Any]:
    return {
        "name": each.name,
        "title": each.title,
        "outcome": each.about,
        "roles": [_role(role) for role in each.roles],
        "covariances": _covariances(each),
    }


def _role(role: Role) -> dict[str, Any]:
    return {
        "name": role.name,
        "kind": role.kind,
        "about": role.about,
        "is_needed": role.is_needed,
    }


def _covariances(each: Estimator) -> list[str]:
    return [name for name in get_args(Covariance) if name in each.covariances]


def _table() -> str:
    lines = [
        COLUMNS,
        *(
            (
                each.name,
                ", ".join(role.name for role in each.roles if role.is_needed) or "-",
                ", ".join(role.name for role in each.roles if not role.is_needed) or "-",
                ", ".join(_covariances(each)),
            )
            for each in ESTIMATORS.values()
        ),
    ]
    widths = [max(len(line[place]) for line in lines) for place in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
