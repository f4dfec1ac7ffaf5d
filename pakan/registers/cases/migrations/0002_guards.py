"""What nobody can walk around: what a person said never changes, a case moves as its table says, its steps stay."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION case_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' THEN
            RAISE EXCEPTION 'a case begins open, not %', NEW.state USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.id, OLD.number, OLD.person_id, OLD.month, OLD.kind, OLD.text, OLD.opened_at)
        IS DISTINCT FROM (NEW.id, NEW.number, NEW.person_id, NEW.month, NEW.kind, NEW.text, NEW.opened_at)
        OR OLD.employer_id IS DISTINCT FROM NEW.employer_id THEN
        RAISE EXCEPTION 'what was said in case % stays', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('open', 'answered'), ('open', 'closed'), ('answered', 'answered'), ('answered', 'closed')) THEN
        RAISE EXCEPTION 'case %: % does not become %', OLD.number, OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_case_guard BEFORE INSERT OR UPDATE ON cases_case FOR EACH ROW EXECUTE FUNCTION case_guard();
CREATE TRIGGER cases_case_stays BEFORE DELETE OR TRUNCATE ON cases_case FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
CREATE TRIGGER cases_casestep_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON cases_casestep FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
"""

UNGUARD = """
DROP TRIGGER cases_casestep_stays ON cases_casestep;
DROP TRIGGER cases_case_stays ON cases_case;
DROP TRIGGER cases_case_guard ON cases_case;
DROP FUNCTION case_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("ledger", "0002_guards")]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
