"""Checks a ledger of Tera without trusting it: one file, which needs nothing of ours."""
