"""Pages on which two people of two offices take responses off a result."""
