"""What nobody can walk around: an agreement stays as it was entered, two never share a day, money stays with its fund."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION funds_agreement_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.code, OLD.name_lo, OLD.name_en, OLD.collects_lo, OLD.collects_en, OLD.bank, OLD.account, OLD.account_name, OLD.name_check,
        OLD.basis, OLD.basis_on, OLD.starts, OLD.ends, OLD.days, OLD.entered_at, OLD.entered_by_id)
        IS DISTINCT FROM
       (NEW.id, NEW.code, NEW.name_lo, NEW.name_en, NEW.collects_lo, NEW.collects_en, NEW.bank, NEW.account, NEW.account_name, NEW.name_check,
        NEW.basis, NEW.basis_on, NEW.starts, NEW.ends, NEW.days, NEW.entered_at, NEW.entered_by_id)
        OR (OLD.decided_at IS NOT NULL AND (OLD.approved, OLD.decided_at, OLD.decided_by_id) IS DISTINCT FROM (NEW.approved, NEW.decided_at, NEW.decided_by_id))
        OR (OLD.ended_at IS NOT NULL AND (OLD.end_asked_on, OLD.end_asked_by_id, OLD.end_why, OLD.ended_on, OLD.ended_at, OLD.ended_by_id)
            IS DISTINCT FROM (NEW.end_asked_on, NEW.end_asked_by_id, NEW.end_why, NEW.ended_on, NEW.ended_at, NEW.ended_by_id)) THEN
        RAISE EXCEPTION 'agreement % with % stays as it was entered', OLD.id, OLD.code USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.approved AND NOT OLD.approved AND EXISTS (
        SELECT 1 FROM funds_agreement o WHERE o.code = NEW.code AND o.approved AND o.id <> NEW.id
        AND o.starts <= NEW.ends AND least(o.ends, coalesce(o.ended_on, o.ends)) >= NEW.starts) THEN
        RAISE EXCEPTION 'two agreements with % have the same day', NEW.code USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION funds_agreement_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.approved OR NEW.decided_at IS NOT NULL THEN
        RAISE EXCEPTION 'an agreement is entered first and decided by another' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION funds_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.key, OLD.agreement_id, OLD.employer_id, OLD.bill_month, OLD.month, OLD.reference, OLD.amount, OLD.added_at, OLD.added_by_id)
        IS DISTINCT FROM
       (NEW.id, NEW.key, NEW.agreement_id, NEW.employer_id, NEW.bill_month, NEW.month, NEW.reference, NEW.amount, NEW.added_at, NEW.added_by_id)
        OR NEW.settled < OLD.settled
        OR (OLD.taken_back_at IS NOT NULL AND (OLD.taken_back_at, OLD.taken_back_by_id, OLD.settled)
            IS DISTINCT FROM (NEW.taken_back_at, NEW.taken_back_by_id, NEW.settled)) THEN
        RAISE EXCEPTION 'line % stays as it was added', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION funds_received_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.line_id, OLD.receipt, OLD.amount, OLD.at) IS DISTINCT FROM (NEW.id, NEW.line_id, NEW.receipt, NEW.amount, NEW.at)
        OR OLD.remittance_id IS NOT NULL THEN
        RAISE EXCEPTION 'money for a fund stands in one remittance and stays there' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION funds_remittance_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.number, OLD.code, OLD.amount, OLD.made_at, OLD.made_by_id) IS DISTINCT FROM (NEW.id, NEW.number, NEW.code, NEW.amount, NEW.made_at, NEW.made_by_id)
        OR (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
            ('made', 'released'), ('released', 'paid'), ('released', 'bounced'), ('paid', 'bounced'), ('bounced', 'released'))) THEN
        RAISE EXCEPTION 'remittance %: % does not become %', OLD.number, OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER funds_agreement_begins BEFORE INSERT ON funds_agreement FOR EACH ROW EXECUTE FUNCTION funds_agreement_begins();
CREATE TRIGGER funds_agreement_guard BEFORE UPDATE ON funds_agreement FOR EACH ROW EXECUTE FUNCTION funds_agreement_guard();
CREATE TRIGGER funds_line_guard BEFORE UPDATE ON funds_line FOR EACH ROW EXECUTE FUNCTION funds_line_guard();
CREATE TRIGGER funds_received_guard BEFORE UPDATE ON funds_received FOR EACH ROW EXECUTE FUNCTION funds_received_guard();
CREATE TRIGGER funds_remittance_guard BEFORE UPDATE ON funds_remittance FOR EACH ROW EXECUTE FUNCTION funds_remittance_guard();
CREATE TRIGGER funds_agreement_stays BEFORE DELETE OR TRUNCATE ON funds_agreement FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
CREATE TRIGGER funds_line_stays BEFORE DELETE OR TRUNCATE ON funds_line FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
CREATE TRIGGER funds_asked_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON funds_asked FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
CREATE TRIGGER funds_received_stays BEFORE DELETE OR TRUNCATE ON funds_received FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
CREATE TRIGGER funds_remittance_stays BEFORE DELETE OR TRUNCATE ON funds_remittance FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
"""

UNGUARD = """
DROP TRIGGER funds_remittance_stays ON funds_remittance;
DROP TRIGGER funds_received_stays ON funds_received;
DROP TRIGGER funds_asked_stays ON funds_asked;
DROP TRIGGER funds_line_stays ON funds_line;
DROP TRIGGER funds_agreement_stays ON funds_agreement;
DROP FUNCTION funds_remittance_guard() CASCADE;
DROP FUNCTION funds_received_guard() CASCADE;
DROP FUNCTION funds_line_guard() CASCADE;
DROP FUNCTION funds_agreement_guard() CASCADE;
DROP FUNCTION funds_agreement_begins() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0001_initial"), ("ledger", "0007_other_funds")]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
