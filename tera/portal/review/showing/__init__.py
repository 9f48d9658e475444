"""What was kept of a screening, as people read it."""
