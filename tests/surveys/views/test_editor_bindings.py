"""What an item measures, as it is chosen on the editor's page."""

import pytest

from tests.surveys.views.editing import draft, item, page

__all__ = ["draft", "page"]

pytestmark = pytest.mark.django_db


def test_every_code_can_be_taken_away(page, draft):
    response = page(at="0.1.1", name="fields", label="In which fields?", **{"codes-0-value": ""})

    assert response.status_code == 302
    assert "codes" not in item(draft, 0, 1, 1)


def binding(page, place: str = "0.1.1", **typed: str):
    fields = {f"bind-0-{key.replace('at_', 'at-')}": value for key, value in typed.items()}
    return page(at=place, name="fields", label="In which fields?", **fields)


def test_a_construct_that_is_chosen_brings_a_field_for_each_dimension(page):
    shown = page(
        at="0.1.1",
        name="fields",
        label="In which fields?",
        _table="bind:check",
        **{"bind-0-construct": "sourcing.scale"},
    ).content.decode()

    assert 'name="bind-0-at-source"' in shown
    assert 'name="bind-0-at-scale"' in shown
    assert "Still to be given: source, scale." in shown


def test_dimensions_are_written_as_coordinates_and_spread(page, draft):
    binding(page, construct="sourcing.scale", at_source="fairs", at_scale="each answer")

    assert item(draft, 0, 1, 1)["bind"] == [
        {"construct": "sourcing.scale", "at": {"source": "fairs"}, "spread": "scale"}
    ]

    binding(page, was="0", construct="market.scale", at_source="", at_scale="Each answer")
    assert item(draft, 0, 1, 1)["bind"] == [{"construct": "market.scale", "spread": "scale"}]


def test_a_dimension_that_the_construct_does_not_have_is_kept_and_told(page, draft):
    binding(page, construct="market.scale", at_scale="each answer", at_source="fairs")

    shown = page("draft", "get", "?at=0.1.1").content.decode()
    assert item(draft, 0, 1, 1)["bind"][0]["at"] == {"source": "fairs"}
    assert "Source: no dimension of this construct, leave blank" in shown
