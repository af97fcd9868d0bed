"""Profiles of firms: latent classes, clusters and the typologies of the literature. Pure."""
