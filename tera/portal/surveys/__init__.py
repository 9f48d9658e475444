"""Campaigns: one run of a survey, from its opening to its last block, and the page that is answered."""
