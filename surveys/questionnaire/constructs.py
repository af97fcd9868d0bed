"""The constructs that items may be bound to.

Measures and models are written over constructs, never over the names of questions, so
that any instrument that binds the same constructs can be analysed in the same way.
Sources of the constructs: Oslo Manual 2018 (innovation); Fitjar & Rodriguez-Pose 2011
(partner types by scale); Laursen & Salter 2006 (search by sources).
"""

from surveys.questionnaire.construct import Construct, Measure
from surveys.questionnaire.core_constructs import CORE_CONSTRUCTS
from surveys.questionnaire.relation_constructs import RELATION_CONSTRUCTS

__all__ = ["CATALOGUE", "Construct", "Measure"]

_LIST: tuple[Construct, ...] = (
    Construct("innovation.product", "binary", "Introduced a new or improved product", ("kind",)),
    Construct("innovation.novelty", "ordinal", "Highest newness of a product", ("kind",)),
    Construct("innovation.process", "binary", "Introduced a new or improved process", ("type",)),
    Construct(
        "innovation.turnover_share", "share", "Share of turnover by newness", ("newness",), "%"
    ),
    Construct("innovation.developer", "category", "Who developed the product"),
    Construct("networking.cooperated", "binary", "Cooperated with others", ("activity",)),
    Construct(
        "networking.cooperation",
        "binary",
        "Cooperated with the partner type at the scale",
        ("partner", "scale"),
    ),
    Construct(
        "sourcing.importance",
        "ordinal",
        "Importance of the source, 0 (not used) to 3 (high)",
        ("source",),
    ),
    Construct("sourcing.scale", "binary", "Used the source at the scale", ("source", "scale")),
    Construct("market.scale", "binary", "Sold at the scale", ("scale",)),
    Construct("market.largest", "category", "Scale of the largest market"),
    Construct("control.industry", "category", "Industry"),
    Construct("control.region", "category", "Region"),
    Construct("control.size_class", "category", "Size class"),
    Construct("control.employment", "number", "Persons employed, last year", (), "persons"),
    Construct("control.employment_first", "number", "Persons employed, first year", (), "persons"),
    Construct("control.ln_employment", "number", "Log of persons employed"),
    Construct("control.turnover", "money", "Turnover, last year"),
    Construct("control.turnover_first", "money", "Turnover, first year"),
    Construct("control.start_year", "year", "Year of start"),
    Construct("control.age", "number", "Age of the firm", (), "years"),
    Construct("control.group", "binary", "Part of an enterprise group"),
    Construct("control.head_office", "category", "Place of the group's head office"),
    Construct("control.foreign_share", "share", "Share owned abroad", (), "%"),
    Construct("control.legal_form", "category", "Legal form"),
    Construct("control.owner_managed", "binary", "Managed by its owners"),
    Construct("control.spin_off", "category", "Organisation the firm came out of"),
    Construct("control.spin_off_scale", "category", "Where that organisation is"),
    Construct("control.position", "category", "Position in the value chain"),
    Construct("control.anchored", "ordinal", "How hard to do elsewhere, 0 to 3"),
    Construct("control.staff_would_follow", "share", "Key staff who would follow a move", (), "%"),
    Construct("control.export_share", "share", "Exports in turnover", (), "%"),
    Construct("control.graduate_share", "share", "Staff with a degree", (), "%"),
    Construct("research.inside", "ordinal", "R&D inside: 0 never, 1 occasional, 2 continuous"),
    Construct("research.bought", "binary", "R&D bought, by place", ("place",)),
    Construct("research.any", "binary", "Any R&D"),
    Construct("research.staff", "number", "Staff in R&D", (), "full-time equivalents"),
    Construct("research.spending", "money", "Spending on R&D inside"),
    *RELATION_CONSTRUCTS,
    *CORE_CONSTRUCTS,
    Construct("panel.unit", "number", "Number of the firm, the same in every wave"),
    Construct("panel.wave", "number", "Wave of the answers, in data of several waves"),
)

CATALOGUE: dict[str, Construct] = {construct.name: construct for construct in _LIST}
