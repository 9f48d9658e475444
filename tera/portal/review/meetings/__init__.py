"""Verification meetings: agenda, attendance, presentation, findings and decisions."""
