"""What every test needs: three people, and the folder of real data where it is there."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import settings

from surveys.models import Membership, Survey, User
from tests.factories import make_member, make_survey, make_user
from tests.leaving_out import (
    pytest_collection_modifyitems,
    pytest_sessionfinish,
    pytest_terminal_summary,
)

__all__ = ["pytest_collection_modifyitems", "pytest_sessionfinish", "pytest_terminal_summary"]

# A machine that is busy is no fault of the code: properties have no deadline for one example.
settings.register_profile("milieu", deadline=None)
settings.load_profile("milieu")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """As pytest-django's; a thread of a journey's server may outlive the last test on PostgreSQL."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def survey(db: None) -> Survey:
    return make_survey()


@pytest.fixture
def ada(survey: Survey) -> User:
    """Researcher of the survey."""
    user = make_user("ada")
    make_member(user, survey)
    return user


@pytest.fixture
def ben(survey: Survey) -> User:
    """Fieldwork manager of the survey."""
    user = make_user("ben")
    make_member(user, survey, Membership.Role.FIELDWORK_MANAGER)
    return user


@pytest.fixture
def eve(db: None) -> User:
    """A person of another survey, who must see nothing."""
    user = make_user("eve")
    make_member(user, make_survey("other"))
    return user


@pytest.fixture
def shared_data() -> Path:
    """The folder of real data; the test is left out, with a reason, where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data lie in a folder beside the project that is not on this machine")
    return SHARED_DATA
