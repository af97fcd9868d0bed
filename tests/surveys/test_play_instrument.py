"""Playing an instrument with written answers: what is visited, checked, stored and refused."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from surveys.questionnaire import FillContext, compile_text
from surveys.questionnaire.playing import play

AUTHORED = """
instrument: played
version: '1'
title: Played
sections:
  - name: main
    title: Main
    pages:
      - name: start
        title: Start
        items:
          - {name: welcome, kind: note, label: Welcome}
          - name: did
            kind: single_choice
            label: Did you?
            variable: '10'
            codes: [{value: 'yes', label: Certainly}, {value: 'no', label: Not at all}]
          - {name: why, kind: text, label: Why?, when: did = 'yes'}
      - name: which
        title: Which
        when: did = 'yes'
        items:
          - name: kinds
            kind: multiple_choice
            label: Which?
            codes:
              - {value: a, label: First, variable: '21'}
              - {value: b, label: Second, variable: '22'}
              - {value: none, label: None, exclusive: yes, variable: '23'}
      - name: costs
        title: Costs of {firm}
        items:
          - {name: cost, kind: number, label: How much?, minimum: 0, required: hard}
          - {name: last, kind: number, label: How much before?}
        edits:
          - {name: jump, severity: soft, when: cost > 10 * before, message: 'From {answer:did}?', items: [cost]}
      - name: total
        title: Total
        items:
          - {name: both, kind: computed, label: Both, expression: 'sum(cost, before)'}
      - name: sites
        title: Sites
        items:
          - name: site
            kind: roster
            label: Sites
            thing: site
            things: sites
            items:
              - {name: town, kind: text, label: Town}
              - {name: owned, kind: single_choice, label: Owned?, codes: [{value: 'yes', label: Yes}, {value: 'no', label: No}]}
""".replace("{name: last, kind", "{name: before, kind")


@pytest.fixture
def instrument():
    return compile_text(AUTHORED)


def played(instrument, **answers):
    return play(instrument, answers, {}, FillContext("Acme", 2022, 2024))


def pages(told):
    return [page.page for page in told.pages]


def test_pages_are_visited_in_the_order_of_the_route(instrument):
    assert pages(played(instrument, did="no")) == ["start", "costs", "total", "sites"]
    assert pages(played(instrument, did="yes")) == ["start", "which", "costs", "total", "sites"]


def test_answers_may_be_named_and_worded_as_in_the_survey_of_origin(instrument):
    told = played(instrument, **{"10": "certainly", "21": True, "22": False})
    assert told.stored == {"did": "yes", "kinds": ["a"]}
    assert played(instrument, **{"10": "certainly", "kinds": ["Second", "21"]}).stored["kinds"] == [
        "a",
        "b",
    ]
    assert told.variables == ("10", "why", "21", "22", "23", "cost", "before", "both", "site")


def test_answers_off_the_route_are_told_and_not_stored(instrument):
    told = played(instrument, did="no", why="because", kinds=["a"])
    assert told.stored == {"did": "no"}
    assert set(told.off_route) == {"why", "kinds"}


def test_names_that_no_item_has_are_told(instrument):
    assert played(instrument, did="no", nothing=3, welcome="x").unknown == ("nothing", "welcome")


def test_a_wrong_answer_is_told_blocks_and_is_not_stored(instrument):
    told = played(instrument, did="no", cost=-1)
    assert told.stored == {"did": "no", "cost": None}
    costs = told.pages[1]
    assert costs.is_blocked
    assert [(spoken.page, spoken.edit, spoken.severity) for spoken in told.edits] == [
        ("costs", "", "hard"),
        ("costs", "cost.required", "hard"),
    ]


def test_edits_speak_with_the_firm_s_own_words(instrument):
    told = played(instrument, did="no", cost=100, before=2)
    (spoken,) = told.edits
    assert (spoken.edit, spoken.severity, spoken.message) == ("jump", "soft", "From Not at all?")
    assert not told.pages[1].is_blocked
    assert told.pages[1].title == "Costs of Acme"


def test_computed_values_and_pages_without_an_answer_are_told(instrument):
    told = played(instrument, did="no", cost=3, before=4)
    assert told.computed == {"both": 7}
    assert told.unanswered == ("sites",)


def test_entries_of_a_roster_get_a_name_of_their_own(instrument):
    told = played(
        instrument, did="no", cost=1, site=[{"town": "Leeds", "owned": "Yes"}, {"town": "Bath"}]
    )
    assert told.stored["site"] == [
        {"entry": "e0001", "town": "Leeds", "owned": "yes"},
        {"entry": "e0002", "town": "Bath"},
    ]
    assert not told.edits


def test_known_values_open_the_way(instrument):
    text = AUTHORED.replace("did = 'yes'\n        items:", "frame.employees > 9\n        items:")
    with_frame = compile_text(text)
    context = FillContext("Acme", 2022, 2024)
    assert "which" in pages(play(with_frame, {}, {"frame.employees": 10}, context))
    assert "which" not in pages(play(with_frame, {}, {}, context))


@pytest.mark.django_db
class TestCommand:
    @pytest.fixture
    def files(self, tmp_path):
        (tmp_path / "played.yaml").write_text(AUTHORED)
        (tmp_path / "answers.json").write_text(json.dumps({"did": "yes", "cost": 2}))
        return tmp_path

    def run(self, *arguments):
        out = StringIO()
        try:
            call_command("play_instrument", *(str(each) for each in arguments), stdout=out)
        except SystemExit as stop:
            return out.getvalue(), stop.code
        return out.getvalue(), 0

    def test_the_report_tells_pages_edits_values_and_variables(self, files):
        report = files / "report.json"
        out, status = self.run(
            files / "played.yaml", "--answers", files / "answers.json", "--report", report
        )
        told = json.loads(report.read_text())
        assert status == 0
        assert [page["page"] for page in told["pages"]] == [
            "start",
            "which",
            "costs",
            "total",
            "sites",
        ]
        assert told["stored"] == {"did": "yes", "cost": 2}
        assert told["counts"] == json.loads(out)["counts"]

    def test_a_published_instrument_is_named_with_or_without_its_version(self, files):
        call_command("import_instrument", str(files / "played.yaml"), stdout=StringIO())
        for name in ("played", "played@1"):
            out, status = self.run(name, "--answers", files / "answers.json")
            assert status == 0
            assert json.loads(out)["counts"]["pages"] == 5

    def test_names_that_no_item_has_end_with_status_1(self, files):
        (files / "answers.json").write_text('{"nothing": 1}')
        out, status = self.run(files / "played.yaml", "--answers", files / "answers.json")
        assert status == 1
        assert json.loads(out)["unknown"] == ["nothing"]

    @pytest.mark.parametrize("text", ["{", "[1]", "\x00", "[" * 90_000])
    def test_answers_that_are_none_are_refused_without_being_quoted(self, files, text):
        (files / "answers.json").write_text(text)
        with pytest.raises(CommandError, match=r"is not (JSON|a JSON object)"):
            self.run(files / "played.yaml", "--answers", files / "answers.json")
