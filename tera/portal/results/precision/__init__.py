"""How far a certified result can be trusted: computed once by the worker, then shown."""
