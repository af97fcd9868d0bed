"""Names in addresses: short, plain, and none that is part of another address."""

from collections.abc import Collection

from django.utils.text import slugify

NOT_WAVES = frozenset(
    {"code-lists", "describe", "drafts", "firms", "frames", "import", "new-wave", "panel", "people"}
)
"""Names a wave may not have."""

LONGEST = 60


class AddressRefused(Exception):
    """A name that cannot stand in an address. The text says why, for a person."""


def address_of(name: str, *, forbidden: Collection[str]) -> str:
    """The name as it stands in an address: at most 60 small letters, digits and hyphens.

    Raises AddressRefused if nothing is left of it, or if the address is taken by a page.
    """
    address = slugify(name)[:LONGEST].strip("-_")
    if not address:
        raise AddressRefused("Use letters or digits, such as innovation-2026.")
    if address in forbidden:
        raise AddressRefused(f"“{address}” is the address of another page. Choose another name.")
    return address
