"""A snapshot gives back what was put into it, or says why it does not."""

import io
import zipfile
from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from analysis import snapshots
from analysis.dataset import Dataset
from analysis.refusals import Refusal
from tests.analysis.snapshots.made import FIELDS, datasets, known, resealed, with_part, written
from tests.analysis.test_pipeline import made_dataset


@pytest.fixture(scope="module")
def dataset():
    return known(made_dataset())


def same(first: Dataset, second: Dataset) -> None:
    pd.testing.assert_frame_equal(first.frame, second.frame, check_exact=True)
    pd.testing.assert_frame_equal(first.design, second.design, check_exact=True)
    assert first.variables == second.variables
    assert first.provenance == second.provenance
    assert first.fingerprint == second.fingerprint == snapshots.fingerprint_of(second)
    assert [each.name for each in first.rosters] == [each.name for each in second.rosters]
    for one, other in zip(first.rosters, second.rosters, strict=True):
        assert (one.firms, one.units) == (other.firms, other.units)
        pd.testing.assert_frame_equal(one.entries, other.entries, check_exact=True)
    assert (first.replicates is None) == (second.replicates is None)
    if first.replicates is not None:
        for each in fields(first.replicates):
            assert np.array_equal(
                getattr(first.replicates, each.name), getattr(second.replicates, each.name)
            )


@given(datasets())
@settings(max_examples=60)
def test_whatever_is_written_is_read_back_bit_for_bit(made):
    same(made, snapshots.read(written(made), fingerprint=made.fingerprint))


@given(datasets())
@settings(max_examples=20)
def test_the_same_data_set_gives_the_same_bytes(made):
    again = snapshots.read(written(made))

    assert written(again).getvalue() == written(made).getvalue()


def test_no_field_of_a_data_set_is_left_out():
    assert {each.name for each in fields(Dataset)} == set(FIELDS)


def test_the_answers_are_parquet_for_any_reader(dataset):
    with zipfile.ZipFile(written(dataset)) as archive:
        table = pq.read_table(io.BytesIO(archive.read("answers.parquet")))

    assert table.column_names[1:] == list(dataset.frame.columns)
    assert table.column(0).to_pylist() == list(dataset.frame.index)


@pytest.mark.parametrize("part", ["answers.parquet", "design.parquet", "codebook.json"])
def test_a_part_with_one_other_byte_is_refused(dataset, part):
    changed = with_part(written(dataset), part, lambda held: held[:-9] + b"x" + held[-8:])

    with pytest.raises(Refusal, match=f"{part} has another hash") as refused:
        snapshots.read(changed)
    assert refused.value.code == "snapshot_damaged"
    assert "check_snapshots" in refused.value.remedy


def test_a_manifest_that_was_changed_is_refused(dataset):
    changed = with_part(written(dataset), "manifest.json", lambda held: held + b" ")

    with pytest.raises(Refusal, match="its manifest has another hash"):
        snapshots.read(changed)


@pytest.mark.parametrize("length", [0, 1, 100, -1, -200])
def test_a_file_that_is_cut_short_is_refused(dataset, length):
    whole = written(dataset).getvalue()

    with pytest.raises(Refusal) as refused:
        snapshots.read(io.BytesIO(whole[:length]))
    assert refused.value.code == "snapshot_damaged"


def test_a_part_that_is_gone_is_refused(dataset):
    kept = io.BytesIO()
    with zipfile.ZipFile(written(dataset)) as old, zipfile.ZipFile(kept, "w") as new:
        for part in set(old.namelist()) - {"design.parquet"}:
            new.writestr(part, old.read(part))

    with pytest.raises(Refusal, match=r"design\.parquet is not there"):
        snapshots.read(kept)


def test_a_snapshot_of_a_newer_version_is_told_apart_from_a_damaged_one(dataset):
    newer = resealed(written(dataset), {"format": snapshots.FORMAT + 1})

    with pytest.raises(Refusal, match="made by a newer version of Milieu") as refused:
        snapshots.read(newer)
    assert refused.value.code == "snapshot_newer"


def test_a_snapshot_of_other_data_is_refused(dataset):
    with pytest.raises(Refusal, match="other data") as refused:
        snapshots.read(written(dataset), fingerprint="0" * 64)
    assert refused.value.code == "snapshot_damaged"


def test_data_that_were_exchanged_with_their_hashes_are_found_when_all_is_verified(dataset):
    other = dataset.frame.copy()
    other.iloc[0, 0] = 1 - other.iloc[0, 0]
    exchanged = written(replace(dataset, frame=other))

    same(dataset, snapshots.verified(written(dataset), fingerprint=dataset.fingerprint))
    with pytest.raises(Refusal, match="its data have another fingerprint"):
        snapshots.verified(exchanged, fingerprint=dataset.fingerprint)


def test_values_that_no_snapshot_can_hold_are_not_written_as_something_else():
    frame = pd.DataFrame({"when": pd.to_datetime(["2026-01-01"])})

    with pytest.raises(TypeError, match="datetime64"):
        written(Dataset(frame=frame, variables=(), design=pd.DataFrame(index=frame.index)))
