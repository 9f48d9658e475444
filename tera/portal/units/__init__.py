"""Public offices and the services that they give."""
