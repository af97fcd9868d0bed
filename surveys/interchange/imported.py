"""What an importer hands back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something that the instrument language says in another way, or cannot say.

    Attributes
    ----------
    what : the part of the file, in words
    where : its place in the file, such as ``sections 2 > block turnover``
    kept_as : what stands in the document instead; ``nothing`` where it was left out
    """

    what: str
    where: str
    kept_as: str


@dataclass(frozen=True, slots=True)
class Imported:
    """An authored document, as `compile_document` reads it, and what it could not take over.

    `counts` is what the file itself says it has, in its own terms, such as ``questions``.
    """

    document: Mapping[str, Any]
    unsupported: tuple[Unsupported, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
