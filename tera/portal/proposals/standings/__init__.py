"""How each surveyed unit stands in a period, kept ready so that lists of thousands are quick."""
