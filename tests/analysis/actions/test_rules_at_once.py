"""Two owners who change rules for output at the same moment, where the database lets them."""

import threading
from typing import Any

import pytest
from django.db import connections, transaction

from analysis import actions
from tests.analysis.answered import make_answered_wave
from tests.factories import NOON

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def is_waiting_for_a_lock() -> bool:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN "
            "(SELECT pid FROM pg_stat_activity WHERE datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


def test_neither_of_two_changes_is_lost() -> None:
    survey = make_answered_wave().survey

    def change(rules: dict[str, Any]) -> None:
        actions.set_output_policy(survey=survey, rules=rules, by=None, at=NOON)

    def second() -> None:
        try:
            change({"least_beyond": 15})
        finally:
            connections["default"].close()

    owner = threading.Thread(target=second)
    with transaction.atomic():
        change({"least_firms": 20})
        owner.start()
        while owner.is_alive() and not is_waiting_for_a_lock():
            owner.join(0.01)
    owner.join()

    policy = actions.policy_of_survey(survey)
    assert (policy.least_firms, policy.least_beyond) == (20, 15)
