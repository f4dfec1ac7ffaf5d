"""What nobody can walk around: nothing is taken without a running plan, nor more than was overpaid; what was taken stays."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION benefits_recovery_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF benefits_changed(to_jsonb(OLD), to_jsonb(NEW), ARRAY['state', 'before', 'agreed_at', 'approved_by_id', 'approved_at', 'contest',
        'contested_at', 'answer', 'article', 'answered_by_id', 'answered_at']) IS NOT NULL THEN
        RAISE EXCEPTION 'plan % stays as it was offered', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('offered', 'agreed'), ('offered', 'contested'), ('offered', 'replaced'), ('agreed', 'running'), ('agreed', 'contested'),
        ('agreed', 'replaced'), ('running', 'contested'), ('running', 'done'), ('contested', 'offered'), ('contested', 'agreed'),
        ('contested', 'running'), ('contested', 'dropped')) THEN
        RAISE EXCEPTION 'plan %: % does not become %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER benefits_recovery_guard BEFORE UPDATE ON benefits_recovery FOR EACH ROW EXECUTE FUNCTION benefits_recovery_guard();

CREATE FUNCTION benefits_deduction_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE plan record; taken numeric;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.released_at IS NOT NULL OR benefits_changed(to_jsonb(OLD), to_jsonb(NEW), ARRAY['released_at']) IS NOT NULL THEN
            RAISE EXCEPTION 'deduction % stays', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    SELECT r.state, r.overpayment_id, o.kip INTO plan FROM benefits_recovery r JOIN benefits_overpayment o ON o.id = r.overpayment_id
        WHERE r.id = NEW.plan_id FOR UPDATE;
    SELECT coalesce(sum(d.kip), 0) INTO taken FROM benefits_deduction d JOIN benefits_recovery r ON r.id = d.plan_id
        WHERE r.overpayment_id = plan.overpayment_id AND d.released_at IS NULL;
    IF plan.state <> 'running' OR taken + NEW.kip > plan.kip THEN
        RAISE EXCEPTION 'plan % is %, and % of % are taken', NEW.plan_id, plan.state, taken, plan.kip USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER benefits_deduction_guard BEFORE INSERT OR UPDATE ON benefits_deduction FOR EACH ROW EXECUTE FUNCTION benefits_deduction_guard();
CREATE TRIGGER benefits_recovery_stays BEFORE DELETE OR TRUNCATE ON benefits_recovery FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
CREATE TRIGGER benefits_deduction_stays BEFORE DELETE OR TRUNCATE ON benefits_deduction FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
CREATE TRIGGER benefits_writeoff_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON benefits_writeoff FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
"""
UNGUARD = """
DROP TRIGGER benefits_writeoff_stays ON benefits_writeoff;
DROP TRIGGER benefits_deduction_stays ON benefits_deduction;
DROP TRIGGER benefits_recovery_stays ON benefits_recovery;
DROP FUNCTION benefits_deduction_guard() CASCADE;
DROP FUNCTION benefits_recovery_guard() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("benefits", "0004_recovery"), ("ledger", "0002_guards")]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
