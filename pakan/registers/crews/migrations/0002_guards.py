"""What nobody can walk around: a voucher moves as its table says, and what it is worth never changes."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION day_voucher_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.number, OLD.employer_id, OLD.wage, OLD.prepaid, OLD.issued_at, OLD.key)
        IS DISTINCT FROM (NEW.id, NEW.number, NEW.employer_id, NEW.wage, NEW.prepaid, NEW.issued_at, NEW.key) THEN
        RAISE EXCEPTION 'what voucher % is worth stays', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN
        (('issued', 'used'), ('issued', 'cancelled'), ('issued', 'expired'), ('used', 'cancelled')) THEN
        RAISE EXCEPTION 'voucher %: % does not become %', OLD.number, OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> 'issued' AND (OLD.person_id, OLD.day) IS DISTINCT FROM (NEW.person_id, NEW.day) THEN
        RAISE EXCEPTION 'whose day voucher % was stays', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER crews_dayvoucher_guard BEFORE UPDATE ON crews_dayvoucher FOR EACH ROW EXECUTE FUNCTION day_voucher_guard();
CREATE TRIGGER crews_dayvoucher_stays BEFORE DELETE OR TRUNCATE ON crews_dayvoucher FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
"""

UNGUARD = """
DROP TRIGGER crews_dayvoucher_stays ON crews_dayvoucher;
DROP TRIGGER crews_dayvoucher_guard ON crews_dayvoucher;
DROP FUNCTION day_voucher_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("crews", "0001_initial"), ("ledger", "0002_guards")]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
