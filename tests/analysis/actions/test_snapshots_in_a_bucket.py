"""Snapshots in a bucket, of a server that speaks as S3 does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from analysis import actions
from analysis.actions import preparing, snapshot_files
from analysis.actions import snapshots as keeping
from analysis.models import Run, Snapshot
from analysis.refusals import Refusal
from config import snapshots as places
from surveys.models import Response, Wave
from tests.analysis.answered import make_answered_wave, make_plan_version
from tests.factories import NOON

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(botocore|moto|responses).*"),
]
BUCKET = "milieu"


@pytest.fixture
def bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    preparing._HELD.clear()
    with mock_aws():
        client = boto3.client("s3", region_name="eu-central-1")
        client.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        bucket = places.storage(
            f"s3://{BUCKET}/snapshots", folder=Path("/nowhere"), region="eu-central-1"
        )
        settings.STORAGES = settings.STORAGES | {"snapshots": bucket}
        yield client
    preparing._HELD.clear()


@pytest.fixture
def wave() -> Wave:
    return make_answered_wave()


def names(client: Any) -> list[str]:
    listed = client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return [each["Key"] for each in listed]


def test_a_run_reads_its_data_from_the_bucket_after_the_wave_changed(
    bucket: Any, wave: Wave
) -> None:
    run, _ = actions.request(plan_version=make_plan_version(wave), by=None, at=NOON)
    assert names(bucket) == [f"snapshots/{Snapshot.objects.get().name}"]
    Response.objects.latest("pk").delete()

    actions.carry_out(run_id=run.pk)

    assert Run.objects.get().state == Run.State.DONE


def test_made_twice_it_is_there_once_under_its_name(bucket: Any, wave: Wave) -> None:
    made, dataset = actions.make_snapshot(wave=wave, at=NOON)
    keeping._written(wave, dataset, "", NOON)

    assert names(bucket) == [f"snapshots/{made.name}"]
    assert keeping.snapshot_dataset(made.fingerprint) is not None


def test_an_object_that_is_gone_is_told_apart_from_a_bucket_that_is_away(
    bucket: Any, wave: Wave
) -> None:
    made, _ = actions.make_snapshot(wave=wave, at=NOON)
    snapshot_files.remove(made.name)
    with pytest.raises(Refusal) as gone:
        keeping.snapshot_dataset(made.fingerprint)
    bucket.delete_bucket(Bucket=BUCKET)
    with pytest.raises(Refusal) as away:
        actions.make_snapshot(wave=wave, at=NOON)

    assert (gone.value.code, away.value.code) == ("snapshot_gone", "storage_unreachable")


def test_a_run_waits_for_a_bucket_that_is_away_and_then_goes_on(bucket: Any, wave: Wave) -> None:
    bucket.delete_bucket(Bucket=BUCKET)
    run, _ = actions.request(plan_version=make_plan_version(wave), by=None, at=NOON)
    actions.carry_out(run_id=run.pk)
    waiting = Run.objects.get()
    assert (waiting.state, waiting.failure["code"]) == ("requested", "storage_unreachable")

    bucket.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    actions.carry_out(run_id=run.pk)

    assert Run.objects.get().state == Run.State.DONE
