"""Where an installation lies, and how it becomes again what it was: a folder, and perhaps a database."""

import os
import shutil
from pathlib import Path

import psycopg
from psycopg import sql

from tera.cli.installation import enter


class Place:
    """The folder of an installation and, on PostgreSQL, its database."""

    def __init__(self, folder: Path, url: str) -> None:
        self.home, self._copy, self._url = folder / "home", folder / "copy", url

    def enter(self) -> None:
        """Make this process one of that installation."""
        os.environ |= {"TERA_HOME": str(self.home), "TERA_DATABASE_URL": self._url, "TERA_DEMO": ""}
        enter()

    def keep(self) -> None:
        """Remember how it is now."""
        shutil.copytree(self.home, self._copy)
        if self._url:
            self._clone(self._name, f"{self._name}_copy")

    def restore(self) -> None:
        """Make it again what it was."""
        shutil.rmtree(self.home)
        shutil.copytree(self._copy, self.home)
        if self._url:
            self._clone(f"{self._name}_copy", self._name)

    @property
    def _name(self) -> str:
        return str(psycopg.conninfo.conninfo_to_dict(self._url)["dbname"])

    def _clone(self, source: str, target: str) -> None:
        with psycopg.connect(self._url, dbname="postgres", autocommit=True) as server:
            names = {"source": sql.Identifier(source), "target": sql.Identifier(target)}
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {target} WITH (FORCE)").format(**names))
            create = "CREATE DATABASE {target} TEMPLATE {source} STRATEGY FILE_COPY"
            server.execute(sql.SQL(create).format(**names))
