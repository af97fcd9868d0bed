import pytest

from surveys import questionnaire
from surveys.actions import drafts
from surveys.actions.instruments import VersionTaken, publish
from surveys.models import AuditEvent, Instrument, InstrumentDraft
from surveys.questionnaire.editing.blanks import KINDS, new_instrument, new_item, new_page
from surveys.questionnaire.editing.places import added
from surveys.questionnaire.reading import LARGEST_FILE
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(survey, ada) -> InstrumentDraft:
    return drafts.create(survey=survey, document=new_instrument("Firms", "firms"), by=ada, at=NOON)


def titled(draft, title: str, built_on: int, by=None) -> InstrumentDraft:
    return drafts.change(
        draft=draft,
        built_on=built_on,
        operation=lambda document: document | {"title": title},
        what=f"Title {title}",
        by=by,
        at=NOON,
    )


def test_a_draft_takes_the_name_of_its_document_and_a_number_if_that_is_taken(survey, draft):
    again = drafts.create(
        survey=survey, document=new_instrument("Firms", "firms"), by=None, at=NOON
    )
    new = drafts.create(survey=survey, document=new_instrument("New", "new"), by=None, at=NOON)

    assert (draft.slug, again.slug, new.slug) == ("firms", "firms-2", "new-2")
    assert AuditEvent.objects.filter(action="draft_created").count() == 3


def test_a_change_keeps_the_former_document_as_a_step(draft, ada):
    changed = titled(draft, "Other", 1, ada)

    assert (changed.revision, changed.title, changed.changed_by) == (2, "Other", ada)
    step = changed.revisions.get()
    assert (step.change, step.document["title"], step.by) == ("Title Other", "Firms", ada)


def test_a_change_on_an_old_revision_is_refused_with_what_came_between(draft, ada):
    titled(draft, "Theirs", 1, ada)

    with pytest.raises(drafts.ChangedMeanwhile) as caught:
        titled(draft, "Mine", 1)

    assert caught.value.draft.title == "Theirs"
    assert [step.change for step in caught.value.steps] == ["Title Theirs"]


def test_undo_goes_back_and_can_be_undone(draft):
    titled(draft, "Second", 1)
    titled(draft, "Third", 2)

    back = drafts.undo(draft=draft, built_on=3, to=2, by=None, at=NOON)
    assert back.document["title"] == "Firms"
    again = drafts.undo(draft=draft, built_on=4, to=4, by=None, at=NOON)
    assert again.document["title"] == "Third"
    with pytest.raises(drafts.NothingToUndo):
        drafts.undo(draft=draft, built_on=5, to=99, by=None, at=NOON)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"sections": "none"}, "sections is not a list"),
        ({"sections": [{"name": "a", "pages": [1]}]}, "pages is not a list"),
        ({"title": "x" * (LARGEST_FILE + 1)}, "characters"),
        ({"title": "\x00"}, "cannot be printed"),
    ],
)
def test_what_the_editor_cannot_show_is_refused_with_the_reason(survey, document, says):
    with pytest.raises(drafts.DraftRefused, match=says):
        drafts.create(survey=survey, document=document, by=None, at=NOON)

    assert not InstrumentDraft.objects.exists()


def test_publishing_freezes_the_document_with_its_version(draft, ada):
    published = drafts.publish(draft=draft, built_on=1, version="2.0", by=ada, at=NOON)

    draft.refresh_from_db()
    assert published == Instrument.objects.get()
    assert published.version == "2.0"
    assert published.fingerprint == questionnaire.fingerprint(draft.document)
    assert draft.based_on == published


def test_a_taken_version_leaves_the_draft_as_it_is(draft):
    publish(text=VERSION_ONE, by=None, at=NOON)

    with pytest.raises(VersionTaken):
        drafts.publish(draft=draft, built_on=1, version="2.0", by=None, at=NOON)

    draft.refresh_from_db()
    assert (draft.revision, draft.document["version"]) == (1, "1.0")


def test_a_dropped_draft_is_gone_and_its_going_is_known(draft, ada):
    drafts.drop(draft=draft, built_on=1, by=ada, at=NOON)

    assert not InstrumentDraft.objects.exists()
    assert AuditEvent.objects.filter(action="draft_deleted", user=ada).exists()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "lookup"])
def test_a_new_question_of_every_kind_compiles(kind):
    document, _ = added(new_instrument("Firms", "firms"), (0,), new_page({}, kind))
    document["sections"][0]["pages"][1]["name"] = "page_2"
    document["sections"][0]["pages"][1]["items"][0] = new_item(document, kind)

    assert questionnaire.compile_document(document)


VERSION_ONE = """
instrument: firms
version: '2.0'
title: Other
sections:
  - name: a
    title: A
    pages: [{name: p, title: P, items: [{name: x, kind: text, label: X}]}]
"""
