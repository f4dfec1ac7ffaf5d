"""What was said in a concern stays; only its state moves on, and a closed one does not move."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION concern_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'closed' OR (OLD.id, OLD.number, OLD.origin, OLD.code_digest, OLD.kind, OLD."where", OLD.text, OLD.opened_on)
        IS DISTINCT FROM (NEW.id, NEW.number, NEW.origin, NEW.code_digest, NEW.kind, NEW."where", NEW.text, NEW.opened_on) THEN
        RAISE EXCEPTION 'what was said in concern % stays', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER concerns_concern_guard BEFORE UPDATE ON concerns_concern FOR EACH ROW EXECUTE FUNCTION concern_guard();
CREATE TRIGGER concerns_concern_stays BEFORE DELETE OR TRUNCATE ON concerns_concern FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
CREATE TRIGGER concerns_concernstep_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON concerns_concernstep FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
"""

UNGUARD = """
DROP TRIGGER concerns_concernstep_stays ON concerns_concernstep;
DROP TRIGGER concerns_concern_stays ON concerns_concern;
DROP TRIGGER concerns_concern_guard ON concerns_concern;
DROP FUNCTION concern_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("concerns", "0001_initial"), ("ledger", "0002_guards")]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
