"""Multiple imputation by chained equations, and the pooling of what is estimated from it."""

from analysis.estimation.imputation.chained import imputation, impute, impute_dataset
from analysis.estimation.imputation.diagnostics import (
    Comparison,
    Convergence,
    compared,
    convergence,
)
from analysis.estimation.imputation.imputations import Imputations
from analysis.estimation.imputation.joint import JointTest, joint_test
from analysis.estimation.imputation.pooling import Pooled, imputations_needed, pool
from analysis.estimation.imputation.recipe import DesignUse, ImputationModel, Recipe
from analysis.estimation.imputation.repeated import ImputedModel, fit_imputed

__all__ = [
    "Comparison",
    "Convergence",
    "DesignUse",
    "ImputationModel",
    "Imputations",
    "ImputedModel",
    "JointTest",
    "Pooled",
    "Recipe",
    "compared",
    "convergence",
    "fit_imputed",
    "imputation",
    "imputations_needed",
    "impute",
    "impute_dataset",
    "joint_test",
    "pool",
]
