"""Minutes of a meeting: their document, their print, and the signatures under them."""
