"""What a browser reads in a firm's page."""

import re

from surveys.models import Case


def hub(case: Case) -> str:
    return f"/firm/{case.public_id}/"


def hidden_fields(answer) -> dict[str, list[str]]:
    """The hidden fields of a page, as a browser would send them."""
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.content.decode()
    ):
        fields.setdefault(name, []).append(value)
    return fields


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
