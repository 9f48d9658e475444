"""Lets `python -m tera` do what `tera` does."""

import sys

from tera.cli import main

sys.exit(main())
