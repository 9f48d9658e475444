"""What an administrator of the database can do, who first takes away what refuses changes."""

from collections.abc import Sequence

from tera.intake.tables import NEVER_CHANGE, Database


def tamper(database: Database, statement: str, values: Sequence[object] = ()) -> None:
    """Change rows that never change; at least one must be there."""
    with database.transaction() as cursor:
        if database.path is None:
            cursor.run("SET LOCAL session_replication_role = replica")
        else:
            for table in NEVER_CHANGE:
                cursor.run(f"DROP TRIGGER IF EXISTS {table}_never_changes")
        assert cursor.run(statement, values) > 0
