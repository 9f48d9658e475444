"""What waits for somebody, said on their first page: one plain sentence and one link each."""
