"""Answers that were collected elsewhere: a file, its columns, a last look, and all or nothing."""
