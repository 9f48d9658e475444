"""Work that takes longer than a page may: ordered on one page, done by the worker, found again on another."""
