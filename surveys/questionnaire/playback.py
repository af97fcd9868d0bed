"""Pages that play earlier answers back: they show a number that is worked out from them.

What a firm confirms on such a page is that number, so that it is asked again when one of the
answers behind it changes.
"""

from collections.abc import Iterator

from surveys.questionnaire.instrument import Instrument, Page
from surveys.questionnaire.items import Computed
from surveys.questionnaire.lookups import look_up, prefixes
from surveys.questionnaire.routing import Route


def playback_pages(instrument: Instrument) -> dict[str, frozenset[str]]:
    """By page, the answers of other pages that its numbers are worked out from."""
    found = {page.name: frozenset(_parts(page)) for page in instrument.pages}
    return {name: parts for name, parts in found.items() if parts}


def _parts(page: Page) -> Iterator[str]:
    own = {item.name for item in page.items}
    for item in page.items:
        if isinstance(item, Computed):
            yield from (read for read in item.expression.reads if own.isdisjoint(prefixes(read)))


def pages_to_confirm_again(instrument: Instrument, before: Route, after: Route) -> tuple[str, ...]:
    """The pages that play back an answer which counts for something else than before."""
    former, now = {**before.known, **before.answers}, {**after.known, **after.answers}
    return tuple(
        page
        for page, parts in playback_pages(instrument).items()
        if any(look_up(former, part) != look_up(now, part) for part in parts)
    )
