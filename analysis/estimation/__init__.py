"""The estimation core, as a library: ``from analysis.estimation import fit, SurveyDesign``.

Names are looked up when they are first asked for, so that whoever needs the design alone does
not load every estimator. docs/how-to/estimate-in-a-notebook.md shows a session.
"""

from importlib import import_module
from typing import Any

_HOME = {
    "calibration.general": ("calibrate",),
    "calibration.margins": ("Margin", "frame_margin", "table_margin"),
    "calibration.raking": ("post_stratify", "rake"),
    "curves": ("estimate_each",),
    "descriptive.entry": ("describe",),
    "design": ("SurveyDesign", "survey_design"),
    "stages": ("Stage",),
    "design_matrix": ("INTERCEPT", "Column", "DesignMatrix", "Factor"),
    "estimates": ("Estimates", "Fit"),
    "margins": (
        "at_means",
        "average_marginal_effects",
        "average_predictions",
        "contrast",
        "elasticities",
        "marginal_effects_at",
    ),
    "parts": ("Parts",),
    "registry": ("ESTIMATORS",),
    "regression": ("Model", "estimate", "fit"),
    "replication": ("given_replicates", "replicate_weights"),
    "after.criteria": ("design_aic", "design_bic", "information_criteria"),
    "after.fairlie": ("fairlie",),
    "after.likelihood_ratio": ("likelihood_ratio_test", "rao_scott_test"),
    "after.multiplicity": ("adjusted", "max_t", "romano_wolf"),
    "after.oaxaca": ("oaxaca_blinder",),
    "after.shape": ("u_test",),
    "after.wald": ("contrasts", "directed_test", "equality_test", "wald_test", "zero_test"),
    "imputation": ("fit_imputed", "impute", "pool"),
    "panel.attrition": ("attrition_weights",),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = sorted(_MODULE_OF)  # noqa: PLE0605 -- a list, though not a literal one


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__
