"""Where snapshots are kept follows from the environment."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import snapshots

FOLDER = Path("/somewhere/snapshots")


def test_without_a_setting_they_lie_in_the_folder_of_the_installation():
    found = snapshots.storage("", folder=FOLDER)

    assert found["OPTIONS"]["location"] == str(FOLDER)
    assert found["OPTIONS"]["file_permissions_mode"] == 0o600


def test_a_folder_may_be_named():
    assert snapshots.storage("/shared/data", folder=FOLDER)["OPTIONS"]["location"] == "/shared/data"


def test_a_bucket_may_be_named_with_a_prefix():
    found = snapshots.storage(
        "s3://milieu/of-the-institute/", folder=FOLDER, endpoint="https://minio.example.org"
    )

    assert found["BACKEND"] == "storages.backends.s3.S3Storage"
    told = found["OPTIONS"]
    assert (told["bucket_name"], told["location"]) == ("milieu", "of-the-institute")
    assert told["endpoint_url"] == "https://minio.example.org"
    assert told["region_name"] is None


@pytest.mark.parametrize("place", ["gs://bucket", "https://bucket", "s3://", "s3:///prefix"])
def test_what_is_neither_stops_the_start(place):
    with pytest.raises(ImproperlyConfigured, match="MILIEU_SNAPSHOTS"):
        snapshots.storage(place, folder=FOLDER)


def test_a_bucket_without_its_packages_stops_the_start_with_what_to_install(monkeypatch):
    monkeypatch.setattr(snapshots, "find_spec", lambda _: None)

    with pytest.raises(ImproperlyConfigured, match=r"requirements-s3\.txt"):
        snapshots.storage("s3://milieu", folder=FOLDER)
