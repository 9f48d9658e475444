"""Lists of units for an office or the whole country: who is eligible, who nearly, and what is missing."""
