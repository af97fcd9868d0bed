"""Tables of the firms on the page of a run, in its downloads and on the page that lays them out."""

import io

import openpyxl
import pytest
from django.urls import reverse

from analysis import actions
from tests.analysis.answered import PLAN, make_plan_version
from tests.analysis.views.test_layouts import press
from tests.factories import NOON

DESCRIBED = (
    PLAN
    + """
descriptives:
  - name: Table 1
    statistic: table_one
    variables: [control.employment, ln_employment]
    by: innovation.product[good]
    design: {weights: none, strata: none, clusters: none, population: none}
"""
)
QUERY = "?what=table-1"


@pytest.fixture
def described(answered, ada):
    version = make_plan_version(answered, DESCRIBED, "described")
    run = actions.request(plan_version=version, by=ada, at=NOON)[0]
    assert actions.carry_out(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == "done", run.failure
    return run


def page(client, run, query=QUERY):
    return client.get(reverse("analysis:run", args=[run.pk]) + query).content.decode()


def download(client, run, ending):
    address = reverse("analysis:download", args=[run.pk, ending]) + QUERY
    response = client.get(address)
    assert response.status_code == 200
    return response


def test_the_page_of_the_run_leads_to_its_tables(as_ada, described):
    assert f'href="/runs/{described.pk}/?what=table-1">Table 1</a>' in page(as_ada, described, "")
    assert "<caption>Table 1</caption>" in page(as_ada, described)


def test_the_page_says_why_a_description_is_not_among_them(as_ada, answered, ada):
    refused = (
        "  - {name: Nobody, outcome: ln_employment, subpopulation: control.employment < 0}\n"
        "  - {name: Size, outcome: ln_employment}\n"
    )
    version = make_plan_version(answered, DESCRIBED + refused, "refused")
    run = actions.request(plan_version=version, by=ada, at=NOON)[0]
    assert actions.carry_out(run_id=run.pk)

    assert "Description “Nobody”: not made." in page(as_ada, run, "?what=descriptives")
    assert "This description could not be made:" in page(as_ada, run, "")
    provenance = as_ada.get(reverse("analysis:provenance", args=[run.pk])).content.decode()
    assert "<dt>Not described</dt>" in provenance


@pytest.mark.parametrize("name", ["run", "layout", "figures", "provenance", "estimates"])
def test_a_run_of_descriptions_whose_models_were_refused_has_every_page(
    as_ada, answered, ada, name
):
    nobody = DESCRIBED.replace("    covar", "    subpopulation: control.employment < 0\n    covar")
    version = make_plan_version(answered, nobody, "nobody")
    run = actions.request(plan_version=version, by=ada, at=NOON)[0]
    assert actions.carry_out(run_id=run.pk)
    run.refresh_from_db()

    assert (run.state, run.estimates["models"]) == ("done", [])
    response = as_ada.get(reverse(f"analysis:{name}", args=[run.pk]) + QUERY * (name == "layout"))
    assert response.status_code == 200
    if name == "run":
        assert "This model was not estimated" in response.content.decode()


def test_there_is_no_table_that_the_plan_did_not_ask_for(as_ada, described):
    for what in ("table-2", "table-x", "table-0"):
        address = reverse("analysis:run", args=[described.pk]) + f"?what={what}"
        assert as_ada.get(address).status_code == 404


def test_lines_and_columns_are_laid_out_for_every_format(as_ada, described):
    press(
        as_ada,
        described,
        "keep",
        QUERY,
        **{
            "label-0": "Persons",
            "group-0": "Size",
            "group-1": "Size",
            "column-0": "N",
            "over-0": "A",
        },
    )
    press(as_ada, described, "down:table-1/control.employment", QUERY)

    shown = page(as_ada, described)
    assert shown.index('<th scope="rowgroup"') < shown.index(">Persons<")
    assert shown.index("Employment (log)") < shown.index(">Persons<")
    sheet = openpyxl.load_workbook(io.BytesIO(download(as_ada, described, "xlsx").content)).active
    labels = [cell.value for cell in sheet["A"]]
    assert labels.index("Size") < labels.index("Employment (log)") < labels.index("Persons")
    assert b"{N}" in download(as_ada, described, "tex").content
    assert b"table-format" not in download(as_ada, described, "plain-tex").content
    assert b"N: A" in download(as_ada, described, "csv").content


def test_columns_of_models_are_named_and_headed_without_touching_lines(as_ada, described):
    press(as_ada, described, "keep", **{"column-0": "Logit", "over-0": "Made here"})

    shown = page(as_ada, described, "")
    assert "(1) Logit" in shown
    assert "Made here" in shown
    assert "<caption>Table 1</caption>" in page(as_ada, described)
