"""What the bounds, sums and totals of an eq schema become."""

from surveys.questionnaire import route
from tests.surveys.interchange.eq import answer, block, of_answer, radio
from tests.surveys.interchange.eq_imported import brought, kept, spoken


class TestChecks:
    def test_a_bound_from_an_earlier_answer_is_an_edit(self):
        part = answer("a2", "Number", maximum={"value": of_answer("a1"), "exclusive": False})
        _, instrument = brought(block("whole", answer("a1", "Number")), block("piece", part))
        assert spoken(instrument, "piece", {"whole": 5, "piece": 6})
        assert not spoken(instrument, "piece", {"whole": 5, "piece": 5})
        assert not spoken(instrument, "piece", {"piece": 6})

    def test_an_exclusive_bound_refuses_the_bound_itself(self):
        more = answer("a1", "Number", minimum={"value": 0, "exclusive": True})
        _, instrument = brought(block("more", more))
        assert spoken(instrument, "more", {"more": 0})
        assert not spoken(instrument, "more", {"more": 1})

    def test_a_calculated_question_checks_its_sum(self):
        parts = [answer("a1", "Percentage", "Home"), answer("a2", "Percentage", "Abroad")]
        sums = {
            "calculation_type": "sum",
            "value": 100,
            "answers_to_calculate": ["a1", "a2"],
            "conditions": ["equals"],
        }
        _, instrument = brought(
            block("sales", *parts, question={"type": "Calculated", "calculations": [sums]})
        )
        home, abroad = (each.name for each in instrument.pages[0].items)
        assert spoken(instrument, "sales", {home: 60, abroad: 30})
        assert not spoken(instrument, "sales", {home: 60, abroad: 40})
        assert not spoken(instrument, "sales", {})

    def test_a_sum_may_be_compared_with_an_earlier_total(self):
        sums = {
            "calculation_type": "sum",
            "answer_id": "a0",
            "answers_to_calculate": ["a1", "a2"],
            "conditions": ["less than", "equals"],
        }
        parts = [answer("a1", "Number", "Home"), answer("a2", "Number", "Abroad")]
        _, instrument = brought(
            block("total", answer("a0", "Number")),
            block("parts", *parts, question={"type": "Calculated", "calculations": [sums]}),
        )
        home, abroad = (each.name for each in instrument.pages[1].items)
        assert spoken(instrument, "parts", {"total": 5, home: 3, abroad: 3})
        assert not spoken(instrument, "parts", {"total": 5, home: 2, abroad: 2})

    def test_the_dates_of_a_range_are_in_order(self):
        dates = [answer("a1", "Date", "From"), answer("a2", "Date", "To")]
        _, instrument = brought(block("period", *dates, question={"type": "DateRange"}))
        start, end = (each.name for each in instrument.pages[0].items)
        assert spoken(instrument, "period", {start: "2024-03-01", end: "2024-02-01"})
        assert not spoken(instrument, "period", {start: "2024-03-01", end: "2024-03-01"})

    def test_a_bound_that_rests_on_today_is_listed(self):
        imported, _ = brought(block("day", answer("a1", "Date", maximum={"value": "now"})))
        assert kept(imported, "the maximum of a date")


class TestTotals:
    def test_calculated_summaries_play_sums_back_and_grand_ones_sum_them(self):
        def total(name, kind, title, *sources):
            return {
                "id": name,
                "type": kind,
                "page_title": title,
                "title": "Is this right?",
                "calculation": {"title": title, "operation": {"+": list(sources)}},
            }

        of_total = {"source": "calculated_summary", "identifier": "sub"}
        _imported, instrument = brought(
            block("one", answer("a1", "Currency", currency="GBP")),
            block("two", answer("a2", "Number")),
            total("sub", "CalculatedSummary", "Sub total", of_answer("a1"), of_answer("a2")),
            block("three", answer("a3", "Number")),
            total("all", "GrandCalculatedSummary", "Grand total", of_total, of_answer("a3")),
            block("much", radio("a4"), skip_conditions={"when": {"<": [of_total, 10]}}),
        )
        answers = {"one": {"amount": 7, "unit": "units"}, "two": 4, "three": 1}
        way = route(instrument, answers)
        assert way.answers["total_sub_total"] == 11
        assert way.answers["total_grand_total"] == 12
        assert way.holds("much")
        assert not route(instrument, {"two": 4}).holds("much")
