"""People who work with Tera, and what they may do for which unit."""
