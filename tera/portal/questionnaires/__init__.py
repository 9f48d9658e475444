"""Questionnaires: what they ask, how that looks on a phone, and in what two of them differ."""
