from django.db import migrations

POSTGRES = """
CREATE OR REPLACE FUNCTION refuse_change_of_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE restrict_violation USING MESSAGE = 'the audit trail never changes';
END $$;
CREATE TRIGGER trail_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_event
    EXECUTE FUNCTION refuse_change_of_trail();
"""
SQLITE = """
CREATE TRIGGER trail_no_{verb} BEFORE {verb} ON ledger_event
BEGIN SELECT RAISE(ABORT, 'the audit trail never changes'); END
"""


def refuse_changes(apps, schema_editor):
    """Only an administrator of the database can take these triggers away."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES)
    else:
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(SQLITE.format(verb=verb))


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_audit_trail")]
    operations = [migrations.RunPython(refuse_changes)]
