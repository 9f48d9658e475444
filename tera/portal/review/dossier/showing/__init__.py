"""Each part of a dossier: what its template shows."""
