"""From the history of a case to its one final disposition."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.fieldwork.codes import FINAL, GROUP_NAMES, final
from surveys.fieldwork.completeness import Thresholds
from surveys.fieldwork.derivation import PRECEDENCE, TAKES_BACK, Happening, derive
from surveys.fieldwork.dispositions import term
from surveys.fieldwork.rates import outcomes

START = datetime(2026, 9, 1, tzinfo=UTC)


def history(*told: str | tuple[str, float]) -> list[Happening]:
    """Events a day apart, as a kind or as (kind, share of key items)."""
    pairs = [(each, None) if isinstance(each, str) else each for each in told]
    return [
        Happening(kind, START + timedelta(days=day), share)
        for day, (kind, share) in enumerate(pairs)
    ]


def derived(*told: str | tuple[str, float], **choices) -> str:
    return derive(history(*told), **choices).disposition.name


@pytest.mark.parametrize(
    ("told", "name", "code", "group"),
    [
        ((), "not_sent", "3.11", "UH"),
        (("invited",), "non_contact", "2.20", "NC"),
        (("invited", "bounced"), "undelivered", "3.30", "UO"),
        (("invited", "wrong_contact"), "wrong_contact", "3.90", "UO"),
        (("invited", "admitted"), "opened_only", "2.1121", "R"),
        (("invited", "admitted", "begun"), "break_off", "2.12", "R"),
        (("invited", "begun", ("partial", 0.6)), "partial", "1.2", "P"),
        (("invited", "begun", ("partial", 0.2)), "break_off", "2.12", "R"),
        (("invited", "begun", "submitted"), "complete", "1.1", "I"),
        (("invited", ("submitted", 0.7)), "partial", "1.2", "P"),
        (("invited", ("submitted", 0.3)), "break_off", "2.12", "R"),
        (("invited", "refused"), "refusal", "2.111", "R"),
        (("invited", "out_of_business"), "closed", "4.90", "NE"),
        (("invited", "merged"), "merged", "4.90", "NE"),
        (("invited", "out_of_scope"), "out_of_scope", "4.10", "NE"),
        (("invited", "submitted", "duplicate"), "duplicate", "4.81", "NE"),
        (("invited", "phone_no_answer"), "non_contact", "2.20", "NC"),
        (("invited", "phone_reached", "phone_promised"), "promised", "2.30", "O"),
        (("invited", "phone_reached", "unable"), "unable", "2.32", "O"),
        (("invited", "language_barrier"), "language", "2.33", "O"),
        (("invited", "unavailable"), "unavailable", "2.26", "NC"),
        (("invited", "field_closed", "submitted"), "late", "2.27", "NC"),
    ],
)
def test_what_a_history_amounts_to(told, name, code, group) -> None:
    found = derive(history(*told)).disposition

    assert (found.name, found.code, found.group) == (name, code, group)


def test_every_disposition_of_the_table_can_come_about_or_is_given_by_hand() -> None:
    reachable = {name for _, name in PRECEDENCE} | {"not_sent", "nothing_returned"}

    assert reachable == {each.name for each in FINAL}


def test_codes_stand_in_the_group_of_their_first_digit() -> None:
    of_group = {
        "I": "1.1",
        "P": "1.2",
        "R": "2.1",
        "NC": "2.2",
        "O": "2.3",
        "UH": "3.1",
        "NE": "4.",
    }

    assert all(each.code.startswith(of_group.get(each.group, "3.")) for each in FINAL)
    assert {each.group for each in FINAL} == set(GROUP_NAMES)


def test_an_answer_outweighs_the_refusal_before_it_and_the_one_after() -> None:
    assert derived("refused", "submitted") == derived("submitted", "refused") == "complete"


def test_a_firm_that_answered_and_closed_later_is_complete() -> None:
    assert derived("submitted", "out_of_business") == "complete"


def test_a_partial_of_a_firm_that_closed_is_not_eligible() -> None:
    assert derived(("partial", 0.7), "out_of_business") == "closed"


def test_a_refusal_that_was_withdrawn_does_not_count() -> None:
    assert derived("invited", "refused", "refusal_withdrawn") == "non_contact"
    assert derived("refusal_withdrawn", "refused") == "refusal"


def test_a_contact_that_was_corrected_lifts_the_bounce() -> None:
    assert derived("invited", "bounced", "contact_corrected") == "non_contact"
    assert derived("invited", "bounced", "contact_corrected", "bounced") == "undelivered"


def test_a_firm_found_in_scope_after_all_counts_by_what_it_did() -> None:
    assert derived("submitted", "out_of_scope", "found_eligible") == "complete"


def test_answers_that_the_office_sent_back_are_a_partial_until_they_come_again() -> None:
    assert derived(("submitted", 1.0), "returned") == "partial"
    assert derived("submitted", "returned", "submitted") == "complete"


def test_what_came_late_is_a_partial_once_the_case_was_reopened() -> None:
    assert derived("field_closed", "submitted") == "late"
    assert derived("field_closed", "submitted", "reopened") == "partial"


def test_a_case_that_was_reopened_may_answer_after_the_close() -> None:
    assert derived("field_closed", "reopened", "submitted") == "complete"
    assert derived("submitted", "field_closed") == "complete"


def test_what_being_on_the_frame_proves_is_a_choice() -> None:
    assert derived("invited", frame_is="none") == "nothing_returned"
    assert derived("invited", "refused", frame_is="none") == "refusal"


def test_thresholds_are_the_surveys_own() -> None:
    strict = Thresholds(complete=1.0, partial=0.9)

    assert derived(("submitted", 0.95), thresholds=strict) == "partial"
    assert derived(("submitted", 0.85), thresholds=strict) == "break_off"


def test_the_event_that_decided_is_named_and_of_two_alike_the_later() -> None:
    told = history("invited", "submitted", "refused", "submitted")

    assert derive(told).because == told[3]


def test_a_case_that_was_never_sent_has_no_event_to_name() -> None:
    assert derive([]).because is None


def test_events_that_are_no_evidence_are_passed_over() -> None:
    assert derived("invited", "page_left", "language_chosen") == "non_contact"


def test_final_dispositions_count_in_the_rates() -> None:
    counted = outcomes([("opened_only", 2), ("late", 1), ("promised", 1), ("nothing_returned", 3)])

    assert (counted.refusal, counted.non_contact, counted.other) == (2, 1, 1)
    assert (counted.unknown_unit, counted.undetermined) == (3, 3)


@pytest.mark.parametrize("each", FINAL)
def test_a_final_disposition_has_its_term(each) -> None:
    assert term(each.name).final
    assert final(each.name) is each


kinds = st.sampled_from(
    [*(kind for kind, _ in PRECEDENCE), *TAKES_BACK, "field_closed", "page_left"]
)
events = st.lists(
    st.builds(
        Happening,
        kind=kinds,
        at=st.integers(0, 60).map(lambda day: START + timedelta(days=day)),
        share=st.none() | st.floats(0, 1),
    ),
    max_size=12,
)


@given(events)
def test_every_history_has_exactly_one_final_disposition(told) -> None:
    found = derive(told)

    assert found.disposition in FINAL
    assert (found.because is None) == (found.disposition.name == "not_sent")


@given(events, st.randoms())
def test_the_order_in_which_events_are_listed_does_not_matter(told, random) -> None:
    apart = [
        Happening(each.kind, START + timedelta(days=day), each.share)
        for day, each in enumerate(told)
    ]
    shuffled = list(apart)
    random.shuffle(shuffled)

    assert derive(shuffled) == derive(apart)


@given(events)
def test_a_complete_answer_at_last_decides_unless_the_case_was_none_or_the_field_closed(
    told,
) -> None:
    late = START + timedelta(days=99)
    ended = [
        *told,
        Happening("reopened", late),
        Happening("found_eligible", late),
        Happening("submitted", late),
    ]

    assert derive(ended).disposition.name == "complete"
