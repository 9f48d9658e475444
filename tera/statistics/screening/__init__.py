"""Signals of fabrication in a unit's answers, against honest ones of its kind. Nobody is accused by them."""
