"""The forms of the pages of units."""
