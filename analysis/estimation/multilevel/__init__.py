"""Multilevel models of firms in regions: linear and logit, random intercepts and slopes."""
