"""Who puts answers in: a person of the firm, or one of the institute who was told them."""

from surveys.models import Contributor, Response, User

Writer = Contributor | User


def mode_of(writer: Writer | None) -> Response.Mode:
    return Response.Mode.WEB if of_office(writer) is None else Response.Mode.PHONE


def of_office(writer: Writer | None) -> User | None:
    """The person of the institute; None where the firm writes itself."""
    return writer if isinstance(writer, User) else None


def of_firm(writer: Writer | None) -> Contributor | None:
    """The person of the firm, as far as it has named its people."""
    return writer if isinstance(writer, Contributor) else None


def told_of(writer: Writer | None) -> dict[str, str]:
    """What an event tells of the mode; nothing where the firm writes itself."""
    return {} if of_office(writer) is None else {"mode": Response.Mode.PHONE.value}
