"""Uncertainty, screening, weighting, simulation. Never decides what the law decides."""
