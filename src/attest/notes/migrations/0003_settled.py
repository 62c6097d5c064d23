"""A note that was signed or discarded stays as it is, and no note is ever deleted."""

from django.db import migrations

SETTLED = """
CREATE FUNCTION refuse_settled_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a signed or discarded note does not change' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER settled BEFORE UPDATE ON notes_note
    FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION refuse_settled_note();
CREATE TRIGGER kept BEFORE DELETE ON notes_note FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE DELETE ON notes_note FROM attest_app;
"""
UNSETTLED = """
GRANT DELETE ON notes_note TO attest_app;
DROP TRIGGER kept ON notes_note;
DROP TRIGGER settled ON notes_note;
DROP FUNCTION refuse_settled_note();
"""


class Migration(migrations.Migration):
    dependencies = [("notes", "0002_walls")]
    operations = [migrations.RunSQL(SETTLED, UNSETTLED)]
