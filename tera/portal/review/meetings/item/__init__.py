"""One survey in a meeting: what is asked, found and decided of it."""
