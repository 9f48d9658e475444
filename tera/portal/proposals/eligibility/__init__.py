"""The page of one unit: which criteria of a title it meets, by how much not, and what it would take."""
