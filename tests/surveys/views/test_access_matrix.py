"""Every research URL for every person. A new URL without a row fails."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import URLPattern, reverse

from surveys.actions import contacts, drafts
from surveys.models import Case, FrameUpload, Invitation, Mailing, Membership, Survey, User, Wave
from surveys.urls import urlpatterns as all_patterns
from surveys.views.research_urls import urlpatterns
from tests.factories import (
    NOON,
    make_frame,
    make_member,
    make_response,
    make_survey,
    make_unit,
    make_user,
    make_weighting,
)
from tests.surveys.views.world import case_with_code, open_wave

ROLES = {
    "a": Membership.Role.OWNER,
    "m": Membership.Role.METHODOLOGIST,
    "b": Membership.Role.FIELDWORK_MANAGER,
    "i": Membership.Role.INTERVIEWER,
    "c": Membership.Role.ANALYST,
    "v": Membership.Role.VIEWER,
}
EVERYONE, OWNER, DESIGN, FIELD, CALLS, ANALYSIS = "ambicv", "a", "am", "ab", "abi", "ac"
IN_THEIR_OWN_WORDS = "An answer that a firm gave in its own words"

# name: (method, who may by the letters of ROLES, status for who may)
ROWS: dict[str, tuple[str, str, int]] = {
    "surveys": ("get", EVERYONE, 200),
    "survey": ("get", EVERYONE, 200),
    "new_survey": ("get", OWNER, 200),
    "describe": ("get", OWNER, 200),
    "new_wave": ("get", DESIGN, 200),
    "import": ("get", DESIGN, 200),
    "import_problems": ("post", DESIGN, 400),
    "frames": ("get", DESIGN, 200),
    "frame_upload": ("get", DESIGN, 200),
    "frame_progress": ("get", DESIGN, 200),
    "load_frame_again": ("post", DESIGN, 302),
    "discard_frame_file": ("post", DESIGN, 302),
    "frame_problems": ("get", DESIGN, 200),
    "frame_version": ("get", DESIGN, 200),
    "frame_changes": ("get", DESIGN, 200),
    "enterprise": ("get", DESIGN, 200),
    "burden": ("get", DESIGN, 200),
    "burden_file": ("get", DESIGN, 200),
    "choose_frame": ("post", DESIGN, 302),
    "panel": ("get", EVERYONE, 200),
    "panel_download": ("post", ANALYSIS, 302),
    "people": ("get", EVERYONE, 200),
    "role": ("post", OWNER, 302),
    "remove_member": ("post", OWNER, 302),
    "code_lists": ("get", DESIGN, 200),
    "code_list": ("get", DESIGN, 200),
    "download_code_list": ("get", DESIGN, 200),
    "drafts": ("get", DESIGN, 200),
    "new_draft": ("get", DESIGN, 200),
    "draft": ("get", DESIGN, 200),
    "change_draft": ("post", DESIGN, 302),
    "remove_from_draft": ("get", DESIGN, 302),
    "preview_draft": ("post", DESIGN, 200),
    "draft_condition": ("post", DESIGN, 200),
    "draft_library": ("get", DESIGN, 200),
    "draft_translations": ("get", DESIGN, 200),
    "draft_catalogue": ("get", DESIGN, 302),
    "draft_history": ("get", DESIGN, 200),
    "undo_draft": ("post", DESIGN, 302),
    "try_draft": ("get", DESIGN, 200),
    "reset_trial": ("post", DESIGN, 302),
    "fill_in_trial": ("post", DESIGN, 302),
    "trial_language": ("post", DESIGN, 302),
    "trial_check": ("get", DESIGN, 200),
    "trial_receipt": ("get", DESIGN, 302),
    "trial_page": ("get", DESIGN, 200),
    "trial_entry": ("get", DESIGN, 302),
    "trial_remove": ("get", DESIGN, 302),
    "trial_section": ("get", DESIGN, 200),
    "trial_copy": ("get", DESIGN, 200),
    "trial_lookup": ("post", DESIGN, 404),
    "trial_last_wave": ("post", DESIGN, 302),
    "trial_frame": ("post", DESIGN, 302),
    "publish_draft": ("get", DESIGN, 200),
    "draft_files": ("get", DESIGN, 200),
    "download_draft": ("get", DESIGN, 200),
    "delete_draft": ("post", DESIGN, 302),
    "wave": ("get", EVERYONE, 200),
    "plan_wave": ("get", DESIGN, 200),
    "open_field": ("get", FIELD, 200),
    "close_field": ("get", FIELD, 200),
    "closing_rules": ("post", FIELD, 422),
    "freeze": ("post", FIELD, 302),
    "end_reopened": ("post", FIELD, 302),
    "reopen_case": ("post", FIELD, 302),
    "instrument": ("get", EVERYONE, 200),
    "on_paper": ("get", EVERYONE, 200),
    "codebook": ("get", EVERYONE, 200),
    "publish": ("get", DESIGN, 200),
    "frame": ("get", EVERYONE, 200),
    "sample": ("get", EVERYONE, 200),
    "plan_sample": ("post", DESIGN, 302),
    "sample_plan": ("get", DESIGN, 302),
    "draw_sample": ("get", DESIGN, 302),
    "sample_work": ("get", DESIGN, 200),
    "contacts": ("get", EVERYONE, 200),
    "issue_all": ("post", FIELD, 302),
    "contact_offer": ("post", FIELD, 302),
    "contact_new": ("get", FIELD, 200),
    "contact_run": ("get", FIELD, 200),
    "contact_step": ("get", FIELD, 200),
    "contact_remove": ("post", FIELD, 302),
    "contact_send": ("post", FIELD, 302),
    "contact_withdraw": ("post", FIELD, 302),
    "contact_test": ("post", FIELD, 302),
    "contact_progress": ("get", EVERYONE, 200),
    "make_letters": ("post", FIELD, 302),
    "sample_letter": ("get", FIELD, 302),
    "letters_again": ("post", FIELD, 302),
    "forget_letters": ("post", FIELD, 302),
    "letters_file": ("get", FIELD, 302),
    "calls": ("get", CALLS, 200),
    "assign_calls": ("post", FIELD, 302),
    "share_out_calls": ("post", FIELD, 302),
    "list_calls": ("post", FIELD, 302),
    "record_call": ("post", FIELD, 422),
    "correct_contact": ("post", FIELD, 422),
    "fill_in": ("post", FIELD, 302),
    "fieldwork": ("get", EVERYONE, 200),
    "cases": ("get", "ambc", 200),
    "refresh_fieldwork": ("post", FIELD, 302),
    "fieldwork_target": ("post", FIELD, 302),
    "case": ("get", FIELD, 200),
    "outcome": ("post", FIELD, 422),
    "review": ("get", OWNER, 200),
    "accept": ("post", OWNER, 302),
    "return_to_firm": ("post", OWNER, 422),
    "correct": ("get", OWNER, 200),
    "issue_code": ("post", FIELD, 200),
    "rotate_codes": ("post", FIELD, 200),
    "revoke_code": ("post", FIELD, 302),
    "disposition": ("post", FIELD, 422),
    "reopen": ("post", FIELD, 404),
    "weights": ("get", EVERYONE, 200),
    "new_weights": ("get", DESIGN, 200),
    "weighting": ("get", EVERYONE, 200),
    "publish_weights": ("post", DESIGN, 302),
    "download_weights": ("post", ANALYSIS, 200),
    "data": ("get", EVERYONE, 200),
    "data_codebook": ("get", EVERYONE, 200),
    "extract": ("post", ANALYSIS, 200),
    "answers": ("post", ANALYSIS, 200),
    "answers_codebook": ("get", EVERYONE, 200),
    "paradata": ("post", ANALYSIS, 200),
    "previous_wave": ("post", FIELD, 302),
}
# Pages of no survey: whoever is logged in, may.
OF_NO_SURVEY: dict[str, tuple[str, int]] = {
    "gallery": ("/research/gallery/", 200),
    "gallery_state": ("/research/gallery/filled/", 200),
    "gallery_search": ("/research/gallery/search/industry/", 405),
}
NAMES = [pattern.name for pattern in urlpatterns]
CHANGING = [name for name, (method, _, _) in ROWS.items() if method == "post"]


@pytest.fixture
def wave(survey: Survey) -> Wave:
    return open_wave(survey)


@pytest.fixture
def parts(wave: Wave, ada: User) -> dict[str, object]:
    case, invitation = case_with_code(wave)
    make_weighting(wave)
    unit = make_unit(make_frame(wave.survey))
    upload = FrameUpload.objects.create(survey=wave.survey, original_name="list.csv", at=NOON)
    document = wave.instrument.document
    draft = drafts.create(survey=wave.survey, document=document, by=None, at=NOON)
    step = contacts.offer_protocol(wave=wave, languages=["en"], by=None, at=NOON)[0]
    return {
        "mailing": Mailing.objects.create(step=step, total=0, asked_at=NOON).pk,
        "draft": draft.slug,
        "name": "nace",
        "version": "2.1",
        "page": "size",
        "section": "firm",
        "item": "none",
        "entry": "k3f9",
        "step": 1,
        "contact": step.pk,
        "draft_format": "yaml",
        "survey": wave.survey.slug,
        "wave": wave.slug,
        "case": case.public_id,
        "invitation": invitation.pk,
        "file_format": "csv",
        "table": "firms",
        "number": 1,
        "enterprise": unit.enterprise.pk,
        "upload": upload.pk,
        "member": Membership.objects.get(user=ada).pk,
    }


@pytest.fixture
def people(ada: User, ben: User, eve: User, survey: Survey) -> dict[str, User | AnonymousUser]:
    members = {"a": ada, "b": ben}
    for letter, role in ROLES.items():
        if letter not in members:
            members[letter] = make_user(role.value)
            make_member(members[letter], survey, role)
    operator = make_user("operator", is_superuser=True)
    return {"anonymous": AnonymousUser(), "eve": eve, **members, "op": operator}


def address(name: str, parts: dict[str, object]) -> str:
    pattern = next(each for each in urlpatterns if each.name == name)
    wanted = pattern.pattern.converters
    return reverse(f"surveys:{name}", kwargs={key: parts[key] for key in wanted})


def status(name: str, parts: dict[str, object], person: User | AnonymousUser) -> int:
    client = Client()
    if isinstance(person, User):
        client.force_login(person)
    return getattr(client, ROWS[name][0])(address(name, parts)).status_code


def test_every_research_url_has_its_row() -> None:
    assert sorted(NAMES) == sorted(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_a_page_opens_for_who_may_and_for_nobody_else(name, parts, people) -> None:
    _, who, expected = ROWS[name]

    found = {label: status(name, parts, person) for label, person in people.items()}

    assert found == {
        "anonymous": 302,
        "eve": 200 if name in ("surveys", "new_survey") else 404,
        **{label: expected if label in who else 403 for label in EVERYONE},
        "op": expected,
    }


def test_every_page_below_research_is_in_one_of_the_tables() -> None:
    below = [each for each in all_patterns if str(each.pattern).startswith("research/")]
    alone = {each.name for each in below if isinstance(each, URLPattern)}

    assert alone == set(OF_NO_SURVEY)


@pytest.mark.parametrize("name", OF_NO_SURVEY)
def test_a_page_of_no_survey_opens_for_whoever_is_logged_in(name, people) -> None:
    url, expected = OF_NO_SURVEY[name]
    found = {}
    for label, person in people.items():
        client = Client()
        if isinstance(person, User):
            client.force_login(person)
        found[label] = client.get(url).status_code

    anonymous = found.pop("anonymous")
    assert anonymous == (405 if expected == 405 else 302)
    assert set(found.values()) == {expected}


def test_who_is_not_logged_in_is_sent_to_the_log_in_page(parts) -> None:
    response = Client().get(address("fieldwork", parts))

    assert response.url == "/login/?next=/research/knowledge/2025/fieldwork/"


@pytest.mark.parametrize("name", ["survey", "wave", "fieldwork", "case"])
def test_a_survey_that_is_not_there_looks_like_one_of_other_people(name, parts, eve: User) -> None:
    absent = status(name, parts | {"survey": "nowhere"}, eve)

    assert absent == status(name, parts, eve) == 404


def test_the_list_of_surveys_shows_nobody_the_surveys_of_others(client: Client, eve: User) -> None:
    client.force_login(eve)

    response = client.get("/research/")

    assert [survey.slug for survey in response.context["surveys"]] == ["other"]
    assert b"nowledge" not in response.content


@pytest.mark.parametrize(
    "name", ["case", "issue_code", "rotate_codes", "revoke_code", "disposition", "reopen"]
)
def test_a_case_of_another_survey_is_not_found_under_ones_own(name, parts, ada: User) -> None:
    foreign = open_wave(make_survey("foreign"))
    case, invitation = case_with_code(foreign)
    swapped = parts | {"case": case.public_id, "invitation": invitation.pk}

    assert status(name, swapped, ada) == 404
    assert Invitation.objects.filter(case=case, revoked_at=None).count() == 1


def test_a_code_of_another_case_is_not_revoked(parts, wave: Wave, ada: User) -> None:
    _, invitation = case_with_code(wave, "F0002")

    assert status("revoke_code", parts | {"invitation": invitation.pk}, ada) == 404
    assert Invitation.objects.get(pk=invitation.pk).revoked_at is None


@pytest.mark.parametrize("name", CHANGING)
def test_what_changes_something_is_not_done_by_following_a_link(name, parts, ada: User) -> None:
    client = Client()
    client.force_login(ada)

    assert client.get(address(name, parts)).status_code == 405


@pytest.mark.parametrize("name", [name for name in ROWS if name not in CHANGING])
def test_a_page_stays_in_no_cache(name, parts, ada: User) -> None:
    client = Client()
    client.force_login(ada)

    assert "no-store" in client.get(address(name, parts))["Cache-Control"]


def pages_that_show(text: str, parts: dict[str, object], person: User) -> list[str]:
    client = Client()
    client.force_login(person)
    pages = [name for name in ROWS if name not in CHANGING]
    return [name for name in pages if text.encode() in client.get(address(name, parts)).content]


@pytest.mark.parametrize("letter", "micv")
def test_who_need_not_reach_firms_sees_no_name_of_one(letter: str, parts, people) -> None:
    firm = Case.objects.get().firm_name

    assert pages_that_show(firm, parts, people[letter]) == []
    assert "case" in pages_that_show(firm, parts, people["b"])


@pytest.mark.parametrize("letter", "mbicv")
def test_nobody_but_the_owner_reads_an_answer_on_a_page(letter: str, parts, people) -> None:
    make_response(Case.objects.get(), {"comment": IN_THEIR_OWN_WORDS})

    assert pages_that_show(IN_THEIR_OWN_WORDS, parts, people[letter]) == []


@pytest.mark.parametrize("letter", "mbiv")
def test_who_does_not_analyse_is_handed_no_file_of_answers(letter: str, parts, people) -> None:
    downloads = ["answers", "extract", "paradata"]

    assert [status(name, parts, people[letter]) for name in downloads] == [403, 403, 403]


@pytest.mark.parametrize(
    ("role", "shown"),
    [(Membership.Role.INTERVIEWER, False), (Membership.Role.FIELDWORK_MANAGER, False),
     (Membership.Role.VIEWER, True), (Membership.Role.ANALYST, True)],
)  # fmt: skip
def test_no_page_of_a_wave_leads_to_an_analysis_that_the_person_may_not_read(
    role: str, shown: bool, wave: Wave, client: Client
) -> None:
    person = make_user(f"one-{role}")
    make_member(person, wave.survey, role)
    client.force_login(person)

    for path in (wave.get_absolute_url(), f"{wave.get_absolute_url()}fieldwork/"):
        assert (b"/analysis/" in client.get(path).content) == shown
