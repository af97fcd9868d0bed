"""Innovation outcomes, as the Oslo Manual (2018) divides them."""

import numpy as np

from analysis.constructs.measured import ALL_MISSING, Floats, Measured, any_true
from analysis.dataset import Dataset

OSLO = "OECD & Eurostat (2018), Oslo Manual"
NEW_TO_MARKET = 2.0


def outcomes(dataset: Dataset) -> list[Measured]:
    """Product, process, novelty and turnover from new products, as far as they are bound."""
    found = []
    if (cells := _cells(dataset, "innovation.product")) is not None:
        found.append(
            Measured(
                "product",
                any_true(cells),
                "binary",
                "Product innovation",
                "1 if any new or improved good or service was introduced.",
                OSLO,
                ALL_MISSING,
            )
        )
    if (cells := _cells(dataset, "innovation.process")) is not None:
        found.append(
            Measured(
                "process",
                any_true(cells),
                "binary",
                "Process innovation",
                "1 if any new or improved process was introduced.",
                OSLO,
                ALL_MISSING,
            )
        )
    return found + _novelty(dataset) + _turnover(dataset)


def _cells(dataset: Dataset, construct: str) -> Floats | None:
    names = [variable.name for variable in dataset.variables_of(construct)]
    return dataset.frame[names].to_numpy(dtype=float) if names else None


def _novelty(dataset: Dataset) -> list[Measured]:
    cells = _cells(dataset, "innovation.novelty")
    if cells is None:
        return []
    missing = np.isnan(cells).all(axis=1)
    highest = np.where(missing, np.nan, np.where(np.isnan(cells), -np.inf, cells).max(axis=1))
    return [
        Measured(
            "novelty",
            highest,
            "continuous",
            "Novelty of the newest product",
            "Highest newness of a product: 0 none, 1 new to the firm, 2 and more new to a market.",
            OSLO,
            ALL_MISSING,
        ),
        Measured(
            "new_to_market",
            np.where(np.isnan(highest), np.nan, (highest >= NEW_TO_MARKET).astype(float)),
            "binary",
            "New-to-market product",
            "1 if the newest product was new to a market, not only to the firm.",
            OSLO,
            ALL_MISSING,
        ),
    ]


def _turnover(dataset: Dataset) -> list[Measured]:
    return [
        Measured(
            f"turnover.{dict(variable.coordinates)['newness']}",
            dataset.frame[variable.name].to_numpy(dtype=float),
            "continuous",
            variable.label,
            "Per cent of turnover in the last year.",
            OSLO,
            "Missing if the shares were left blank or not asked.",
        )
        for variable in dataset.variables_of("innovation.turnover_share")
    ]
