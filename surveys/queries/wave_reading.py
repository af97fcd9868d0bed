"""The responses of a wave that stand for firms, and what each of them gives, read one by one.

They are those of `extracts.extract`, which holds them whole: handed in, or with a weight above
zero where weights are published.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from surveys import questionnaire
from surveys.models import Case, Response, Wave
from surveys.queries import extracts
from surveys.queries.instruments import compiled
from surveys.queries.published_weights import PublishedWeights, published_weights
from surveys.questionnaire import Route
from surveys.questionnaire.instrument import Instrument


@dataclass(frozen=True, slots=True, eq=False)
class WaveReading:
    """What every response of the wave is read with.

    `adjustment` is n_h / r_h by stratum where no weights are published.
    """

    wave: Wave
    instrument: Instrument | None
    published: PublishedWeights | None
    adjustment: Mapping[str, float]

    def responses(self) -> QuerySet[Response]:
        """In no order. Of published weights each has its own as `final_weight`.

        Without them, a firm that is the first of its stratum to hand in since the reading began
        is left out: it has no weight yet.
        """
        ended = Q(submitted_at__isnull=False)
        if self.published is None:
            weighted_strata = Q(case__stratum__label__in=list(self.adjustment))
            return extracts.with_design(
                Response.objects.filter(ended, weighted_strata, case__wave=self.wave)
            )
        ended |= Q(case__disposition=Case.Disposition.PARTIAL)
        weighted = Response.objects.filter(
            ended,
            case__wave=self.wave,
            case__weights__weighting=self.published.weighting,
            case__weights__weight__gt=0,
        )
        return extracts.with_design(weighted).annotate(final_weight=F("case__weights__weight"))

    def route(self, response: Response) -> Route | None:
        """The route of the firm; None in a wave without an instrument."""
        if self.instrument is None:
            return None
        (known,) = extracts.known_of_all(self.wave, [response])
        return questionnaire.route(self.instrument, response.answers, known)

    def values(self, response: Response, route: Route | None) -> dict[str, Any]:
        """What the answers measure, by name of column; the stratum stands in for some."""
        values: dict[str, Any] = extracts.frame_construct_values(response.case.stratum)
        if self.instrument is not None and route is not None:
            values |= questionnaire.values_on_route(self.instrument, route)
        return values

    def weight(self, response: Response) -> float:
        """For how many firms of the frame it stands."""
        if self.published is not None:
            final: float = response.final_weight  # type: ignore[attr-defined]
            return final
        case = response.case
        return case.design_weight * self.adjustment[case.stratum.label]


def reading_of(wave: Wave) -> WaveReading:
    """Reads what all responses share, and none of them."""
    published = published_weights(wave)
    return WaveReading(
        wave,
        compiled(wave.instrument) if wave.instrument is not None else None,
        published,
        {} if published is not None else _adjustments(wave),
    )


def comments_of(reading: WaveReading) -> Iterator[tuple[str, str]]:
    """Pseudonyms with what firms wrote after submission: free text, which may give one away."""
    said = reading.responses().exclude(feedback={}).order_by("case__pseudonym")
    for pseudonym, feedback in said.values_list("case__pseudonym", "feedback").iterator():
        if comment := feedback.get("comment"):
            yield pseudonym, comment


def _adjustments(wave: Wave) -> dict[str, float]:
    """n_h / r_h by stratum; 1 for an imported wave, whose weights came with it."""
    handed_in = Response.objects.filter(case__wave=wave, submitted_at__isnull=False)
    handed_in = handed_in.exclude(case__disposition=Case.Disposition.NOT_ELIGIBLE)
    found = handed_in.values("case__stratum__label").annotate(number=Count("pk"))
    responding = dict(found.values_list("case__stratum__label", "number"))
    drawn = extracts.eligible_by_stratum(wave)
    return {label: drawn.get(label, number) / number for label, number in responding.items()}
