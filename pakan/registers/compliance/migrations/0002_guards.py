"""What nobody can walk around: what was asked never changes, a matter moves as its table says, its steps stay."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION matter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'asked' THEN
            RAISE EXCEPTION 'a matter begins as asked, not %', NEW.state USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.id, OLD.number, OLD.kind, OLD.employer_id, OLD.amount, OLD.reason, OLD.text, OLD.facts, OLD.opened_at, OLD.opened_by_id)
        IS DISTINCT FROM (NEW.id, NEW.number, NEW.kind, NEW.employer_id, NEW.amount, NEW.reason, NEW.text, NEW.facts, NEW.opened_at, NEW.opened_by_id)
        OR (OLD.month, OLD.person_id, OLD.charge_id) IS DISTINCT FROM (NEW.month, NEW.person_id, NEW.charge_id) THEN
        RAISE EXCEPTION 'what was asked in matter % stays', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> NEW.state AND (NEW.kind || ' ' || OLD.state || ' ' || NEW.state) NOT IN (
        'plan asked approved', 'plan asked refused', 'plan asked withdrawn', 'plan approved missed', 'plan approved done',
        'plan approved ended', 'plan missed approved', 'plan missed done', 'plan missed ended',
        'waiver asked half', 'waiver asked approved', 'waiver asked refused', 'waiver asked withdrawn',
        'waiver half approved', 'waiver half refused',
        'dispute asked approved', 'dispute asked refused', 'dispute asked withdrawn',
        'assessment asked shown', 'assessment asked refused', 'assessment shown accepted', 'assessment shown contested',
        'assessment shown withdrawn', 'assessment contested approved', 'assessment contested refused',
        'refund asked approved', 'refund asked refused', 'refund asked withdrawn', 'refund approved done',
        'refund approved bounced', 'refund bounced approved', 'refund bounced withdrawn',
        'reach asked approved', 'reach asked refused', 'reach asked withdrawn', 'reach approved done') THEN
        RAISE EXCEPTION 'matter %: % does not become %', OLD.number, OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER compliance_matter_guard BEFORE INSERT OR UPDATE ON compliance_matter FOR EACH ROW EXECUTE FUNCTION matter_guard();
CREATE TRIGGER compliance_matter_stays BEFORE DELETE OR TRUNCATE ON compliance_matter FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
CREATE TRIGGER compliance_matterstep_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON compliance_matterstep FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
CREATE FUNCTION charge_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.key, OLD.employer_id, OLD.month, OLD.debt, OLD.due_on, OLD.paid_on, OLD.late, OLD.frozen, OLD.rate, OLD.amount)
        IS DISTINCT FROM (NEW.key, NEW.employer_id, NEW.month, NEW.debt, NEW.due_on, NEW.paid_on, NEW.late, NEW.frozen, NEW.rate, NEW.amount)
        OR NEW.settled < OLD.settled OR NEW.waived < OLD.waived THEN
        RAISE EXCEPTION 'charge % is fixed: pay or waive it', OLD.key USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER compliance_charge_guard BEFORE UPDATE ON compliance_charge FOR EACH ROW EXECUTE FUNCTION charge_guard();
CREATE TRIGGER compliance_charge_stays BEFORE DELETE OR TRUNCATE ON compliance_charge FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
"""

UNGUARD = """
DROP TRIGGER compliance_charge_stays ON compliance_charge;
DROP TRIGGER compliance_charge_guard ON compliance_charge;
DROP FUNCTION charge_guard();
DROP TRIGGER compliance_matterstep_stays ON compliance_matterstep;
DROP TRIGGER compliance_matter_stays ON compliance_matter;
DROP TRIGGER compliance_matter_guard ON compliance_matter;
DROP FUNCTION matter_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0001_initial"), ("ledger", "0005_late_charges")]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
