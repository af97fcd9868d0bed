"""Constructs of the core instrument on relations: partners, contacts, people, trust, proximity.

Sources: Boschma 2005 (proximities); Bathelt, Malmberg & Maskell 2004 (informal exchange and
distant contacts); Rutten, and Lawson & Lorenz 1999 (phases); Keeble & Wilkinson 1999
(mobility); Lorenzen's conversations (trust, belonging, watching rivals).
"""

from surveys.questionnaire.construct import Construct

RELATION_CONSTRUCTS: tuple[Construct, ...] = (
    Construct("networking.joint_action", "binary", "Did so together with other firms", ("action",)),
    Construct(
        "networking.purpose",
        "binary",
        "Cooperated with the partner type for the purpose",
        ("partner", "purpose"),
    ),
    Construct(
        "networking.involvement",
        "ordinal",
        "How early the partner type joins, 0 (not) to 4 (idea)",
        ("partner",),
    ),
    Construct("networking.most_valuable", "category", "Type of the most valuable partner"),
    Construct("networking.most_valuable_scale", "category", "Scale of the most valuable partner"),
    Construct("contact.channel", "category", "Usual channel to the partner type", ("partner",)),
    Construct("contact.place", "category", "Scale of the main partner of the type", ("partner",)),
    Construct("contact.meetings", "number", "Meetings in person a year", ("partner",), "meetings"),
    Construct(
        "contact.nights", "number", "Nights away for meetings a year", ("partner",), "nights"
    ),
    Construct("contact.beginning", "category", "How the tie began", ("partner",)),
    Construct(
        "contact.beginning_place", "category", "Scale at which the two sides met", ("partner",)
    ),
    Construct("contact.age", "number", "Age of the tie", ("partner",), "years"),
    Construct("contact.active", "binary", "The tie is still going", ("partner",)),
    Construct(
        "interaction.frequency",
        "ordinal",
        "How often they work things out together, 0 to 3",
        ("kind",),
    ),
    Construct(
        "interaction.scale", "binary", "Works things out with them at the scale", ("kind", "scale")
    ),
    Construct(
        "informal.frequency",
        "ordinal",
        "How often useful things are picked up there, 0 to 3",
        ("venue",),
    ),
    Construct("informal.scale", "binary", "Picked up from people at the scale", ("venue", "scale")),
    Construct(
        "informal.untraded", "ordinal", "Gain from what firms of the area share, 0 to 3", ("asset",)
    ),
    Construct(
        "informal.bridging",
        "binary",
        "Who finds, judges and translates outside knowledge",
        ("function", "who"),
    ),
    Construct("monitoring.effort", "ordinal", "Effort in watching rivals, 0 to 3", ("subject",)),
    Construct("monitoring.scale", "binary", "Watches rivals at the scale", ("subject", "scale")),
    Construct(
        "monitoring.imitation", "binary", "Did much the same as the rivals watched", ("subject",)
    ),
    Construct("governance.hierarchy", "ordinal", "How far one sets the rules in the chain, 0 to 3"),
    Construct("governance.rule_setter", "category", "Who sets the rules in the chain"),
    Construct("governance.rule_setter_scale", "category", "Scale of the one that sets the rules"),
    Construct("mobility.hires", "number", "Persons hired", (), "persons"),
    Construct(
        "mobility.hires_scale", "number", "Persons hired from the scale", ("scale",), "persons"
    ),
    Construct(
        "mobility.hires_origin",
        "number",
        "Persons hired from the kind of organisation",
        ("origin",),
        "persons",
    ),
    Construct("mobility.leavers", "number", "Persons who left", (), "persons"),
    Construct(
        "mobility.leavers_scale", "number", "Persons who left to the scale", ("scale",), "persons"
    ),
    Construct(
        "mobility.leavers_destination",
        "number",
        "Persons who left to the kind of organisation",
        ("destination",),
        "persons",
    ),
    Construct("mobility.view", "ordinal", "Movement between rivals, 0 (a loss) to 4 (a gain)"),
    Construct("phase.innovation", "category", "Kind of the most important innovation"),
    Construct("phase.partner", "category", "Main partner in the phase", ("phase",)),
    Construct("phase.scale", "category", "Scale of the main partner in the phase", ("phase",)),
    Construct(
        "phase.written", "share", "Knowledge of the phase that can be written down", ("phase",), "%"
    ),
    Construct("access.airport_minutes", "number", "Minutes to the airport", (), "minutes"),
    Construct("access.connection", "ordinal", "Quality of the internet connection, 0 to 4"),
    Construct(
        "access.importance",
        "ordinal",
        "Importance of the channel, 0 (not used) to 3 (high)",
        ("channel",),
    ),
    Construct("access.scale", "binary", "Used the channel at the scale", ("channel", "scale")),
    Construct("trust.partners", "ordinal", "Trust in partners at the scale, 0 to 4", ("scale",)),
    Construct("trust.reciprocity", "ordinal", "How surely what is told is returned, 0 to 4"),
    Construct(
        "trust.sharing", "ordinal", "What is shared at most, 0 (nothing) to 4 (plans)", ("partner",)
    ),
    Construct("trust.terms", "binary", "Shares on the terms", ("partner", "terms")),
    Construct("trust.belonging", "ordinal", "Belonging to the community, 0 to 4", ("community",)),
    Construct(
        "trust.failure_accepted", "ordinal", "How far failure is accepted, 0 to 4", ("where",)
    ),
    Construct(
        "proximity.cognitive",
        "ordinal",
        "Cognitive proximity of the main partner, 0 to 4",
        ("scale",),
    ),
    Construct(
        "proximity.institutional",
        "ordinal",
        "Institutional proximity of the main partner, 0 to 4",
        ("scale",),
    ),
    Construct(
        "proximity.organisational",
        "ordinal",
        "Organisational proximity of the main partner, 0 to 4",
        ("scale",),
    ),
    Construct(
        "proximity.social", "ordinal", "Social proximity of the main partner, 0 to 4", ("scale",)
    ),
    Construct(
        "proximity.geographical", "ordinal", "Ease of meeting the main partner, 0 to 4", ("scale",)
    ),
    Construct(
        "proximity.problem_solving",
        "ordinal",
        "Shared ways of solving problems, 0 to 4",
        ("scale",),
    ),
    Construct(
        "networking.partners",
        "number",
        "Named partners of the type at the scale",
        ("partner", "scale"),
    ),
    Construct(
        "tie.meetings",
        "number",
        "Meetings in person a year with named partners, mean",
        ("scale",),
        "meetings",
    ),
    Construct(
        "tie.nights", "number", "Nights away a year for named partners, mean", ("scale",), "nights"
    ),
    Construct(
        "tie.beginning_year",
        "number",
        "Year in which ties to named partners began, mean",
        ("scale",),
    ),
    Construct(
        "tie.cognitive", "number", "Cognitive proximity of named partners, 0 to 4, mean", ("scale",)
    ),
    Construct(
        "tie.organisational",
        "number",
        "Organisational proximity of named partners, 0 to 4, mean",
        ("scale",),
    ),
    Construct(
        "tie.social", "number", "Social proximity of named partners, 0 to 4, mean", ("scale",)
    ),
    Construct(
        "tie.institutional",
        "number",
        "Institutional proximity of named partners, 0 to 4, mean",
        ("scale",),
    ),
    Construct(
        "tie.geographical",
        "number",
        "Geographical proximity of named partners, 0 to 4, mean",
        ("scale",),
    ),
    Construct(
        "networking.ties_by_beginning",
        "number",
        "Named partners by how and where the tie began",
        ("beginning", "scale"),
        "partners",
    ),
    Construct(
        "networking.ties_by_channel",
        "number",
        "Named partners by usual channel",
        ("channel", "scale"),
        "partners",
    ),
    Construct(
        "networking.partner_pairs",
        "number",
        "Pairs of named partners that work with each other",
        (),
        "pairs",
    ),
)
