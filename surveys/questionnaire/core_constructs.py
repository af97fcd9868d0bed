"""Constructs of the core instrument on the firm, its market, its innovation and its learning.

Sources: Oslo Manual 2018 (innovation, obstacles, protection); Laestadius 1998 and Asheim
(kinds of knowledge); Jensen et al. 2007 (ways of learning).
"""

from surveys.questionnaire.construct import Construct

CORE_CONSTRUCTS: tuple[Construct, ...] = (
    Construct("control.municipality", "text", "Municipality of the main site"),
    Construct("control.head_office_country", "category", "Country of the group's head office"),
    Construct(
        "control.research_decided", "category", "Where research and development is decided on"
    ),
    Construct("control.organisation", "category", "Form of organisation"),
    Construct(
        "control.spin_off_same",
        "binary",
        "Same line of business as the organisation it came out of",
    ),
    Construct(
        "control.spin_off_contact",
        "ordinal",
        "Contact with the organisation it came out of, 0 to 3",
    ),
    Construct("control.ubiquity", "share", "Methods that rivals anywhere could have", (), "%"),
    Construct(
        "control.location_reason",
        "ordinal",
        "Weight of a reason for the location, 0 to 3",
        ("reason",),
    ),
    Construct("market.customer_share", "share", "Largest customer in turnover", (), "%"),
    Construct("market.customer_kind", "category", "Kind of the largest customer"),
    Construct("market.customer_scale", "category", "Scale of the largest customer"),
    Construct("market.strategy", "ordinal", "Weight of a strategy, 0 to 3", ("strategy",)),
    Construct(
        "market.condition",
        "ordinal",
        "How far a condition of the market holds, 0 to 4",
        ("condition",),
    ),
    Construct("knowledge.base", "share", "Development work by kind of knowledge", ("base",), "%"),
    Construct(
        "knowledge.writable", "share", "Decisive knowledge that can be written down", (), "%"
    ),
    Construct(
        "knowledge.usable_outside",
        "ordinal",
        "Documents usable by an outsider: 0 no, 1 partly, 2 yes",
    ),
    Construct(
        "innovation.unfinished", "binary", "Innovation work without a result yet", ("state",)
    ),
    Construct(
        "innovation.other_spending",
        "money",
        "Spending on innovation other than research and development",
    ),
    Construct(
        "innovation.other_spending_share",
        "share",
        "Other spending on innovation by kind",
        ("kind",),
        "%",
    ),
    Construct("learning.trained_share", "share", "Staff who took part in training", (), "%"),
    Construct(
        "learning.training_days", "number", "Days of training for each who took part", (), "days"
    ),
    Construct("learning.way", "ordinal", "How much was learnt in the way, 0 to 3", ("way",)),
    Construct(
        "learning.exploration_share", "share", "Work on new things that broke new ground", (), "%"
    ),
    Construct(
        "learning.outside_ideas_share", "share", "Ideas for new things from outside", (), "%"
    ),
    Construct("learning.given_up", "binary", "Gave up ways of working for the reason", ("reason",)),
    Construct(
        "learning.outside_days", "number", "Working days on outside contacts", ("distance",), "days"
    ),
    Construct(
        "learning.outside_days_all",
        "number",
        "Working days on outside contacts, together",
        (),
        "days",
    ),
    Construct("learning.outside_money", "money", "Money spent on outside knowledge"),
    Construct("support.level", "binary", "Public support from the level", ("level",)),
    Construct("support.service_used", "binary", "Used the service", ("service",)),
    Construct("support.service_wanted", "binary", "Used or wanted the service", ("service",)),
    Construct(
        "support.service_useful", "ordinal", "Use of the service to the firm, 0 to 3", ("service",)
    ),
    Construct(
        "support.service_local", "binary", "The service was offered in the region", ("service",)
    ),
    Construct("support.membership", "binary", "Took part in the body", ("body",)),
    Construct(
        "finance.source", "binary", "Finance from the source at the scale", ("source", "scale")
    ),
    Construct(
        "finance.knowledge",
        "ordinal",
        "How well those behind the source know the trade, 0 to 4",
        ("source",),
    ),
    Construct(
        "obstacle.weight", "ordinal", "How much the obstacle held back, 0 to 3", ("obstacle",)
    ),
    Construct("protection.used", "binary", "Protected by the means", ("means",)),
)
