"""A mandate and a debit stay as they were given and announced, and a debit moves as its table says."""

from django.db import migrations

GUARD = """
CREATE FUNCTION debit_mandate_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.number, OLD.employer_id, OLD.bank, OLD.account, OLD.name, OLD."limit", OLD.until, OLD.asked_at, OLD.asked_by_id)
        IS DISTINCT FROM
       (NEW.id, NEW.number, NEW.employer_id, NEW.bank, NEW.account, NEW.name, NEW."limit", NEW.until, NEW.asked_at, NEW.asked_by_id)
        OR (OLD.confirmed_at IS NOT NULL AND (OLD.confirmed_at, OLD.confirmed_by_id) IS DISTINCT FROM (NEW.confirmed_at, NEW.confirmed_by_id))
        OR (OLD.ended_at IS NOT NULL AND (OLD.ended_at, OLD.end_why) IS DISTINCT FROM (NEW.ended_at, NEW.end_why))
        OR (OLD.check_result <> 'waiting' AND OLD.check_result <> NEW.check_result) THEN
        RAISE EXCEPTION 'debit mandate % stays as it was given', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION debit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.number, OLD.mandate_id, OLD.bill, OLD.reference, OLD.amount, OLD.due_on, OLD.draw_on, OLD.announced_at)
        IS DISTINCT FROM
       (NEW.id, NEW.number, NEW.mandate_id, NEW.bill, NEW.reference, NEW.amount, NEW.due_on, NEW.draw_on, NEW.announced_at) THEN
        RAISE EXCEPTION 'debit % stays as it was announced', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('announced', 'unknown'), ('announced', 'dropped'), ('unknown', 'dropped'), ('unknown', 'sent'), ('unknown', 'drawn'),
        ('unknown', 'refused'), ('sent', 'drawn'), ('sent', 'returned')) THEN
        RAISE EXCEPTION 'debit %: % does not become %', OLD.number, OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER debits_debitmandate_guard BEFORE UPDATE ON debits_debitmandate FOR EACH ROW EXECUTE FUNCTION debit_mandate_guard();
CREATE TRIGGER debits_debit_guard BEFORE UPDATE ON debits_debit FOR EACH ROW EXECUTE FUNCTION debit_guard();
CREATE TRIGGER debits_debitmandate_stays BEFORE DELETE OR TRUNCATE ON debits_debitmandate FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
CREATE TRIGGER debits_debit_stays BEFORE DELETE OR TRUNCATE ON debits_debit FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
"""
UNGUARD = """
DROP TRIGGER debits_debit_stays ON debits_debit;
DROP TRIGGER debits_debitmandate_stays ON debits_debitmandate;
DROP FUNCTION debit_guard() CASCADE;
DROP FUNCTION debit_mandate_guard() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("debits", "0001_initial"), ("ledger", "0002_guards")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
