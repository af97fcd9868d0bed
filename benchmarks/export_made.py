"""A survey of firms with 300 answers each, made in the database for the benchmark of exports.

Answers repeat after fifty firms, so that what an export should hold can be worked out.
"""

# ruff: noqa: PLC0415 -- the environment must be set before Django and its models are imported
import secrets
from typing import Any

PAGES, A_PAGE = 20, 15
VARIABLES = PAGES * A_PAGE
WAVES = ("2024", "2026")
_KINDS = 50


def _document() -> dict[str, Any]:
    """Twenty pages of fifteen choices, half of the pages under a condition."""
    marks = [{"value": f"c{number}", "label": f"Level {number}"} for number in range(4)]
    values = {f"c{number}": number for number in range(4)}
    pages = []
    for page in range(PAGES):
        items = [
            {
                "name": f"q{number}",
                "kind": "single_choice",
                "label": f"How important is {number}?",
                "codes": "marks",
                "bind": {
                    "construct": "sourcing.importance",
                    "at": {"source": f"s{number}"},
                    "values": values,
                },
            }
            for number in range(page * A_PAGE, (page + 1) * A_PAGE)
        ]
        asked = {"when": f"q{(page - 1) * A_PAGE} = 'c1'"} if page % 2 else {}
        pages.append({"name": f"p{page}", "title": f"Page {page}", "items": items, **asked})
    section = {"name": "all", "title": "All", "pages": pages}
    return {
        "instrument": "export",
        "version": "1",
        "title": "Export",
        "codes": {"marks": marks},
        "sections": [section],
    }


def _answers(kind: int) -> dict[str, str]:
    return {f"q{number}": f"c{(number * 7 + kind) % 4}" for number in range(VARIABLES)}


def _counted(answers: dict[str, str]) -> int:
    """The sum of what is on the route: a page under a condition counts where it holds."""
    total = 0
    for page in range(PAGES):
        if page % 2 and answers[f"q{(page - 1) * A_PAGE}"] != "c1":
            continue
        total += sum(int(answers[f"q{n}"][1]) for n in range(page * A_PAGE, (page + 1) * A_PAGE))
    return total


def make(firms: int, *, waves: int) -> tuple[str, int]:
    """A survey with closed waves in each of which all firms answered.

    By what it is named, and the sum of all answers of one wave.
    """
    from django.utils import timezone

    from surveys.actions.instruments import publish_document
    from tests.factories import make_frame, make_survey

    survey = make_survey(f"export-{secrets.token_hex(3)}")
    instrument = publish_document(document=_document(), by=None, at=timezone.now(), survey=survey)
    frame = make_frame(survey)
    kinds = [_answers(kind) for kind in range(_KINDS)]
    for name in WAVES[-waves:]:
        _make_wave(survey, name, firms, kinds, instrument=instrument, frame=frame)
    if waves > 1:
        _link(frame, firms)
    said = [_counted(each) for each in kinds]
    return survey.slug, sum(said[number % _KINDS] for number in range(firms))


def _make_wave(survey: Any, name: str, firms: int, kinds: list[dict[str, str]], **of: Any) -> None:
    from django.utils import timezone

    from tests.factories import make_case, make_response, make_stratum, make_wave

    now = timezone.now()
    years = {"reference_first_year": int(name) - 2, "reference_last_year": int(name)}
    wave = make_wave(survey, name, state="closed", closed_at=now, **years, **of)
    stratum = make_stratum(wave, "all", population=4 * firms, drawn=firms)
    for number, answers in enumerate(kinds):
        case = make_case(wave, stratum, f"F{number:06}", design_weight=4.0, disposition="complete")
        make_response(case, answers, submitted_at=now, reference=f"R{number:06}", revision=PAGES)
    _multiply(wave.pk, firms)


def _link(frame: Any, firms: int) -> None:
    """The firms as units of the frame, each that of its cases."""
    from django.db import connection

    from surveys.models import Unit

    known = {"name": "Firm", "size_class": "10-49", "industry": "C", "region": "NO"}
    made = (
        Unit(
            frame=frame,
            register_id=f"F{number:06}",
            permanent_random_number=number / firms,
            **known,
        )
        for number in range(firms)
    )
    Unit.objects.bulk_create(made, batch_size=5_000)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE surveys_case SET unit_id = unit.id FROM surveys_unit unit"
            " WHERE unit.frame_id = %s AND unit.register_id = surveys_case.pseudonym",
            [frame.pk],
        )
        cursor.execute("ANALYZE surveys_case, surveys_unit")


def _multiply(wave: int, firms: int) -> None:
    """Copies of the first cases and of their responses until there are so many."""
    from django.db import connection

    from surveys.models import Case, Response

    made = {"pseudonym": "'F' || lpad(n::text, 6, '0')", "public_id": "gen_random_uuid()"}
    cases, chosen = _columns(Case, "former", made)
    given = {"case_id": "case_.id", "reference": "'R' || substr(case_.pseudonym, 2)"}
    responses, answered = _columns(Response, "answered", given)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO surveys_case ({cases}) SELECT {chosen}"  # noqa: S608 -- our own columns
            " FROM generate_series(%s::int, %s::int) n"
            " JOIN surveys_case former ON former.wave_id = %s"
            " AND former.pseudonym = 'F' || lpad((n %% %s)::text, 6, '0')",
            [_KINDS, firms - 1, wave, _KINDS],
        )
        cursor.execute(
            f"INSERT INTO surveys_response ({responses}) SELECT {answered} FROM surveys_case case_"  # noqa: S608 -- our own columns
            " JOIN surveys_case former ON former.wave_id = case_.wave_id AND former.pseudonym ="
            " 'F' || lpad((substr(case_.pseudonym, 2)::int %% %s)::text, 6, '0')"
            " JOIN surveys_response answered ON answered.case_id = former.id"
            " WHERE case_.wave_id = %s AND case_.id <> former.id",
            [_KINDS, wave],
        )
        cursor.execute("ANALYZE surveys_case, surveys_response")


def _columns(model: Any, source: str, instead: dict[str, str]) -> tuple[str, str]:
    """The columns of a table but its key, and where each comes from."""
    names = [each.column for each in model._meta.concrete_fields if not each.primary_key]
    taken = [instead.get(name, f'{source}."{name}"') for name in names]
    return ", ".join(f'"{name}"' for name in names), ", ".join(taken)
