"""Tickets: issued in batches by the office above, printed once, accounted for by unit, service and week."""
