"""Units as a table: what a file may hold, what is wrong with it, what it would change. No database here."""
