"""What happened to a request stays; nothing about joining is erased, and what was decided does not move."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION joining_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('refused', 'expired') OR (OLD.state = 'approved' AND
        (to_jsonb(OLD) - 'invitation_id' - 'touched_at' - 'reminded_at') IS DISTINCT FROM (to_jsonb(NEW) - 'invitation_id' - 'touched_at' - 'reminded_at')) THEN
        RAISE EXCEPTION 'request % is decided', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER joining_request_guard BEFORE UPDATE ON joining_request FOR EACH ROW EXECUTE FUNCTION joining_guard();
CREATE FUNCTION joining_change_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('approved', 'refused') OR (OLD.id, OLD.number, OLD.employer_id, OLD.kind, OLD.was, OLD.wanted, OLD.asked_by_id)
        IS DISTINCT FROM (NEW.id, NEW.number, NEW.employer_id, NEW.kind, NEW.was, NEW.wanted, NEW.asked_by_id) THEN
        RAISE EXCEPTION 'change % stays as it was asked and decided', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER joining_change_guard BEFORE UPDATE ON joining_change FOR EACH ROW EXECUTE FUNCTION joining_change_guard();
CREATE TRIGGER joining_request_stays BEFORE DELETE OR TRUNCATE ON joining_request FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
CREATE TRIGGER joining_change_stays BEFORE DELETE OR TRUNCATE ON joining_change FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
CREATE TRIGGER joining_certificate_stays BEFORE DELETE OR TRUNCATE ON joining_certificate FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
CREATE TRIGGER joining_override_stays BEFORE DELETE OR TRUNCATE ON joining_override FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
CREATE TRIGGER joining_requeststep_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON joining_requeststep FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
"""

UNGUARD = """
DROP TRIGGER joining_requeststep_stays ON joining_requeststep;
DROP TRIGGER joining_override_stays ON joining_override;
DROP TRIGGER joining_certificate_stays ON joining_certificate;
DROP TRIGGER joining_change_stays ON joining_change;
DROP TRIGGER joining_request_stays ON joining_request;
DROP TRIGGER joining_change_guard ON joining_change;
DROP FUNCTION joining_change_guard();
DROP TRIGGER joining_request_guard ON joining_request;
DROP FUNCTION joining_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("joining", "0001_initial"), ("ledger", "0002_guards")]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
