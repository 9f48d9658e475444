"""A proposal from its beginning to its end: deeds, scores with evidence, opinions, and its pages."""
