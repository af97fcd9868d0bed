"""The margins of weights: a variable with hundreds of categories does not bury the others."""

import pytest
from django.test import Client

from surveys.models import Survey, User, Weighting
from tests.factories import make_wave, make_weighting

pytestmark = pytest.mark.django_db


def line(variable: str, level: str, frame: float, final: float) -> dict[str, object]:
    return {
        "variable": variable, "level": level, "frame": frame, "respondents": frame,
        "base": frame, "final": final,
    }  # fmt: skip


@pytest.fixture
def weights(survey: Survey) -> Weighting:
    """Thirty industries, the last of them far from the frame; two size classes."""
    found = make_weighting(make_wave(survey, state="closed"))
    many = [line("nace", f"{code:02}", 0.03, 0.03) for code in range(1, 30)]
    sizes = [line("size_class", each, 0.5, 0.5) for each in ("10-49", "50-249")]
    found.report["margins"] = [*many, line("nace", "30", 0.13, 0.05), *sizes]
    found.save()
    return found


def test_categories_far_from_the_frame_stand_first_and_all_others_are_within_reach(
    weights: Weighting, client: Client, ada: User
) -> None:
    client.force_login(ada)

    shown = client.get(f"/research/knowledge/2025/weights/{weights.number}/")

    of_nace, of_size = shown.context["margins"]
    assert of_nace.shown[0]["level"] == "30"
    assert (len(of_nace.shown), len(of_nace.folded)) == (12, 18)
    assert (len(of_size.shown), len(of_size.folded)) == (2, 0)
    page = shown.content.decode()
    assert "18 more categories of" in page
    for code in range(1, 31):
        assert page.count(f'<th scope="row">{code:02}</th>') == 1
