from surveys.fieldwork.paradata import describe

WORDS = {"started": "Started, not submitted", "partial": "Partial at closing"}


def test_a_change_of_disposition_is_told_in_the_words_of_the_field() -> None:
    detail = {"before": "started", "after": "partial"}

    told = describe("disposition", detail, WORDS)

    assert told == "Disposition Started, not submitted → Partial at closing"


def test_a_note_names_its_author() -> None:
    detail = {"before": "started", "after": "refusal", "note": "phone call", "by": "ben"}

    assert describe("disposition", detail, WORDS).endswith("refusal (phone call, ben)")


def test_an_event_of_an_unknown_kind_is_shown_by_its_name() -> None:
    assert describe("letter_returned", {}, WORDS) == "Letter returned"


def test_a_missing_detail_does_not_stop_the_page() -> None:
    assert describe("access_issued", {}, WORDS) == "Access code ?… issued"
