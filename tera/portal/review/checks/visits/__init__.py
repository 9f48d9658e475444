"""Visits to an office: filled in on a phone, without a network perhaps, with photos."""
