from datetime import timedelta

import pytest

from surveys.actions.throttling import count_refusal, seconds_to_wait
from surveys.models import AccessAttempts
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def refuse(times: int, address: str = "192.0.2.7", at=NOON) -> None:
    for _ in range(times):
        count_refusal(address=address, at=at)


def test_the_eleventh_try_in_a_minute_has_to_wait():
    refuse(9)
    assert seconds_to_wait(address="192.0.2.7", at=NOON) == 0

    refuse(1)
    assert 0 < seconds_to_wait(address="192.0.2.7", at=NOON + timedelta(seconds=20)) <= 41
    assert seconds_to_wait(address="192.0.2.7", at=NOON + timedelta(seconds=61)) == 0


def test_other_addresses_do_not_wait():
    refuse(10)

    assert seconds_to_wait(address="198.51.100.7", at=NOON) == 0


def test_a_neighbourhood_that_tries_a_hundred_codes_waits_for_the_hour():
    for neighbour in range(100):
        refuse(1, address=f"192.0.2.{neighbour}", at=NOON + timedelta(seconds=neighbour))

    later = NOON + timedelta(minutes=10)
    assert 2900 < seconds_to_wait(address="192.0.2.200", at=later) <= 3001
    assert seconds_to_wait(address="192.0.3.1", at=later) == 0


def test_the_hosts_of_one_ipv6_network_count_together():
    for host in range(10):
        refuse(1, address=f"2001:db8::{host:x}")

    assert seconds_to_wait(address="2001:db8::ffff", at=NOON) > 0
    assert seconds_to_wait(address="2001:db9::1", at=NOON) == 0


def test_an_address_that_cannot_be_read_is_counted_too():
    refuse(10, address="nonsense")

    assert seconds_to_wait(address="other nonsense", at=NOON) > 0


def test_no_address_is_stored_and_old_counts_are_dropped():
    refuse(1)
    assert "192.0.2" not in str(list(AccessAttempts.objects.values()))

    refuse(1, at=NOON + timedelta(hours=2))
    assert AccessAttempts.objects.count() == 2
