"""The Django shell around the engine: people, units, campaigns and pages."""
