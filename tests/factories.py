"""One maker per model, no surprises: what a test does not name is plain and valid."""

from datetime import UTC, date, datetime
from typing import Any

from surveys.models import (
    Case,
    Enterprise,
    Frame,
    Instrument,
    Membership,
    Response,
    Stratum,
    Survey,
    Unit,
    User,
    Wave,
    Weighting,
)

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def make_user(username: str, **fields: Any) -> User:
    return User.objects.create_user(username=username, password="a long password", **fields)


def make_survey(slug: str = "knowledge", **fields: Any) -> Survey:
    return Survey.objects.create(slug=slug, title=fields.pop("title", slug.title()), **fields)


def make_member(user: User, survey: Survey, role: str = Membership.Role.OWNER) -> Membership:
    return Membership.objects.create(user=user, survey=survey, role=role)


def make_instrument(document: dict[str, Any], *, fingerprint: str, **fields: Any) -> Instrument:
    """A published instrument. Compile the document first to learn its fingerprint."""
    return Instrument.objects.create(
        name=fields.pop("name", document.get("instrument", "small")),
        version=fields.pop("version", "1"),
        title=fields.pop("title", document.get("title", "Small")),
        document=document,
        fingerprint=fingerprint,
        published_at=fields.pop("published_at", NOON),
        **fields,
    )


def make_wave(survey: Survey, slug: str = "2025", **fields: Any) -> Wave:
    plain = {
        "title": "Wave 2025",
        "reference_first_year": 2023,
        "reference_last_year": 2025,
        "field_start": date(2026, 9, 1),
        "field_end": date(2026, 12, 31),
    }
    return Wave.objects.create(survey=survey, slug=slug, **plain | fields)


def make_stratum(wave: Wave, label: str = "all", **fields: Any) -> Stratum:
    return Stratum.objects.create(
        wave=wave, label=label, **{"population": 100, "drawn": 10} | fields
    )


def make_frame(survey: Survey, **fields: Any) -> Frame:
    """The next version of the survey's frame."""
    latest = Frame.objects.filter(survey=survey).order_by("-number").first()
    plain = {
        "name": "Register",
        "number": latest.number + 1 if latest else 1,
        "previous": latest,
        "fingerprint": "0" * 64,
    }
    return Frame.objects.create(survey=survey, **plain | fields)


def make_enterprise(survey: Survey, register_id: str = "R-1", **fields: Any) -> Enterprise:
    plain = {"name": f"Firm {register_id}", "permanent_random_number": 0.5, "made_at": NOON}
    return Enterprise.objects.create(survey=survey, register_id=register_id, **plain | fields)


def make_unit(frame: Frame, register_id: str = "R-1", **fields: Any) -> Unit:
    """A unit of the enterprise with that register identifier, which is made if there is none."""
    enterprise = Enterprise.objects.filter(survey=frame.survey, register_id=register_id).first()
    enterprise = enterprise or make_enterprise(frame.survey, register_id)
    plain = {
        "enterprise": enterprise,
        "name": enterprise.name,
        "size_class": "10-49",
        "industry": "C",
        "region": "NO",
        "permanent_random_number": enterprise.permanent_random_number,
    }
    return Unit.objects.create(frame=frame, register_id=register_id, **plain | fields)


def make_case(wave: Wave, stratum: Stratum, pseudonym: str = "F0001", **fields: Any) -> Case:
    return Case.objects.create(
        wave=wave,
        stratum=stratum,
        pseudonym=pseudonym,
        firm_name=fields.pop("firm_name", f"Firm {pseudonym}"),
        **{"inclusion_probability": 0.1, "design_weight": 10.0} | fields,
    )


def make_response(case: Case, answers: dict[str, Any] | None = None, **fields: Any) -> Response:
    return Response.objects.create(
        case=case, answers=answers or {}, begun_at=fields.pop("begun_at", NOON), **fields
    )


def make_weighting(wave: Wave, number: int = 1, **fields: Any) -> Weighting:
    """Weights of no cases, with the least report that a page can show."""
    shape = dict.fromkeys(("total", "least", "most", "design_effect", "effective"), 1.0)
    cases = dict.fromkeys(("drawn", "respondents", "nonrespondents", "not_eligible"), 0)
    report = {"cases": cases, "drawn": shape, "final": shape, "steps": [], "margins": []}
    plain = {"document": {}, "fingerprint": "0" * 64, "report": report, "made_at": NOON}
    return Weighting.objects.create(wave=wave, number=number, **plain | fields)
