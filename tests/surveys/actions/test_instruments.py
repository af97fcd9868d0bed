import pytest

from surveys import questionnaire
from surveys.actions.instruments import VersionTaken, publish
from surveys.models import AuditEvent, Instrument, Survey, User
from surveys.queries.instruments import compiled
from tests.factories import NOON

TEXT = """
instrument: small
version: "1"
title: Small
sections:
  - name: firm
    title: Your firm
    pages:
      - name: group
        title: Group
        items:
          - {name: employment, kind: number, label: Persons employed, minimum: 0}
"""


def test_publishing_freezes_the_text_under_its_fingerprint(ada: User, survey: Survey) -> None:
    published = publish(text=TEXT, by=ada, at=NOON, survey=survey)

    definition = questionnaire.compile_text(TEXT)
    assert Instrument.objects.values_list(
        "name", "version", "title", "fingerprint", "published_at", "published_by"
    ).get() == ("small", "1", "Small", definition.fingerprint, NOON, ada.pk)
    assert questionnaire.compile_document(published.document) == definition


def test_publishing_is_audited(ada: User, survey: Survey) -> None:
    publish(text=TEXT, by=ada, at=NOON, survey=survey)

    assert AuditEvent.objects.values_list("user", "survey", "action", "detail").get() == (
        ada.pk, survey.pk, "instrument_published", {"instrument": "small", "version": "1"},
    )  # fmt: skip


def test_the_same_text_again_is_the_same_instrument(ada: User) -> None:
    first = publish(text=TEXT, by=ada, at=NOON)

    assert publish(text=TEXT + "\n# a remark\n", by=ada, at=NOON) == first
    assert AuditEvent.objects.count() == 1


def test_other_content_under_the_same_version_is_refused(ada: User) -> None:
    publish(text=TEXT, by=ada, at=NOON)

    with pytest.raises(VersionTaken) as caught:
        publish(text=TEXT.replace("Persons", "People"), by=ada, at=NOON)

    assert caught.value.problem == questionnaire.Problem(
        code="version_taken",
        where="version",
        message="Version 1 of “small” was published on 21 Nov 2026 with other content.",
        remedy="Give the changed questionnaire a new version; a published one stays as it is.",
    )
    assert Instrument.objects.count() == 1


def test_a_text_with_problems_publishes_nothing_and_tells_them_all(ada: User) -> None:
    broken = TEXT.replace("kind: number", "kind: nubmer").replace("title: Group", "titel: Group")

    with pytest.raises(questionnaire.InstrumentErrors) as caught:
        publish(text=broken, by=ada, at=NOON)

    assert {problem.code for problem in caught.value.problems} >= {"unknown_kind", "unknown_key"}
    assert not Instrument.objects.exists()


def test_an_instrument_is_compiled_once_a_fingerprint(ada: User, django_assert_num_queries) -> None:
    published = publish(text=TEXT, by=ada, at=NOON)
    first = compiled(published)

    with django_assert_num_queries(1):
        again = compiled(Instrument.objects.defer("document").get())

    assert again is first
