import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from surveys.models import Wave
from tests.factories import make_wave
from tests.microdata.small import MAPPING, ROWS, csv_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(survey) -> str:
    return reverse("surveys:import", args=[survey.slug])


def upload(data: bytes = csv_bytes(), mapping: str | None = MAPPING, **fields) -> dict:
    plain = {"wave": "2022", "data": SimpleUploadedFile("firms.csv", data), "shipped": ""}
    if mapping is not None:
        plain["mapping"] = SimpleUploadedFile("mapping.yaml", mapping.encode())
    return plain | fields


def problems_file(client, response) -> list[dict[str, str]]:
    address = reverse("surveys:import_problems", args=[response.context["survey"].slug])
    answer = client.post(address, {"problems": response.context["signed"]})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_a_researcher_imports_a_file_and_lands_on_the_wave(client, ada, survey, page):
    client.force_login(ada)

    response = client.post(page, upload(), follow=True)

    wave = Wave.objects.get(survey=survey, slug="2022")
    assert response.redirect_chain == [(wave.get_absolute_url(), 302)]
    assert "3 firms were imported" in response.content.decode()


def test_a_refused_file_is_answered_with_every_problem_and_stores_nothing(client, ada, page):
    client.force_login(ada)
    spoilt = csv_bytes(ROWS[0].replace(",12,", ",?,").replace("small", "<b>tiny</b>"), *ROWS[1:])

    response = client.post(page, upload(spoilt))

    text = response.content.decode()
    assert response.status_code == 422
    assert "Nothing was imported: 2 problems" in text
    assert '<code dir="ltr">&lt;b&gt;tiny&lt;/b&gt;</code>' in text
    assert 'value="2022"' in text
    assert not Wave.objects.exists()


def test_the_problems_can_be_downloaded_with_formulas_made_harmless(client, ada, page):
    client.force_login(ada)
    spoilt = csv_bytes(ROWS[0].replace(",12,", ',"=HYPERLINK(""http://x"")",'), *ROWS[1:])

    rows = problems_file(client, client.post(page, upload(spoilt)))

    assert [(row["row"], row["column"], row["code"]) for row in rows] == [("2", "staff", "formula")]
    assert rows[0]["value"] == '\'=HYPERLINK("http://x")'


def test_a_tampered_list_of_problems_is_not_handed_out(client, ada, survey):
    client.force_login(ada)
    address = reverse("surveys:import_problems", args=[survey.slug])

    assert client.post(address, {"problems": "[]"}).status_code == 400


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"wave": "import"}, "A wave cannot be called “import”"),
        ({"wave": "2025"}, "has a wave “2025” already"),
        ({"wave": "a b"}, "Use letters, digits and hyphens only"),
        ({"mapping": None}, "Choose a mapping that comes with Milieu, or a file"),
        ({"data": ""}, "Choose the file with the data."),
    ],
)
def test_a_wrong_field_is_told_at_the_field(client, ada, survey, page, fields, says):
    make_wave(survey)
    client.force_login(ada)
    fields = upload() | fields
    fields = {name: value for name, value in fields.items() if value is not None}

    response = client.post(page, fields)

    assert response.status_code == 422
    assert says in response.content.decode()


def test_a_file_over_the_limit_is_pointed_to_the_command(client, ada, page, settings):
    settings.UPLOAD_BYTES = 100
    client.force_login(ada)

    response = client.post(page, upload())

    assert "import_microdata" in response.content.decode()
    assert not Wave.objects.exists()


def test_an_empty_file_gets_the_words_for_an_empty_file(client, ada, page):
    client.force_login(ada)

    assert "The file is empty." in client.post(page, upload(b"")).content.decode()


def test_a_mapping_that_comes_with_milieu_can_be_chosen(client, ada, page):
    client.force_login(ada)

    response = client.post(page, upload(mapping=None, shipped="ec_acti"))

    assert "names the column “province”" in response.content.decode()


@pytest.mark.parametrize(("person", "status"), [("ben", 403), ("eve", 404)])
def test_only_researchers_of_the_survey_import(client, request, page, person, status):
    client.force_login(request.getfixturevalue(person))

    assert client.post(page, upload()).status_code == status
    assert not Wave.objects.exists()
