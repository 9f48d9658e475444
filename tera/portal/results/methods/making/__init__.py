"""What the program says in the fields that it fills."""
