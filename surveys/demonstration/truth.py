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
