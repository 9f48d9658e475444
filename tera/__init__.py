"""Tera: surveys of public services that anyone can check."""

__version__ = "0.1.0"
