"""How far a found mean may be from the true one. The index of the law stays exact, and in the engine."""
