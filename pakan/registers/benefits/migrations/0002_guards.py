"""What nobody can walk around: what was lodged, proposed, decided and paid stays, and moves as the table says."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION benefits_changed(old_row jsonb, new_row jsonb, may text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg(key, ', ') FROM jsonb_each(new_row) WHERE NOT key = ANY (may) AND value IS DISTINCT FROM old_row -> key
$$;

CREATE FUNCTION benefits_claim_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changed text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'a claim begins as a draft, not %', NEW.state USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    changed := benefits_changed(to_jsonb(OLD), to_jsonb(NEW), CASE WHEN OLD.state = 'draft'
        THEN ARRAY['event_day', 'told', 'family', 'saved_at', 'state', 'lodged_at', 'promised_on', 'late']
        ELSE ARRAY['state', 'promised_on'] END);
    IF changed IS NOT NULL THEN
        RAISE EXCEPTION 'what was said in claim % stays: %', OLD.number, changed USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'lodged'), ('draft', 'withdrawn'), ('lodged', 'asked'), ('lodged', 'proposed'), ('lodged', 'approved'),
        ('lodged', 'withdrawn'), ('asked', 'lodged'), ('asked', 'withdrawn'), ('proposed', 'approved'), ('proposed', 'refused'),
        ('proposed', 'lodged'), ('approved', 'paid'), ('approved', 'lodged'), ('refused', 'lodged'), ('paid', 'lodged'), ('paid', 'approved')) THEN
        RAISE EXCEPTION 'claim %: % does not become %', OLD.number, OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER benefits_claim_guard BEFORE INSERT OR UPDATE ON benefits_claim FOR EACH ROW EXECUTE FUNCTION benefits_claim_guard();

CREATE FUNCTION benefits_evidence_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'received' OR benefits_changed(to_jsonb(OLD), to_jsonb(NEW), ARRAY['state', 'why', 'judged_by_id', 'judged_at']) IS NOT NULL THEN
        RAISE EXCEPTION 'paper % stays as it was received and judged', OLD.receipt_number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER benefits_evidence_guard BEFORE UPDATE ON benefits_evidence FOR EACH ROW EXECUTE FUNCTION benefits_evidence_guard();

CREATE FUNCTION benefits_missing_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.answered_at IS NOT NULL OR benefits_changed(to_jsonb(OLD), to_jsonb(NEW), ARRAY['answered_at']) IS NOT NULL THEN
        RAISE EXCEPTION 'what claim % was asked for is said once', OLD.claim_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER benefits_missing_guard BEFORE UPDATE ON benefits_missingrequest FOR EACH ROW EXECUTE FUNCTION benefits_missing_guard();

CREATE FUNCTION benefits_decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.decided_at IS NOT NULL OR OLD.sent_back_at IS NOT NULL OR benefits_changed(to_jsonb(OLD), to_jsonb(NEW),
        ARRAY['decided_by_id', 'decided_at', 'sent_back_by_id', 'sent_back_at', 'sent_back_why', 'letter_number', 'letter']) IS NOT NULL THEN
        RAISE EXCEPTION 'decision % stays as it was proposed and decided', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER benefits_decision_guard BEFORE UPDATE ON benefits_claimdecision FOR EACH ROW EXECUTE FUNCTION benefits_decision_guard();

CREATE FUNCTION benefits_award_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE decided record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT outcome, decided_at INTO decided FROM benefits_claimdecision WHERE id = NEW.decision_id;
        IF decided.outcome <> 'granted' OR decided.decided_at IS NULL THEN
            RAISE EXCEPTION 'decision % grants nothing', NEW.decision_id USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.ended_on IS NOT NULL AND OLD.ended_on IS DISTINCT FROM NEW.ended_on)
        OR benefits_changed(to_jsonb(OLD), to_jsonb(NEW), ARRAY['ended_on', 'ended_why', 'payee_id', 'payee_digest']) IS NOT NULL THEN
        RAISE EXCEPTION 'award % stays as it was decided', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER benefits_award_guard BEFORE INSERT OR UPDATE ON benefits_award FOR EACH ROW EXECUTE FUNCTION benefits_award_guard();

CREATE FUNCTION benefits_instalment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE granted record; so_far numeric;
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- The lock makes two instalments at one moment see each other.
        SELECT kind, kip, total, carried, ended_on INTO granted FROM benefits_award WHERE id = NEW.award_id FOR UPDATE;
        SELECT coalesce(sum(kip), 0) INTO so_far FROM benefits_instalment WHERE award_id = NEW.award_id AND state <> 'cancelled';
        IF granted.total IS NOT NULL AND granted.carried + so_far + NEW.kip > granted.total THEN
            RAISE EXCEPTION 'award % is % kip: instalment of % is too much', NEW.award_id, granted.total, NEW.kip USING ERRCODE = 'restrict_violation';
        END IF;
        IF granted.total IS NULL AND NEW.kip > granted.kip THEN
            RAISE EXCEPTION 'award % is % kip a month', NEW.award_id, granted.kip USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF benefits_changed(to_jsonb(OLD), to_jsonb(NEW), ARRAY['state', 'why', 'paid_on', 'due_on']) IS NOT NULL THEN
        RAISE EXCEPTION 'instalment % stays', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('due', 'ordered'), ('due', 'held'), ('due', 'cancelled'), ('ordered', 'held'), ('ordered', 'paid'), ('ordered', 'refused'),
        ('held', 'ordered'), ('held', 'cancelled'), ('refused', 'ordered'), ('refused', 'cancelled'), ('paid', 'refused')) THEN
        RAISE EXCEPTION 'instalment %: % does not become %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER benefits_instalment_guard BEFORE INSERT OR UPDATE ON benefits_instalment FOR EACH ROW EXECUTE FUNCTION benefits_instalment_guard();

CREATE FUNCTION benefits_appeal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'open' OR benefits_changed(to_jsonb(OLD), to_jsonb(NEW), ARRAY['state', 'answer', 'article', 'answered_by_id', 'answered_at']) IS NOT NULL THEN
        RAISE EXCEPTION 'appeal % stays as it was said and answered', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM benefits_claimdecision d WHERE d.claim_id = NEW.claim_id
        AND NEW.answered_by_id IN (d.proposed_by_id, d.decided_by_id)) THEN
        RAISE EXCEPTION 'who decided in the claim does not answer appeal %', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER benefits_appeal_guard BEFORE UPDATE ON benefits_appeal FOR EACH ROW EXECUTE FUNCTION benefits_appeal_guard();

CREATE FUNCTION benefits_payee_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR NEW.usable_from < OLD.usable_from OR benefits_changed(to_jsonb(OLD), to_jsonb(NEW),
        ARRAY['check_result', 'checked_at', 'looked_by_id', 'usable_from', 'ended_at']) IS NOT NULL THEN
        RAISE EXCEPTION 'account % of a payee stays: another one is another row', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER benefits_payee_guard BEFORE UPDATE ON benefits_payeeaccount FOR EACH ROW EXECUTE FUNCTION benefits_payee_guard();

CREATE FUNCTION benefits_hold_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.off_at IS NOT NULL OR benefits_changed(to_jsonb(OLD), to_jsonb(NEW), ARRAY['off_at', 'off_by_id']) IS NOT NULL THEN
        RAISE EXCEPTION 'hold % is over', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER benefits_hold_guard BEFORE UPDATE ON benefits_paymenthold FOR EACH ROW EXECUTE FUNCTION benefits_hold_guard();
"""
NEVER_GONE = (
    "claim", "evidence", "missingrequest", "claimdecision", "award", "instalment", "appeal", "payeeaccount", "paymenthold",
)  # fmt: skip
NEVER_CHANGED = ("claimstep", "overpayment")
STAYS = "\n".join(
    f"CREATE TRIGGER benefits_{table}_stays BEFORE {acts} ON benefits_{table} FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();"
    for tables, acts in ((NEVER_GONE, "DELETE OR TRUNCATE"), (NEVER_CHANGED, "UPDATE OR DELETE OR TRUNCATE"))
    for table in tables
)
GUARDED = ("claim", "evidence", "missing", "decision", "award", "instalment", "appeal", "payee", "hold")
UNGUARD = "\n".join(
    [f"DROP TRIGGER benefits_{table}_stays ON benefits_{table};" for table in NEVER_GONE + NEVER_CHANGED]
    + [f"DROP FUNCTION benefits_{name}_guard() CASCADE;" for name in GUARDED]
    + ["DROP FUNCTION benefits_changed(jsonb, jsonb, text[]);"]
)


class Migration(migrations.Migration):
    dependencies = [("benefits", "0001_initial"), ("ledger", "0004_benefits_payable")]
    operations = [migrations.RunSQL(GUARDS + STAYS, UNGUARD)]
