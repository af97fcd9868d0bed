import io

import pytest
from django.urls import reverse
from PIL import Image

from analysis.models import Run


@pytest.fixture
def drawn(done) -> Run:
    """A finished run in which a term belongs to a scale."""
    for term in (*done.estimates["models"][0]["terms"], *done.estimates["models"][0]["margins"]):
        if term["term"] not in ("Intercept", "(Intercept)"):
            term["scale"] = "local"
    done.save()
    return done


def fetch(client, run, key, ending):
    return client.get(reverse("analysis:figure", args=[run.pk, key, ending]))


def test_the_page_shows_every_figure_with_its_numbers_and_files(as_ada, drawn):
    page = as_ada.get(reverse("analysis:figures", args=[drawn.pk])).content.decode()

    for key in ("coefficients", "margins"):
        assert f'id="figure-{key}"' in page
        assert f'aria-labelledby="{key}-title {key}-description"' in page
        assert reverse("analysis:figure", args=[drawn.pk, key, "pdf"]) in page
    assert page.count("The plot as a table</summary>") == 2
    assert "style=" not in page


def test_a_run_without_figures_says_what_figures_are_drawn_of(as_ada, done):
    page = as_ada.get(reverse("analysis:figures", args=[done.pk])).content.decode()

    assert "No figure can be drawn of this run" in page


@pytest.mark.parametrize(
    ("ending", "media_type", "start"),
    [
        ("svg", "image/svg+xml", b"<svg"),
        ("png", "image/png", b"\x89PNG"),
        ("pdf", "application/pdf", b"%PDF"),
        ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbfterm"),
        ("json", "application/json; charset=utf-8", b"{"),
    ],
)
def test_a_figure_is_handed_over_in_every_format(as_ada, drawn, ending, media_type, start):
    answer = fetch(as_ada, drawn, "coefficients", ending)

    assert answer["Content-Type"] == media_type
    assert answer.content.startswith(start)
    assert f"-coefficients-{drawn.fingerprint[:8]}.{ending}" in answer["Content-Disposition"]


def test_a_png_is_twice_as_large_as_on_the_page(as_ada, drawn):
    size = Image.open(io.BytesIO(fetch(as_ada, drawn, "margins", "png").content)).size

    assert size[0] > 1000


@pytest.mark.parametrize(("key", "ending"), [("forest-1", "svg"), ("coefficients", "exe")])
def test_figures_and_formats_that_there_are_not_are_not_found(as_ada, drawn, key, ending):
    assert fetch(as_ada, drawn, key, ending).status_code == 404


def test_an_unfinished_run_has_no_figure(as_ada, waiting):
    assert fetch(as_ada, waiting, "coefficients", "svg").status_code == 404
