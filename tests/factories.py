"""One maker per model, no surprises: what a test does not name is plain and valid."""

from datetime import UTC, date, datetime
from typing import Any

from surveys.models import Case, Instrument, Membership, Response, Stratum, Survey, User, Wave

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def make_user(username: str, **fields: Any) -> User:
    return User.objects.create_user(username=username, password="a long password", **fields)


def make_survey(slug: str = "knowledge", **fields: Any) -> Survey:
    return Survey.objects.create(slug=slug, title=fields.pop("title", slug.title()), **fields)


def make_member(user: User, survey: Survey, role: str = Membership.Role.RESEARCHER) -> Membership:
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
