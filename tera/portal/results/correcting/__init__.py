"""A certified result is corrected: what was excluded since then takes effect, and the former stays."""
