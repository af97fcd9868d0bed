"""A newer version of the frame records what it tells of firms, and no more than that."""

from typing import Any

import pytest
from django.core.files.base import ContentFile

from surveys.actions import enterprises, frames
from surveys.frames import FrameMapping
from surveys.models import Enterprise, EnterpriseEvent, Frame, Survey
from tests.factories import NOON

pytestmark = pytest.mark.django_db
NAMES = ("id", "name", "nace", "region", "size_class", "group_id", "employees")
MAPPING = FrameMapping({"register_id": "id"} | {name: name for name in NAMES[1:]})
ALPHA = "1,Alpha,10.51,NO01,10-49,,20"
BETA = "2,Beta,62.01,NO02,250+,K1,300"


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def load(survey: Survey, *rows: str) -> Frame:
    text = "\n".join([",".join(NAMES), *rows])
    upload = frames.receive(
        survey=survey, file=ContentFile(text.encode()), original_name="r.csv", by=None, at=NOON
    )
    frames.begin(upload=upload, mapping=MAPPING)
    done = frames.load(upload_id=upload.pk, at=NOON)
    assert done is not None
    assert done.frame is not None, done.message
    return done.frame


def events() -> list[tuple[str, str, str, int | None]]:
    rows = EnterpriseEvent.objects.order_by("enterprise__register_id", "pk")
    fields = ("enterprise__register_id", "kind", "note", "frame__number")
    return list(rows.values_list(*fields))


def test_a_first_version_tells_of_no_change(survey: Survey) -> None:
    load(survey, ALPHA, BETA)

    assert events() == []


def test_a_version_tells_who_is_new_gone_renamed_or_told_otherwise(survey: Survey) -> None:
    load(survey, ALPHA, BETA, "3,Gamma,10.51,NO01,10-49,,20")

    load(
        survey,
        "1,Alpha AS,10.51,NO01,10-49,,20",
        "2,Beta,C,NO03,250+,,300",
        "4,Delta,10.51,NO01,10-49,,20",
    )

    assert events() == [
        ("1", "renamed", "Before: Alpha.", 2),
        (
            "2",
            "register_changed",
            "industry: 62 → C. region: NO02 → NO03. NACE: 62.01 → C. group: K1 → none.",
            2,
        ),
        ("3", "left", "", 2),
        ("4", "appeared", "", 2),
    ]
    event = EnterpriseEvent.objects.get(kind="left")
    assert (event.on, event.at, event.by, event.successor) == (NOON.date(), NOON, None, None)


def test_sizes_and_contacts_that_change_with_every_list_are_no_events(survey: Survey) -> None:
    load(survey, ALPHA, BETA)

    load(survey, ALPHA, BETA.replace(",300", ",310"))

    assert events() == []


def test_a_firm_that_comes_back_is_told_so(survey: Survey) -> None:
    load(survey, ALPHA, BETA)
    load(survey, ALPHA)
    load(survey, ALPHA, BETA.replace(",300", ",301"))

    assert events() == [
        ("2", "left", "", 2),
        ("2", "appeared", "Back: an earlier version than the last one had it.", 3),
    ]


def test_a_list_that_is_refused_tells_nothing(survey: Survey) -> None:
    load(survey, ALPHA, BETA)

    with pytest.raises(AssertionError, match="version 1"):
        load(survey, BETA, ALPHA)

    assert events() == []


@pytest.mark.parametrize("kind", ["appeared", "left"])
def test_what_only_lists_tell_is_not_recorded_by_hand(survey: Survey, kind: str) -> None:
    load(survey, ALPHA)

    with pytest.raises(enterprises.EventRefused, match="why it came about"):
        enterprises.record_event(
            enterprise=Enterprise.objects.get(), kind=kind, on=NOON.date(), successor=None,
            note="", by=None, at=NOON,
        )  # fmt: skip
