"""A case of the questionnaire with every kind of item, and a browser admitted to it.

A file that asks something else has a `case` of its own; the browser is admitted to that one.
"""

import pytest
from django.test import Client

from surveys.models import Case
from tests.surveys.firms import admitted, open_case


@pytest.fixture
def case(db: None) -> Case:
    return open_case()


@pytest.fixture
def browser(case: Case) -> Client:
    return admitted(case)
