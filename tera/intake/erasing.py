"""Deletes what the intake holds; nothing else deletes a sealed response or a key."""

from tera.intake.tables import Database


def forget(database: Database, campaign: str) -> None:
    """Remove whatever is held under a campaign's code: invented answers whose growing was interrupted."""
    with database.transaction() as cursor:
        for table in ("inbox", "sealed"):
            found = f"SELECT commitment FROM {table} WHERE campaign = ?"  # noqa: S608
            cursor.run(f"DELETE FROM keys WHERE commitment IN ({found})", (campaign,))  # noqa: S608
        for table in ("inbox", "sealed", "blocks", "claims", "comments"):
            cursor.run(f"DELETE FROM {table} WHERE campaign = ?", (campaign,))  # noqa: S608
