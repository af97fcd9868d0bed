"""The coefficients from which the made data come: what an estimate can be held against.

The log odds that a firm introduced a new or improved product are linear in the terms below,
and in nothing else. Partners that are near matter not at all, partners in the country
somewhat, partners in Europe and beyond more: the argument of the demonstration's ladder,
built in by hand. Nothing of this was found in firms.
"""

INTERCEPT = "(Intercept)"

PRODUCT_INNOVATION: dict[str, float] = {
    INTERCEPT: -2.0,
    "partners.local": 0.0,
    "partners.region": 0.0,
    "partners.country": 0.15,
    "partners.europe": 0.30,
    "partners.global": 0.45,
    "ln_employment": 0.15,
    "graduate_share": 0.012,
    "research_inside": 0.80,
    "in_group": 0.10,
    "foreign_owned": -0.10,
}
"""Change in the log odds of product innovation for one unit of the term.

partners.<scale>
    number of partner types, 0 to 10, with a partner at that scale
ln_employment
    natural logarithm of persons employed in the last year
graduate_share
    per cent of staff with a degree
research_inside
    1 if the firm did R&D itself, occasionally or continuously
in_group
    1 if part of an enterprise group
foreign_owned
    1 if 10 per cent or more are owned abroad
"""

EMPLOYMENT_GROWTH: dict[str, float] = {
    INTERCEPT: 0.03,
    "lag(partners.near)": 0.0,
    "lag(partners.country)": 0.0,
    "lag(partners.abroad)": 0.02,
}
"""Change of ln_employment up to the second wave, for one partner type a wave earlier.

Partners in the own region are `near` (local and region), those in Europe and beyond `abroad`.
"""

GROWTH_SPREAD = 0.08
"""Standard deviation of the growth that nothing explains."""

REACHING_OUT: dict[str, float] = {
    INTERCEPT: -3.6,
    "lag(product)": 1.6,
    "lag(ln_employment)": 0.6,
}
"""Log odds that a firm looks for new ties between the waves: success comes before networking."""

TIES_KEPT: dict[str, float] = {
    "local": 0.4,
    "region": 0.4,
    "country": 1.6,
    "europe": 1.2,
    "global": 1.2,
}
"""Log odds that a tie at the scale is kept up to the second wave."""

TIES_WON: dict[str, float] = {
    "local": -1.9,
    "region": -1.9,
    "country": -0.9,
    "europe": -1.2,
    "global": -1.5,
}
"""Log odds that a firm that reaches out wins a tie at the scale, beside the partner's level."""

LATER_INNOVATION: dict[str, float] = {
    INTERCEPT: -2.4,
    "lag(partners.near)": 0.0,
    "lag(partners.country)": 0.05,
    "lag(partners.abroad)": 0.10,
    "ties_new": 0.25,
    "lag(product)": 0.8,
    "lag(ln_employment)": 0.15,
    "lag(research_inside)": 0.6,
}
"""Change in the log odds of product innovation in the second wave, for one unit of the term.

ties_new
    ties (a partner type at a scale) that the firm did not have a wave earlier
lag(product)
    1 if the firm introduced a new or improved product in the first wave
"""
