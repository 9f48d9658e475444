"""Checks: each layer's answers to the checklist, and visits to the office."""
