from analysis.tables.regression_notes import MADE_DATA, source_notes


def test_the_source_names_survey_wave_period_and_response():
    provenance = {
        "survey": "knowledge",
        "survey_title": "Knowledge sourcing",
        "wave_title": "Wave 2025",
        "reference_period": "2023 to 2025",
        "n_responding": 1200,
        "n_sampled": 2400,
        "origin": "collected",
        "made_data": False,
    }

    assert source_notes(provenance) == (
        "Source: Knowledge sourcing, Wave 2025; reference period 2023 to 2025; "
        "1\u202f200 responses of 2\u202f400 firms drawn.",
    )


def test_an_imported_wave_tells_its_source_and_no_response_that_it_did_not_see():
    provenance = {
        "survey": "acti",
        "wave_title": "ACTI 2014",
        "source": "INEC.",
        "origin": "imported",
        "n_responding": 2610,
        "n_sampled": 2610,
    }

    assert source_notes(provenance) == ("Source: acti, ACTI 2014; INEC.",)


def test_made_data_are_declared():
    assert source_notes({"survey": "s", "made_data": True}) == ("Source: s.", MADE_DATA)
