"""Pages for everybody: what Tera is, and results that are public."""
