"""From each number of a run back to plan, extract, code and seed."""

import platform
from importlib.metadata import version

import numpy as np
import pytest
from django.urls import reverse

from analysis.models import Run
from tests.analysis.answered import PLAN


def page_of(client, run: Run) -> str:
    return client.get(reverse("analysis:provenance", args=[run.pk])).content.decode()


def test_the_headings_of_the_table_lead_to_the_model_and_its_lines(as_ada, done):
    table = as_ada.get(done.get_absolute_url()).content.decode()
    page = page_of(as_ada, done)

    address = reverse("analysis:provenance", args=[done.pk])
    assert f'<a class="origin-link" href="{address}#model-1">(1) Size</a>' in table
    assert 'id="model-1"' in page
    assert "lines 4 to 9" in page
    assert PLAN.splitlines()[3].strip() == "- name: Size"


def test_the_chain_is_told_to_its_end(as_ada, done):
    page = page_of(as_ada, done)

    for told in (
        done.plan_version.fingerprint, done.extract_fingerprint, done.code_fingerprint,
        done.fingerprint, platform.python_version(), np.__version__, version("statsmodels"),
        done.estimates["data"]["instrument"],
    ):  # fmt: skip
        assert told in page
    assert "none: nothing of it is drawn at random" in page


def test_every_number_leads_back_to_plan_data_and_code(as_ada, done):
    document = as_ada.get(reverse("analysis:provenance_json", args=[done.pk])).json()
    sources: dict[str, set[str]] = {}
    for each in document["wasDerivedFrom"].values():
        sources.setdefault(each["prov:generatedEntity"], set()).add(each["prov:usedEntity"])
    made_by = {
        each["prov:entity"]: each["prov:activity"] for each in document["wasGeneratedBy"].values()
    }
    used = {each["prov:entity"] for each in document["used"].values()}

    def ends(name: str) -> set[str]:
        found = {name} | (used if name in made_by else set())
        for source in sources.get(name, set()):
            found |= ends(source)
        return found

    numbers = {k: v for k, v in document["entity"].items() if k.startswith("milieu:number:")}
    told = [term["estimate"] for term in done.estimates["models"][0]["terms"]]
    told += [term["estimate"] for term in done.estimates["models"][0]["margins"]]
    assert [each["milieu:estimate"] for each in numbers.values()] == told
    for name in numbers:
        assert {
            f"milieu:plan:{done.plan_version.fingerprint}",
            f"milieu:extract:{done.extract_fingerprint}",
            f"milieu:code:{done.code_fingerprint}",
        } <= ends(name)


def test_every_name_in_the_document_is_declared(as_ada, done):
    document = as_ada.get(reverse("analysis:provenance_json", args=[done.pk])).json()
    declared = {name for kind in ("entity", "activity", "agent") for name in document[kind]}

    for relation in ("wasDerivedFrom", "wasGeneratedBy", "used", "wasAssociatedWith"):
        for names in document[relation].values():
            assert set(names.values()) <= declared


@pytest.fixture
def older(done: Run) -> Run:
    Run.objects.filter(pk=done.pk).update(code_fingerprint="0" * 64, fingerprint="1" * 64)
    done.refresh_from_db()
    return done


def test_a_run_by_other_code_says_so_and_offers_another(as_ada, older):
    page = as_ada.get(older.get_absolute_url()).content.decode()

    assert "made by another version of the code" in page
    assert "Run again with the code of now" in page

    answer = as_ada.post(reverse("analysis:again", args=[older.pk]))
    assert answer.url != older.get_absolute_url()


def test_a_run_by_the_code_of_now_does_not(as_ada, done):
    assert "another version of the code" not in as_ada.get(done.get_absolute_url()).content.decode()


def test_a_run_from_before_versions_were_kept_says_so(as_ada, done):
    Run.objects.filter(pk=done.pk).update(origin=None)

    assert "not kept: the run is from before they were" in page_of(as_ada, done)


def test_a_run_that_is_not_finished_has_no_provenance(as_ada, waiting):
    for name in ("provenance", "provenance_json"):
        assert as_ada.get(reverse(f"analysis:{name}", args=[waiting.pk])).status_code == 404
