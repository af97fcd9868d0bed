"""The page of the library: what a wave can carry, what it lacks, by theme and by word."""

import pytest
from django.urls import reverse

from analysis.views.library import library_plans
from tests.analysis.answered import make_plan_version

pytestmark = pytest.mark.django_db


def place(wave, name="library", **more):
    return reverse(
        f"analysis:{name}", kwargs={"survey": wave.survey.slug, "wave": wave.slug} | more
    )


def shown(answer):
    return [each.entry.name for shelf in answer.context["shelves"] for each in shelf.offered]


def test_every_plan_stands_on_the_shelf_of_its_theme(as_ada, answered):
    answer = as_ada.get(place(answered))

    assert sorted(shown(answer)) == sorted(each.name for each in library_plans())
    assert answer.context["shelves"][0].title == "Local, national, global"


def test_a_plan_says_by_name_and_in_words_what_the_wave_did_not_ask(as_ada, answered):
    (offered,) = [
        each
        for shelf in as_ada.get(place(answered)).context["shelves"]
        for each in shelf.offered
        if each.entry.name == "trust_and_scale"
    ]

    assert not offered.is_carried
    assert ("trust.partners", "Trust in partners at the scale, 0 to 4") in offered.constructs


def test_each_plan_leads_to_the_editor_with_its_text(as_ada, answered):
    page = as_ada.get(place(answered)).content.decode()
    link = f"{place(answered, 'new_plan')}?from=jensen_modes"

    assert link in page
    text = as_ada.get(link).context["form"]["source"].value()
    assert "theme: modes" in text


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"theme": "search"}, {"breadth_and_depth", "breadth_and_depth_by_scale"}),
        ({"find": "L12"}, {"lock_in", "local_share"}),
        ({"find": "haus-reve norway"}, set()),
        ({"find": "Haus-Reve"}, {"science_times_chain", "acti_science_times_chain"}),
    ],
)
def test_a_theme_a_word_or_a_proposition_leaves_what_has_it(as_ada, answered, asked, expected):
    found = {*shown(as_ada.get(place(answered), asked))}

    assert expected <= found
    assert bool(found) == bool(expected)
    assert len(found) < len(library_plans())


def test_what_the_wave_cannot_carry_can_be_left_out(as_ada, answered):
    answer = as_ada.get(place(answered), {"only": "carried"})

    assert shown(answer) == []
    assert "No plan has all of this" in answer.content.decode()


def test_an_unknown_theme_is_none(as_ada, answered):
    assert len(shown(as_ada.get(place(answered), {"theme": "<b>"}))) == len(library_plans())


def test_a_search_stands_in_the_page_as_text(as_ada, answered):
    page = as_ada.get(place(answered), {"find": "<script>x"}).content.decode()

    assert "<script>x" not in page


def test_only_who_analyses_sees_the_library(client, answered, ben, eve):
    client.force_login(ben)
    assert client.get(place(answered)).status_code == 403
    client.force_login(eve)
    assert client.get(place(answered)).status_code == 404


def test_no_answer_is_read_for_the_page(as_ada, answered, monkeypatch):
    def never(*_):
        raise AssertionError

    monkeypatch.setattr("analysis.extracts.extracts.extract", never)

    assert as_ada.get(place(answered)).status_code == 200


def test_the_page_of_a_plan_says_what_it_is_for(as_ada, answered):
    page = as_ada.get(f"{place(answered, 'new_plan')}?from=lock_in").content.decode()

    assert "What the plan is for" in page
    assert "Strong local ties can block what comes from outside." in page


def test_a_plan_of_the_title_library_does_not_take_the_address_of_the_library(as_ada, answered):
    source = make_plan_version(answered).source.replace("Size and new goods", "Library")

    answer = as_ada.post(place(answered, "new_plan"), {"source": source, "then": "save"})

    assert answer.url == place(answered, "plan", plan="library-2")
