"""What an invented respondent is made of; simulated, to be refitted on trusted units.

These figures come from no real survey. They are chosen so that means, ties and straight forms look as they do
in published satisfaction surveys with four options; whoever has units whose answers were confirmed by
call-backs replaces them. `tera.statistics.screening` does not use them: it assumes a range.
"""

COMMON = 0.6
"""How much of an answer is the respondent's mood: its loading."""
OWN = 0.8
"""How much of it is its own noise; the squares of both make 1."""
SPREAD = 0.65
"""Standard deviation of an answer before it is rounded, in points of a scale of 1 to 4."""
