"""What the texts of an eq schema become: markup, piping and guidance."""

from tests.surveys.interchange.eq import answer, block, of_answer, piped, radio
from tests.surveys.interchange.eq_imported import brought, kept


class TestTexts:
    def test_markup_and_entities_become_plain_text(self):
        imported, instrument = brought(
            block(
                "plain",
                radio("a1"),
                title="Did you do <strong>R&amp;D</strong>?<script>steal()</script>",
            )
        )
        assert instrument.items.__next__().label == "Did you do R&D?"
        assert kept(imported, "<script>")

    def test_piping_becomes_fills(self):
        name = {"source": "metadata", "identifier": "ru_name"}
        start = {"source": "metadata", "identifier": "ref_p_start_date"}
        title = piped(
            "From {start}, did {who} spend {much} on {what}, {owner} own?",
            who=name,
            much=[{"transform": "format_currency", "arguments": {"number": of_answer("a1")}}],
            what=[
                {
                    "transform": "concatenate_list",
                    "arguments": {"list_to_concatenate": [of_answer("a2")], "delimiter": " "},
                }
            ],
            start=[
                {
                    "transform": "format_date",
                    "arguments": {"date_to_format": start, "date_format": "yyyy"},
                }
            ],
            owner=[{"transform": "format_possessive", "arguments": {"string_to_format": name}}],
        )
        _, instrument = brought(
            block("spent", answer("a1", "Currency", currency="GBP")),
            block("thing", answer("a2", "TextField")),
            block("asked", radio("a3"), title=title),
        )
        assert instrument.item("asked").label == (
            "From {first_year}, did {firm} spend {answer:spent} on {answer:thing}, {firm}’s own?"
        )

    def test_piping_without_a_fill_is_listed_and_stays_readable(self):
        title = piped(
            "About {thing}?", thing={"source": "supplementary_data", "identifier": "product"}
        )
        imported, instrument = brought(block("about", radio("a1"), title=title))
        assert instrument.item("about").label == "About [thing]?"
        assert kept(imported, "piping of supplementary_data product") == ["[thing]"]

    def test_braces_of_a_text_are_no_fills(self):
        _, instrument = brought(block("set", radio("a1"), title="The set {a, b}?"))
        assert instrument.item("set").label == "The set (a, b)?"

    def test_guidance_and_definitions_are_kept_with_their_lists(self):
        more = {
            "definitions": [{"title": "Staff", "contents": [{"description": "People paid."}]}],
            "guidance": {
                "contents": [{"description": "<b>Include:</b>"}, {"list": ["interns", "owners"]}]
            },
            "description": ["<p>An estimate will do.</p>"],
        }
        _, instrument = brought(block("staff", answer("a1", "Number"), question=more))
        staff = instrument.item("staff")
        assert staff.hint == "An estimate will do."
        assert staff.definition == "Staff\nPeople paid.\nInclude:\n• interns\n• owners"
