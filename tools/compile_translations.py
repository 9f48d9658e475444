"""Compile a translation that people edit (.po) into the one that Django reads (.mo).

Babel does it, because gettext's msgfmt is a package that a fresh machine does not have.
Usage: python -m tools.compile_translations FILE.po...
"""

import pathlib
import sys

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po


def compile_translation(source: pathlib.Path) -> pathlib.Path:
    """Write the .mo file beside a .po file and return its path."""
    with source.open("rb") as text:
        catalogue = read_po(text, abort_invalid=True)
    target = source.with_suffix(".mo")
    with target.open("wb") as binary:
        write_mo(binary, catalogue)
    return target


def main() -> int:
    for name in sys.argv[1:]:
        try:
            compile_translation(pathlib.Path(name))
        except (OSError, PoFileError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
