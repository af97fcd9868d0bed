"""What every type of answer of an eq schema becomes."""

from surveys.interchange.report import report
from surveys.questionnaire import route
from tests.surveys.interchange.eq import answer, block, checkbox, of_answer, radio
from tests.surveys.interchange.eq_imported import brought, kept, spoken


class TestAnswers:
    def test_types_become_kinds(self):
        _, instrument = brought(
            block("choose", radio("a1")),
            block("pick", {**radio("a2"), "type": "Dropdown"}),
            block("tick", checkbox("a3", "One", "Two")),
            block("count", answer("a4", "Number", maximum={"value": 50})),
            block("pay", answer("a5", "Currency", currency="NOK")),
            block("part", answer("a6", "Percentage", maximum={"value": 100})),
            block("area", answer("a7", "Unit", unit="area-square-kilometer", decimal_places=2)),
            block("name", answer("a8", "TextField", max_length=40)),
            block("comment", answer("a9", "TextArea", max_length=900)),
            block(
                "day",
                answer("b1", "Date", minimum={"value": "2020-01-31", "offset_by": {"months": 1}}),
            ),
            block("month", answer("b2", "MonthYearDate")),
            block("year", answer("b3", "YearDate")),
        )
        kinds = [type(each).__name__ for each in instrument.items]
        assert kinds == [
            "SingleChoice",
            "SingleChoice",
            "MultipleChoice",
            "Number",
            "Money",
            "Share",
            "Number",
            "Text",
            "Text",
            "Date",
            "Date",
            "Year",
        ]
        assert instrument.item("area").unit == "square kilometer"
        assert instrument.item("area").decimals == 2
        assert instrument.item("pay").currency == "NOK"
        assert instrument.item("name").max_length == 40
        assert instrument.item("comment").long
        assert instrument.item("day").minimum == "2020-02-29"
        assert instrument.item("month").precision == "month"

    def test_several_lines_of_an_address_and_units_of_a_duration_are_items(self):
        imported, instrument = brought(
            block("home", answer("a1", "Address", "Where?")),
            block("time", answer("a2", "Duration", "How long?", units=["years", "months"])),
        )
        assert len(instrument.pages[0].items) == 4
        years, months = instrument.pages[1].items
        assert (years.unit, months.unit, months.maximum) == ("years", "months", 11)
        assert kept(imported, "an address as one answer")
        assert kept(imported, "a duration as one answer")

    def test_q_codes_of_answers_and_options_are_variables(self):
        chosen = checkbox("a2", "One", "Two")
        chosen["options"][0]["q_code"] = "0201"
        imported, instrument = brought(
            block("first", radio("a1", q_code="0100")), block("more", chosen)
        )
        told = report(imported, instrument)
        assert told["output_variables"] == {"count": 2, "names": ["0100", "0201"]}

    def test_an_option_that_asks_for_more_is_a_code_with_specify(self):
        options = radio("a1", "Known", "Other")
        options["options"][1]["detail_answer"] = answer("a1-other", "TextField", "Which other?")
        then = block(
            "then", radio("a2"), skip_conditions={"when": {"==": [of_answer("a1-other"), None]}}
        )
        _, instrument = brought(block("kind", options), then)
        assert instrument.item("kind.other").label.startswith("Which other?")
        assert not route(instrument, {"kind": "known"}).holds("then")
        assert route(instrument, {"kind": "other", "kind.other": "mine"}).holds("then")

    def test_options_made_from_an_earlier_answer_are_offered_where_it_was_chosen(self):
        dynamic = checkbox("a2", "None of them")
        dynamic["dynamic_options"] = {"values": of_answer("a1"), "transform": {"map": [{}, []]}}
        _imported, instrument = brought(
            block("used", checkbox("a1", "Loans", "Grants")), block("best", dynamic)
        )
        codes = {code.label: code.universe for code in instrument.item("best").codes}
        assert list(codes) == ["Loans", "Grants", "None of them"]
        assert codes["Loans"].holds({"used": ["loans"]})
        assert not codes["Loans"].holds({"used": ["grants"]})

    def test_one_box_to_tick_gets_a_second_code(self):
        imported, instrument = brought(block("agree", checkbox("a1", "I agree")))
        assert [code.label for code in instrument.item("agree").codes] == ["I agree", "No"]
        assert kept(imported, "one box to tick")

    def test_mandatory_answers_are_required(self):
        _, instrument = brought(
            block("must", radio("a1", mandatory=True)), block("may", radio("a2"))
        )
        assert instrument.item("must").required == "hard"
        assert instrument.item("may").required == "none"

    def test_an_unknown_type_is_a_text_and_listed(self):
        imported, instrument = brought(block("odd", answer("a1", "Hologram")))
        assert type(instrument.item("odd")).__name__ == "Text"
        assert kept(imported, "Hologram") == ["a text"]

    def test_codes_are_short_and_unique(self):
        long = "A very long answer indeed that goes on and on without an end in sight "
        _, instrument = brought(
            block("long", radio("a1", long + "one", long + "two", "Ångström", "第一"))
        )
        codes = [code.value for code in instrument.item("long").codes]
        assert len(set(codes)) == 4
        assert max(map(len, codes)) <= 32
        assert codes[2] == "angstrom"


class TestMutuallyExclusive:
    def test_a_box_that_excludes_the_others_is_an_exclusive_code(self):
        none = checkbox("a2", "None")
        none["options"][0]["q_code"] = "0199"
        asked = block(
            "which", checkbox("a1", "One", "Two"), none, question={"type": "MutuallyExclusive"}
        )
        _, instrument = brought(asked)
        codes = instrument.item("which").codes
        assert [code.exclusive for code in codes] == [False, False, True]
        assert codes[2].variable == "0199"

    def test_a_number_and_an_excluding_box_are_two_items_with_an_edit(self):
        number = answer("a1", "Number", "How many?")
        asked = block(
            "staff", number, checkbox("a2", "Not known"), question={"type": "MutuallyExclusive"}
        )
        _, instrument = brought(asked)
        first, second = instrument.pages[0].items
        both = {first.name: 3, second.name: "not_known"}
        assert len(spoken(instrument, "staff", both)) == 1
        assert not spoken(instrument, "staff", {first.name: 3})
        assert not spoken(instrument, "staff", {second.name: "not_known"})
