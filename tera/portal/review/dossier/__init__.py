"""The dossier of a survey: everything that a verification meeting looks at, on one page."""
