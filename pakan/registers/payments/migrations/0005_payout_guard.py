"""A payout moves as its table says, to the account it was released for, and stays."""

from django.db import migrations

GUARD = """
CREATE FUNCTION payout_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.number, OLD.uetr, OLD.kind, OLD.subject, OLD.amount, OLD.bank, OLD.account, OLD.name, OLD.digest, OLD.liability, OLD.purpose, OLD.ordered_at)
        IS DISTINCT FROM
       (NEW.id, NEW.number, NEW.uetr, NEW.kind, NEW.subject, NEW.amount, NEW.bank, NEW.account, NEW.name, NEW.digest, NEW.liability, NEW.purpose, NEW.ordered_at)
        OR (OLD.person_id, OLD.employer_id) IS DISTINCT FROM (NEW.person_id, NEW.employer_id) THEN
        RAISE EXCEPTION 'payout % stays as it was ordered', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('ordered', 'held'), ('ordered', 'unknown'), ('ordered', 'refused'), ('held', 'ordered'), ('held', 'refused'), ('unknown', 'sent'), ('unknown', 'held'),
        ('unknown', 'paid'), ('unknown', 'refused'), ('sent', 'paid'), ('sent', 'refused'), ('paid', 'refused')) THEN
        RAISE EXCEPTION 'payout %: % does not become %', OLD.number, OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_payout_guard BEFORE UPDATE ON payments_payout FOR EACH ROW EXECUTE FUNCTION payout_guard();
CREATE TRIGGER payments_payout_stays BEFORE DELETE OR TRUNCATE ON payments_payout FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
"""
UNGUARD = """
DROP TRIGGER payments_payout_stays ON payments_payout;
DROP FUNCTION payout_guard() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_payout"), ("ledger", "0002_guards")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
