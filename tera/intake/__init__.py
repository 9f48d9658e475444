"""Takes responses in: checks them, stores them durably and once, seals them in blocks.

Knows campaigns and answers, no people. Imports nothing of the portal; the portal and the worker call it. It
owns the tables of responses and is the only code that writes them.
"""
