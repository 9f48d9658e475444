"""The methods sheet of a campaign: what serious surveys disclose, most of it made from what it holds."""
