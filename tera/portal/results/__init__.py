"""Results: from the tallies of blocks to indices, grades and verdicts, and the pages that show them."""
