import io
import json
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError

from surveys.actions import frame_rows, frames
from surveys.frames import FrameMapping
from surveys.microdata import MicrodataRefused
from surveys.models import AuditEvent, Enterprise, Frame, FrameUpload, Survey, Unit, Wave
from tests.factories import NOON, make_case, make_frame, make_stratum, make_survey, make_wave

pytestmark = pytest.mark.django_db

HEADER = "id,name,nace,employees,region,zone"
FIRST = f"{HEADER}\n1,Alpha,10.51,20,NO01,x\n2,Beta,62.01,300,NO02,\n"
MAPPING = FrameMapping(
    {name: name for name in ("name", "nace", "employees", "region")} | {"register_id": "id"},
    ("zone",),
)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def received(survey: Survey, text: str = FIRST, name: str = "register.csv") -> FrameUpload:
    return frames.receive(
        survey=survey, file=ContentFile(text.encode()), original_name=name, by=None, at=NOON
    )


def loaded(survey: Survey, text: str = FIRST, mapping: FrameMapping = MAPPING) -> FrameUpload:
    upload = received(survey, text)
    frames.begin(upload=upload, mapping=mapping)
    found = frames.load(upload_id=upload.pk, at=NOON)
    assert found is not None
    return found


def test_a_file_waits_with_its_columns_and_a_suggestion(survey: Survey) -> None:
    upload = received(survey, name="C:\\lists\\register.csv")

    assert (upload.state, upload.original_name) == ("uploaded", "register.csv")
    assert upload.columns[1] == {"name": "name", "examples": ["Alpha", "Beta"]}
    assert upload.mapping["columns"]["nace"] == "nace"
    assert not Frame.objects.exists()


def test_a_nul_character_among_the_first_rows_is_shown_as_a_blank_and_told_by_the_load(
    survey: Survey,
) -> None:
    data = ContentFile("id\tname\n7\tFi\0rm\n".encode("utf-16"))
    upload = frames.receive(survey=survey, file=data, original_name="a.csv", by=None, at=NOON)
    columns = {"register_id": "id", "name": "name"}

    frames.begin(upload=upload, mapping=FrameMapping(columns))
    done = frames.load(upload_id=upload.pk, at=NOON)

    assert upload.columns[1] == {"name": "name", "examples": ["Fi rm"]}
    assert done is not None
    assert (done.state, done.problems_count) == ("refused", 1)
    assert done.message == "1 × nul byte, column name."


def test_a_file_that_is_no_table_is_not_kept(survey: Survey, tmp_path: Any) -> None:
    with pytest.raises(MicrodataRefused):
        received(survey, "%PDF-1.4 and more")

    assert not FrameUpload.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_load_makes_a_version_with_its_firms(survey: Survey, tmp_path: Any) -> None:
    upload = loaded(survey)

    frame = Frame.objects.get()
    assert (upload.state, upload.frame, upload.rows_read) == ("loaded", frame, 2)
    assert (frame.number, frame.previous, frame.unit_count) == (1, None, 2)
    assert (frame.name, frame.attributes) == ("register", ["zone"])
    alpha = Unit.objects.get(register_id="1")
    assert (alpha.size_class, alpha.industry, alpha.attributes) == ("10-49", "10", {"zone": "x"})
    assert alpha.permanent_random_number == alpha.enterprise.permanent_random_number
    assert AuditEvent.objects.get().detail["origin"] == frame.fingerprint
    assert upload.columns[1] == {"name": "name"}


def test_the_file_is_forgotten_once_its_firms_are_kept(
    survey: Survey, tmp_path: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        loaded(survey)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_known_firms_stay_the_same_enterprise_with_their_number(survey: Survey) -> None:
    loaded(survey)
    before = dict(Enterprise.objects.values_list("register_id", "permanent_random_number"))

    loaded(survey, f"{HEADER}\n3,Gamma,10.51,20,NO01,\n2,Beta AS,62.01,300,NO02,\n")

    second = Frame.objects.get(number=2)
    assert second.previous == Frame.objects.get(number=1)
    beta = Enterprise.objects.get(register_id="2")
    assert (beta.name, beta.permanent_random_number) == ("Beta AS", before["2"])
    assert beta.units.count() == 2
    assert Enterprise.objects.count() == 3


def test_new_numbers_follow_from_the_first_frame_whatever_comes_between(survey: Survey) -> None:
    third = f"{HEADER}\n3,Gamma,10.51,20,NO01,\n"
    loaded(survey)
    loaded(survey, third)
    number = Enterprise.objects.get(survey=survey, register_id="3").permanent_random_number

    FrameUpload.objects.all().delete()
    Unit.objects.filter(frame__number=2).delete()
    Enterprise.objects.filter(register_id="3").delete()
    Frame.objects.filter(number=2).delete()
    loaded(survey, third)

    assert Enterprise.objects.get(register_id="3").permanent_random_number == number
    other = make_survey("other")
    loaded(other, third)
    elsewhere = Enterprise.objects.get(survey=other, register_id="3")
    assert elsewhere.permanent_random_number != number


def test_a_load_with_problems_writes_nothing_and_tells_them(survey: Survey) -> None:
    upload = loaded(survey, f"{HEADER}\n1,A,10,-5,,\n1,B,10,5,,\n2,C,,x,,\n")

    assert (upload.state, upload.problems_count) == ("refused", 2)
    assert "negative size" in upload.message
    assert not Frame.objects.exists()
    assert not Unit.objects.exists()
    with upload.problems_file.open() as file:
        told = json.load(file)
    assert [each["row"] for each in told["problems"]] == [2, 4]


def test_a_refused_file_can_be_tried_with_another_mapping(survey: Survey) -> None:
    upload = loaded(survey, f"{HEADER}\n1,A,10,-5,,\n")

    columns = {"register_id": "id", "name": "name"}
    frames.begin(upload=upload, mapping=FrameMapping(columns))
    frames.load(upload_id=upload.pk, at=NOON)

    assert Frame.objects.get().unit_count == 1


def test_the_same_list_again_is_no_new_version(survey: Survey) -> None:
    loaded(survey)

    again = loaded(survey)

    assert (again.state, Frame.objects.count()) == ("refused", 1)
    assert "version 1" in again.message


def test_a_load_told_twice_makes_one_version(survey: Survey) -> None:
    upload = loaded(survey)

    assert frames.load(upload_id=upload.pk, at=NOON).frame == upload.frame
    assert frames.load(upload_id=upload.pk + 100, at=NOON) is None
    with pytest.raises(frames.FrameRefused):
        frames.begin(upload=upload, mapping=MAPPING)
    assert Frame.objects.count() == 1


def test_a_load_that_breaks_off_keeps_no_half_of_a_frame_and_tells_no_data(
    survey: Survey, monkeypatch: Any
) -> None:
    def fails(**_: Any) -> None:
        Unit.objects.create(
            frame=Frame.objects.get(),
            register_id="1",
            name="A",
            permanent_random_number=0.1,
        )
        raise DatabaseError("Key (register_id)=(912345678) is there")

    monkeypatch.setattr(frames, "write_rows", fails)
    with pytest.raises(frames.LoadFailed) as failure:
        loaded(survey)

    assert str(failure.value) == "DatabaseError"
    assert failure.value.__suppress_context__
    assert not Frame.objects.exists()
    assert not Unit.objects.exists()
    upload = FrameUpload.objects.get()
    assert (upload.state, "nothing was loaded" in upload.message) == ("refused", True)


def test_a_check_reads_all_and_keeps_nothing() -> None:
    reading = frames.check(file=io.BytesIO(FIRST.encode()), mapping=MAPPING)

    assert (reading.units, bool(reading.problems)) == (2, False)
    assert not Frame.objects.exists()


def test_a_file_is_discarded_unless_it_was_loaded(survey: Survey) -> None:
    waiting, done = received(survey), loaded(survey)

    frames.discard(upload=waiting)
    with pytest.raises(frames.FrameRefused):
        frames.discard(upload=done)

    assert list(FrameUpload.objects.all()) == [done]


def test_a_wave_chooses_its_frame_while_in_draft_and_undrawn(survey: Survey) -> None:
    wave, frame = make_wave(survey), make_frame(survey)

    frames.choose(wave=wave, frame=frame, by=None, at=NOON)

    assert wave.frame == frame
    with pytest.raises(frames.FrameRefused, match="another survey"):
        frames.choose(wave=wave, frame=make_frame(make_survey("other")), by=None, at=NOON)
    make_case(wave, make_stratum(wave))
    with pytest.raises(frames.FrameRefused, match="drawn"):
        frames.choose(wave=wave, frame=make_frame(survey), by=None, at=NOON)
    Wave.objects.filter(pk=wave.pk).update(state="closed")
    with pytest.raises(frames.FrameRefused, match="draft"):
        frames.choose(wave=wave, frame=frame, by=None, at=NOON)


def test_chunks_smaller_than_the_file_make_the_same_frame(survey: Survey, monkeypatch: Any) -> None:
    monkeypatch.setattr("surveys.frames.reading.AT_ONCE", 2)
    monkeypatch.setattr(frame_rows, "_AT_ONCE", 1)
    rows = "\n".join(f"{n},Firm {n},10.1,{n},NO," for n in range(7))

    upload = loaded(survey, f"{HEADER}\n{rows}\n")

    assert (upload.rows_read, Unit.objects.count()) == (7, 7)
