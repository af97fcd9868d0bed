"""What the fourth migration makes of a survey that was there before it, and the way back."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.factories import NOON

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

BEFORE = "0003_code_lists_outlive_surveys"
AFTER = "0004_waves_of_an_office"


def migrated_to(name: str) -> Any:
    """The models of that state, with the database brought to it."""
    executor = MigrationExecutor(connection)
    executor.migrate([("surveys", name)])
    return MigrationExecutor(connection).loader.project_state([("surveys", name)]).apps


@pytest.fixture
def former() -> Iterator[Any]:
    yield migrated_to(BEFORE)
    call_command("migrate", verbosity=0)


def fill(former: Any) -> None:
    """Two surveys, one with two frames that share a firm; people; a case with its history."""
    Survey, User = (former.get_model("surveys", name) for name in ("Survey", "User"))
    one, two = (Survey.objects.create(slug=slug, title=slug) for slug in ("one", "two"))
    first, second = (one.frames.create(name=name, fingerprint="") for name in ("first", "second"))
    elsewhere = two.frames.create(name="elsewhere", fingerprint="")
    for frame, register_id, number in (
        (first, "R1", 0.25), (second, "R1", 0.75), (second, "R2", 0.5), (elsewhere, "R1", 0.125)
    ):  # fmt: skip
        frame.units.create(
            register_id=register_id, name=f"{register_id} on {frame.name}", size_class="s",
            industry="i", region="r", permanent_random_number=number,
        )  # fmt: skip
    for username, role in (("ada", "researcher"), ("ben", "fieldwork_manager")):
        User.objects.create(username=username).memberships.create(survey=one, role=role)
    wave = one.waves.create(
        slug="w", title="W", reference_first_year=2024, reference_last_year=2025,
        field_start=NOON.date(), field_end=NOON.date(),
    )  # fmt: skip
    case = wave.cases.create(stratum=wave.strata.create(label="all"), pseudonym="F1")
    case.events.create(kind="begun", at=NOON, detail={"note": "kept"})


def roles(apps: Any) -> list[str]:
    members = apps.get_model("surveys", "Membership").objects.order_by("user__username")
    return list(members.values_list("role", flat=True))


def test_firms_people_and_histories_come_along_and_the_way_back_is_open(former: Any) -> None:
    fill(former)

    current = migrated_to(AFTER)

    units = current.get_model("surveys", "Unit").objects.order_by("pk")
    named = units.values_list(
        "enterprise__survey__slug", "enterprise__name", "enterprise__permanent_random_number"
    )
    assert list(named) == [
        ("one", "R1 on first", 0.25),
        ("one", "R1 on first", 0.25),
        ("one", "R2 on second", 0.5),
        ("two", "R1 on elsewhere", 0.125),
    ]
    assert units[0].enterprise == units[1].enterprise
    frames = current.get_model("surveys", "Frame").objects.order_by("pk")
    assert list(frames.values_list("number", "previous__name", "unit_count")) == [
        (1, None, 1),
        (2, "first", 2),
        (1, None, 1),
    ]
    events = current.get_model("surveys", "CaseEvent").objects
    assert events.values_list("case__pseudonym", "kind", "detail", "by").get() == (
        "F1", "begun", {"note": "kept"}, None
    )  # fmt: skip
    assert roles(current) == ["owner", "fieldwork_manager"]
    assert roles(migrated_to(BEFORE)) == ["researcher", "fieldwork_manager"]
