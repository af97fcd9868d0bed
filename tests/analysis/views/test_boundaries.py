import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from analysis import actions
from analysis.models import RegionBoundaries
from surveys import questionnaire
from tests.analysis.answered import QUESTIONS
from tests.analysis.figures.test_maps import FILE
from tests.factories import make_instrument

REGION = """
          - name: region
            kind: single_choice
            label: In which region are you?
            codes: [{value: n, label: North}, {value: s, label: South}, {value: w, label: West}]
            bind: {construct: control.region}
"""


@pytest.fixture
def regional(answered):
    compiled = questionnaire.compile_text(QUESTIONS + REGION)
    answered.instrument = make_instrument(
        dict(compiled.document), fingerprint=compiled.fingerprint, version="2"
    )
    answered.save()
    return answered


def page_of(wave) -> str:
    return reverse("analysis:boundaries", args=[wave.survey.slug, wave.slug])


def send(client, wave, content: bytes, **more):
    file = SimpleUploadedFile("regions.geojson", content)
    return client.post(page_of(wave), {"file": file, **more}, follow=True)


def test_a_file_is_kept_and_the_page_says_which_regions_it_has(as_ada, regional):
    page = send(as_ada, regional, FILE).content.decode()

    assert "Boundaries of 2 regions are kept." in page
    assert page.count("<td>kept</td>") == 2
    assert {each.code for each in actions.boundaries_of(regional.survey).regions} == {"n", "s"}
    assert RegionBoundaries.objects.get().kept_by.username == "ada"


def test_a_refused_file_leaves_the_kept_one(as_ada, regional):
    send(as_ada, regional, FILE)

    answer = send(as_ada, regional, b"nothing of the kind")

    assert answer.status_code == 422
    assert "This is no GeoJSON file of regions." in answer.content.decode()
    assert len(actions.boundaries_of(regional.survey).regions) == 2


def test_a_form_without_a_file_and_a_wave_without_regions_say_so(as_ada, answered):
    assert "Choose a file." in as_ada.post(page_of(answered)).content.decode()
    assert "does not ask in which region" in send(as_ada, answered, FILE).content.decode()


def test_who_may_not_analyse_keeps_no_boundaries(client, regional, ben, eve):
    for person, status in ((ben, 403), (eve, 404)):
        client.force_login(person)
        assert send(client, regional, FILE).status_code == status
    assert not RegionBoundaries.objects.exists()


def test_the_command_does_the_same(regional, tmp_path):
    path = tmp_path / "regions.json"
    path.write_bytes(FILE)
    out = io.StringIO()

    call_command(
        "load_boundaries", regional.survey.slug, regional.slug, str(path), "--json", stdout=out
    )

    assert json.loads(out.getvalue()) == {
        "property": "NUTS_ID", "kept": ["n", "s"], "without_boundaries": ["w"],
    }  # fmt: skip
