"""Models by their log-likelihood as a function of one or more linear predictors."""
