"""A witness of ledgers: what it cosigns and remembers (`cosigner`), and its door on the network (`door`)."""
