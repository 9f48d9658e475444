"""The arithmetic and the decisions of the law: numbers in, numbers out.

Pure Python, standard library only: no clock, no randomness, no files, no floats, no Django. Every index is an
exact `Fraction` until somebody looks at it.
"""
