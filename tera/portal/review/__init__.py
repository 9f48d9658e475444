"""Review of what others surveyed: signals of fabrication, computed by the worker and only shown here."""
