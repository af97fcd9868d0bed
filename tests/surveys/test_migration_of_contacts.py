"""What becomes of contacts that were corrected for one case each, and the way back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from surveys.queries.case_contacts import contact_hash
from tests.factories import NOON

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

BEFORE = "0009_sample_work_and_events_of_frames"
AFTER = "0012_a_corrected_contact_is_of_one"


def migrated_to(name: str) -> Any:
    """The models of that state, with the database brought to it."""
    MigrationExecutor(connection).migrate([("surveys", name)])
    return MigrationExecutor(connection).loader.project_state([("surveys", name)]).apps


@pytest.fixture
def former() -> Iterator[Any]:
    yield migrated_to(BEFORE)
    call_command("migrate", verbosity=0)


def fill(former: Any) -> None:
    """A firm corrected in two waves, and a case without a firm that was corrected, too."""
    survey = former.get_model("surveys", "Survey").objects.create(slug="one", title="One")
    firm = survey.enterprises.create(
        register_id="R1", permanent_random_number=0.5, name="Firm", made_at=NOON
    )
    unit = survey.frames.create(name="frame", fingerprint="").units.create(
        enterprise=firm, register_id="R1", name="Firm", size_class="s", industry="i", region="r",
        permanent_random_number=0.5, contact_name="Ola", email="Ola@firm.example",
    )  # fmt: skip
    contacts = former.get_model("surveys", "CorrectedContact").objects
    for slug, of_unit, days in (("first", unit, 0), ("second", unit, 1), ("alone", None, 0)):
        wave = survey.waves.create(
            slug=slug, title=slug, reference_first_year=2024, reference_last_year=2025,
            field_start=NOON.date(), field_end=NOON.date(),
        )  # fmt: skip
        case = wave.cases.create(
            stratum=wave.strata.create(label="all"), pseudonym=slug, unit=of_unit
        )
        given_at = NOON + timedelta(days=days)
        contacts.create(case=case, name=slug, email=f"{slug}@firm.example", given_at=given_at)


def test_the_latest_contact_is_the_firms_and_the_way_back_is_open(former: Any) -> None:
    fill(former)

    now = migrated_to(AFTER).get_model("surveys", "CorrectedContact").objects.order_by("name")

    assert list(
        now.values_list("name", "enterprise__register_id", "case__pseudonym", "given_in__slug")
    ) == [("alone", None, "alone", "alone"), ("second", "R1", None, "second")]
    assert now.get(name="second").register_hash == contact_hash("Ola", "ola@firm.example", "")

    before = migrated_to(BEFORE).get_model("surveys", "CorrectedContact").objects
    assert list(before.order_by("name").values_list("name", "case__pseudonym")) == [
        ("alone", "alone"), ("second", "second"),
    ]  # fmt: skip
