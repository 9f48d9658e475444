"""The screen in the room of a meeting, with the dossiers of its agenda."""
