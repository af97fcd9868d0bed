"""Ways to lay a table out that are asked for by name.

Each is named by what it does. A journal's own is here only where its rules are published; the
source is told with it.
"""

from dataclasses import dataclass

from analysis.tables.layout import FIVE_ONE_TENTH, ONE_TO_THREE, Decimals, Layout, Star


@dataclass(frozen=True, slots=True)
class Preset:
    """A layout with its name for people, what it does, and whose rules it follows."""

    name: str
    title: str
    about: str
    layout: Layout
    source: str = ""


def _preset(name: str, title: str, about: str, source: str = "", **chosen: object) -> Preset:
    return Preset(name, title, about, Layout(preset=name, **chosen), source)  # type: ignore[arg-type]


_SOCIOLOGICAL_SCIENCE = (
    "Sociological Science, Guidelines for table preparation "
    "(sociologicalscience.com/guidelines-for-table-preparation): standard errors in a row below, "
    "three decimals at most, two levels of significance at most with one sign each."
)

_APA = (
    "Publication Manual of the American Psychological Association, 7th edition, table 7.18, as "
    "made again at wjschne.github.io/posts/apatables/apa718.html: limits of the 95 % interval in "
    "columns of their own, * below 5, ** below 1, *** below 0.1 per cent."
)

PRESETS = {
    preset.name: preset
    for preset in (
        _preset(
            "standard_errors",
            "Standard errors beneath, no stars",
            "Standard errors in parentheses under the estimates; as many decimals as they need.",
        ),
        _preset(
            "stars",
            "Standard errors beneath, stars",
            "As before, with stars at 10, 5 and 1 per cent; three decimals.",
            decimals=Decimals("fixed", 3),
            stars=ONE_TO_THREE,
        ),
        _preset(
            "intervals",
            "Confidence intervals beneath",
            "95 % confidence intervals in brackets under the estimates; no stars; two decimals.",
            shown="interval",
            decimals=Decimals("fixed", 2),
        ),
        _preset(
            "t_statistics",
            "t statistics beneath, stars",
            "t statistics in parentheses under the estimates, stars at 10, 5 and 1 per cent.",
            shown="statistic",
            decimals=Decimals("fixed", 3),
            stars=ONE_TO_THREE,
        ),
        _preset(
            "p_values",
            "p-values beneath",
            "p-values in parentheses under the estimates; no stars.",
            shown="p_value",
            decimals=Decimals("fixed", 3),
        ),
        _preset(
            "errors_beside",
            "Standard errors beside, no stars",
            "Each model has a column of estimates and one of standard errors: a short, wide table.",
            place="beside",
            decimals=Decimals("fixed", 3),
        ),
        _preset(
            "odds_ratios",
            "Odds ratios with intervals",
            "Logits as odds ratios and counts as rate ratios, with 95 % confidence intervals in "
            "brackets beneath; other models stay coefficients.",
            shown="interval",
            ratios=True,
            decimals=Decimals("fixed", 2),
        ),
        _preset(
            "sociological_science",
            "Sociological Science",
            "Standard errors beneath, three decimals, * below 5 and † below 1 per cent.",
            source=_SOCIOLOGICAL_SCIENCE,
            decimals=Decimals("fixed", 3),
            stars=(Star(0.05, "*"), Star(0.01, "†")),
        ),
        _preset(
            "apa",
            "APA, limits beside",
            "The limits of the 95 % interval beside each estimate, two decimals, * below 5, ** "
            "below 1, *** below 0.1 per cent.",
            source=_APA,
            shown="interval",
            place="beside",
            decimals=Decimals("fixed", 2),
            stars=FIVE_ONE_TENTH,
        ),
        _preset(
            "exact_p_beside",
            "Exact p-values beside, no stars",
            "Each model has a column of estimates and one of p-values to three decimals.",
            shown="p_value",
            place="beside",
            decimals=Decimals("fixed", 3),
        ),
        _preset(
            "t_beside",
            "t statistics beside, no stars",
            "Each model has a column of estimates and one of t statistics.",
            shown="statistic",
            place="beside",
            decimals=Decimals("fixed", 3),
        ),
        _preset(
            "intervals_beside",
            "Confidence intervals beside",
            "The limits of the 95 % interval in two columns beside each estimate; no stars.",
            shown="interval",
            place="beside",
            decimals=Decimals("fixed", 2),
        ),
        _preset(
            "odds_ratios_beside",
            "Odds ratios with limits beside",
            "Odds and rate ratios with the limits of their 95 % intervals in columns beside them.",
            shown="interval",
            place="beside",
            ratios=True,
            decimals=Decimals("fixed", 2),
        ),
        _preset(
            "odds_ratios_p",
            "Odds ratios with p-values",
            "Odds and rate ratios with the p-values of the coefficients in parentheses beneath.",
            shown="p_value",
            ratios=True,
            decimals=Decimals("fixed", 2),
        ),
        _preset(
            "three_digits",
            "Three significant digits",
            "Standard errors beneath; every number to three digits from the first that is not "
            "nought.",
            decimals=Decimals("significant", 3),
        ),
        _preset(
            "estimates_only",
            "Estimates alone, stars",
            "Nothing beneath or beside, stars at 10, 5 and 1 per cent: a short table for slides.",
            shown="none",
            decimals=Decimals("fixed", 3),
            stars=ONE_TO_THREE,
        ),
    )
}
