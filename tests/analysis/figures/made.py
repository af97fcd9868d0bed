"""One figure of each kind, of plain numbers."""

from analysis.figures.coefficients import Point, coefficient_plot
from analysis.figures.curves import Curve, Turning, curve_plot
from analysis.figures.figure import Figure
from analysis.figures.flows import Flow, alluvial
from analysis.figures.forest import ForestLine, forest_plot
from analysis.figures.ranked import Bar, ranked_bars
from analysis.figures.specification_curve import SpecifiedEstimate, specification_curve

NOTE = "Source: here. Made data."
POINT = Point("Partners, local", "local", "(1) All", 0.2, 0.1, 0.3, 1188)
CURVE = Curve("", (0.0, 5.0, 10.0), (0.2, 0.4, 0.25), (0.1, 0.35, 0.15), (0.3, 0.45, 0.35))
TURNING = Turning(5.5, 4.5, 6.5, "between 4.5 and 6.5")
LINES = (
    ForestLine("All firms", 0.04, 0.02, 0.06, 1188, is_all=True),
    ForestLine("Small", -0.01, -0.06, 0.04, 300),
)
BARS = (Bar("Coast", 0.2, 0.1, 0.3, 50), Bar("Inland", 0.45, 0.35, 0.55, 60))
MODELS = (
    SpecifiedEstimate((("Controls", "none"), ("Outcome", "product")), 0.3, 0.1, 0.5, 100),
    SpecifiedEstimate((("Controls", "size + age"), ("Outcome", "product")), -0.1, -0.3, 0.1, 90),
)
FLOWS = (Flow("local", "local", 30), Flow("local", "global", 10), Flow("global", "global", 20))


def curve(**more) -> Figure:
    given = {"x_axis": "Breadth", "y_axis": "Probability", "n": 1188, "turning": TURNING} | more
    return curve_plot([CURVE], title="Does it turn?", note=NOTE, **given)


def figures() -> dict[str, Figure]:
    return {
        "coefficients": coefficient_plot([POINT], title="Which scale?", note=NOTE),
        "curve": curve(),
        "forest": forest_plot(LINES, title="Alike?", note=NOTE, axis="Effect"),
        "ranked": ranked_bars(BARS, title="Where?", note=NOTE, axis="Share"),
        "specification-curve": specification_curve(
            MODELS, title="On what does it depend?", note=NOTE, axis="Effect", refused=1
        ),
        "alluvial": alluvial(
            FLOWS, waves=("Wave 1", "Wave 2"), title="From where to where?", note=NOTE
        ),
    }
