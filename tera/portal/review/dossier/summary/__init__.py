"""What the worker prepares of a closed survey, so that a dossier opens at once."""
