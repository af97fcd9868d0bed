"""What the rules, variants, sections and lists of an eq schema become."""

from surveys.questionnaire import route
from tests.surveys.interchange.eq import answer, block, of_answer, question, radio, schema, section
from tests.surveys.interchange.eq_imported import brought, kept, refused, whole


class TestRoutes:
    def test_a_goto_backwards_is_listed_and_one_without_condition_refused(self):
        first, second = block("first", radio("a1")), block("second", radio("a2"))
        back = {"block": "first", "when": {"==": [of_answer("a2"), "No"]}}
        second["routing_rules"] = [back, {"section": "End"}]
        imported, _ = brought(first, second)
        assert kept(imported, "a rule that leads back")
        second["routing_rules"] = [{"block": "first"}]
        assert refused(schema(section("main", first, second))) == ["going_back"]

    def test_a_condition_beyond_the_language_asks_rather_than_not(self):
        region = {"source": "metadata", "identifier": "secret_code"}
        skipped = block("maybe", radio("a2"), skip_conditions={"when": {"==": [region, "X"]}})
        imported, instrument = brought(block("first", radio("a1")), skipped)
        assert route(instrument, {}).holds("maybe")
        assert kept(imported, "a condition on metadata secret_code")

    def test_what_the_frame_knows_may_be_asked(self):
        large = {">": [{"source": "metadata", "identifier": "employees"}, 250]}
        _, instrument = brought(
            block("big", radio("a1"), skip_conditions={"when": {"not": [large]}})
        )
        assert route(instrument, {}, {"frame.employees": 300}).holds("big")
        assert not route(instrument, {}, {"frame.employees": 200}).holds("big")
        assert not route(instrument, {}).holds("big")

    def test_variants_are_items_of_one_page_and_rules_read_them_all(self):
        big = {">": [of_answer("a1"), 10]}
        variants = {
            "id": "how",
            "type": "Question",
            "page_title": "How",
            "question_variants": [
                {"when": big, "question": question("How do you all do?", radio("a2"))},
                {"when": {"not": [big]}, "question": question("How do you do?", radio("a2"))},
            ],
        }
        then = block("then", radio("a3"), skip_conditions={"when": {"==": [of_answer("a2"), "No"]}})
        imported, instrument = brought(block("size", answer("a1", "Number")), variants, then)
        first, second = instrument.page("how").items
        way = route(instrument, {"size": 11})
        assert [each.name for each in way.items_of(instrument.page("how"))] == [first.name]
        assert not route(instrument, {"size": 3, second.name: "no"}).holds("then")
        assert route(instrument, {"size": 3, first.name: "no"}).holds("then")
        assert kept(imported, "several variants")

    def test_sections_open_the_hub_end_with_a_summary_and_have_conditions(self):
        given = schema(
            section("opening", block("go", radio("a1")), summary={"show_on_completion": True}),
            section(
                "rest",
                block("on", radio("a2")),
                enabled={"when": {"==": [of_answer("a1"), "Yes"]}},
                show_on_hub=False,
            ),
            questionnaire_flow={
                "type": "Hub",
                "options": {"required_completed_sections": ["opening"]},
            },
        )
        _, instrument = whole(given)
        opening, rest = instrument.sections
        assert (opening.opens, opening.summary, opening.on_hub) == (True, True, True)
        assert (rest.opens, rest.summary, rest.on_hub) == (False, False, False)
        assert not route(instrument, {"go": "no"}).holds("on")
        assert route(instrument, {"go": "yes"}).holds("on")

    def test_a_rule_about_a_later_section_is_listed_and_lets_the_question_be_asked(self):
        given = schema(
            section(
                "one",
                block("first", radio("a1")),
                enabled={"when": {"==": [of_answer("a2"), "Yes"]}},
            ),
            section("two", block("second", radio("a2"))),
        )
        imported, instrument = whole(given)
        assert route(instrument, {}).holds("first")
        assert kept(imported, "a condition on answers a2")


class TestLists:
    def given(self):
        collector = {
            "id": "sites",
            "type": "ListCollector",
            "for_list": "sites",
            "page_title": "Your sites",
            "question": question("Is there another site?", radio("more")),
            "add_block": block(
                "add",
                answer("size", "Number", "How large?"),
                answer("label", "TextField", "Its name?"),
            ),
            "edit_block": block("edit", answer("label", "TextField")),
            "remove_block": block("remove", radio("sure")),
            "repeating_blocks": [block("use", radio("rented"))],
            "summary": {"title": "Sites", "item_title": "Site"},
        }
        each = section(
            "each",
            block("power", radio("solar")),
            block(
                "sun",
                answer("kw", "Number"),
                skip_conditions={"when": {"==": [of_answer("solar"), "No"]}},
            ),
            repeat={"for_list": "sites", "title": "Site"},
        )
        count = {"==": [{"source": "list", "identifier": "sites", "selector": "count"}, 0]}
        last = section("last", block("why-none", radio("a9")), enabled={"when": count})
        return schema(section("main", collector), each, last)

    def test_a_collector_is_a_roster_whose_entries_begin_with_a_name(self):
        imported, instrument = whole(self.given())
        roster = instrument.pages[0].items[0]
        assert type(roster).__name__ == "Roster"
        assert type(roster.items[0]).__name__ == "Text"
        assert len(roster.pages) == 4
        for words in (
            "another entry",
            "edit_block",
            "remove_block",
            "“summary”",
            "repeated section",
        ):
            assert kept(imported, words), words

    def test_a_repeated_section_asks_every_entry_under_its_own_conditions(self):
        _, instrument = whole(self.given())
        roster = instrument.pages[0].items[0]
        solar, sun = roster.pages[2].items[0].name, roster.pages[3]
        assert sun.universe.holds({solar: "yes"})
        assert not sun.universe.holds({solar: "no"})

    def test_the_number_of_entries_may_be_asked(self):
        _, instrument = whole(self.given())
        roster = instrument.pages[0].items[0]
        assert route(instrument, {}).holds("why_none")
        entry = {"entry": "k3f9", roster.items[0].name.partition(".")[2]: "Leeds"}
        assert not route(instrument, {roster.name: [entry]}).holds("why_none")
