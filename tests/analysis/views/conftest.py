"""A wave with answers, its people, and a run of its plan in every state."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from analysis import actions
from analysis.models import Run
from surveys.models import Membership, Survey, User, Wave
from tests.analysis.answered import make_answered_wave, make_plan_version
from tests.factories import NOON, make_member, make_user


@pytest.fixture
def answered(db: None) -> Wave:
    return make_answered_wave()


@pytest.fixture
def ada(answered: Wave) -> User:
    """Researcher of the wave's survey."""
    user = make_user("ada")
    make_member(user, answered.survey)
    return user


@pytest.fixture
def ben(answered: Wave) -> User:
    """Fieldwork manager, who does not analyse."""
    user = make_user("ben")
    make_member(user, answered.survey, Membership.Role.FIELDWORK_MANAGER)
    return user


@pytest.fixture
def eve(answered: Wave) -> User:
    """Researcher of another survey, who must see nothing."""
    user = make_user("eve")
    make_member(user, Survey.objects.create(slug="other", title="Other"))
    return user


@pytest.fixture
def as_ada(client: Client, ada: User) -> Client:
    client.force_login(ada)
    return client


@pytest.fixture
def waiting(answered: Wave, ada: User) -> Run:
    version = make_plan_version(answered)
    return actions.request(plan_version=version, by=ada, at=NOON)[0]


@pytest.fixture
def done(waiting: Run) -> Run:
    assert actions.carry_out(run_id=waiting.pk)
    waiting.refresh_from_db()
    return waiting


@pytest.fixture
def put(waiting: Run) -> Callable[..., Run]:
    """Put the run into a state."""

    def put_into(state: str, **columns: object) -> Run:
        if state == "running":
            now = timezone.now()
            columns = {
                "claim": uuid4(),
                "lease_until": now + timedelta(hours=1),
                "started_at": now - timedelta(seconds=10),
            } | columns
        Run.objects.filter(pk=waiting.pk).update(state=state, **columns)
        waiting.refresh_from_db()
        return waiting

    return put_into
