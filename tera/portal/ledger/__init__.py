"""The ledger: what was said, in one order, as files that anyone can check. It knows bytes, not surveys."""
