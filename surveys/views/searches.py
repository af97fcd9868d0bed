"""Searches by name, number or address: they stand in the session, never in an address.

What was typed is sent by POST and kept under a handle that tells nothing; the handle stands
in the address in its place, so that paging, sorting and the way back work, also with two
searches in two tabs.
"""

import secrets
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

FOUND = "found"
"""The parameter that names a search that was kept."""

_KEY = "searches"
_MOST = 30
_LONGEST = 200


def keep(request: HttpRequest, words: str) -> str:
    """Keep what was typed with the session; its handle. The oldest of many is forgotten."""
    kept: dict[str, str] = dict(request.session.get(_KEY, {}))
    handle = next((each for each, typed in kept.items() if typed == words), None)
    if handle is None:
        handle = secrets.token_urlsafe(6)
        kept[handle] = words
        request.session[_KEY] = dict(list(kept.items())[-_MOST:])
    return handle


def words_of(request: HttpRequest) -> str:
    """What the search named in the address looks for; empty without one."""
    kept: dict[str, str] = request.session.get(_KEY, {})
    return kept.get(request.GET.get(FOUND, ""), "")


def is_forgotten(request: HttpRequest) -> bool:
    """Whether the address names a search that this session does not know."""
    return bool(request.GET.get(FOUND)) and not words_of(request)


def kept_query(request: HttpRequest, others: tuple[str, ...] = ()) -> str:
    """What the address says of the search and of the other filters, and nothing else."""
    names = (*others, FOUND)
    return urlencode({name: request.GET[name] for name in names if request.GET.get(name)})


def to_what_was_asked(request: HttpRequest, *, field: str, others: tuple[str, ...]) -> HttpResponse:
    """From the form to the address of its results: the other filters, and the handle."""
    query = QueryDict(mutable=True)
    for name in others:
        if name in request.POST:
            query[name] = request.POST[name]
    # No database looks for a NUL character.
    if words := request.POST.get(field, "").replace("\0", "").strip()[:_LONGEST]:
        query[FOUND] = keep(request, words)
    asked = f"?{query.urlencode()}" if query else ""
    return redirect(f"{request.path}{asked}")
