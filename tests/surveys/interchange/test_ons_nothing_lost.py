"""What is said of the parts of an eq schema that cannot come in."""

import pytest

from surveys.questionnaire import route
from tests.surveys.interchange.eq import answer, block, of_answer, radio
from tests.surveys.interchange.eq_imported import brought, kept


class TestNothingIsLost:
    def test_a_key_that_nothing_reads_is_listed_with_its_place(self):
        odd = block("odd", radio("a1"))
        odd["question"]["hologram"] = {"colour": "blue"}
        imported, _ = brought(odd)
        (found,) = [each for each in imported.unsupported if "hologram" in each.what]
        assert found.where == "schema > sections main > groups main-group > blocks odd > question"
        assert found.kept_as == "nothing"

    @pytest.mark.parametrize("kind", ["RelationshipCollector", "ListCollectorContent", "Teleport"])
    def test_a_block_that_cannot_come_in_leaves_a_note_and_is_listed(self, kind):
        imported, instrument = brought(
            {"id": "odd", "type": kind, "page_title": "Odd"}, block("b", radio("a1"))
        )
        assert type(instrument.pages[0].items[0]).__name__ == "Note"
        assert kept(imported, kind)

    def test_answers_made_for_each_entry_are_listed_and_an_empty_page_left_out(self):
        odd = block("odd", radio("a1"))
        del odd["question"]["answers"]
        odd["question"]["dynamic_answers"] = {"values": {"source": "list", "identifier": "x"}}
        imported, instrument = brought(odd, block("b", radio("a2")))
        assert [page.name for page in instrument.pages] == ["b"]
        assert kept(imported, "answers made for each entry") == ["the fixed answers only"]
        assert kept(imported, "nothing is left to ask") == ["nothing"]

    def test_a_primary_person_s_entry_is_listed(self):
        person = block("me", radio("a1"), type="PrimaryPersonListCollector", for_list="people")
        person["add_or_edit_block"] = block("add", answer("a2", "TextField"))
        imported, instrument = brought(person)
        assert [each.name for each in instrument.items] == ["me"]
        assert kept(imported, "PrimaryPersonListCollector") == ["its question only"]
        assert kept(imported, "add_or_edit_block") == ["nothing"]

    def test_a_language_that_is_none_is_listed(self):
        imported, instrument = brought(block("b", radio("a1")), language="Klingon")
        assert instrument.language == "en"
        assert kept(imported, "Klingon") == ["en"]

    def test_content_variants_are_notes_with_conditions(self):
        yes = {"==": [of_answer("a1"), "Yes"]}
        note = {
            "id": "told",
            "type": "Interstitial",
            "content_variants": [
                {
                    "when": yes,
                    "content": {"title": "Good", "contents": [{"description": "Go on."}]},
                },
                {"when": {"not": [yes]}, "content": {"title": "Pity"}},
            ],
        }
        _, instrument = brought(block("b", radio("a1")), note)
        page = instrument.page("told")
        shown = [each.label for each in route(instrument, {"b": "yes"}).items_of(page)]
        assert shown == ["Good"]
        assert [each.label for each in route(instrument, {}).items_of(page)] == ["Pity"]
