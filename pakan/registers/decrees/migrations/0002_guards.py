"""What nobody can walk around: a decree moves as its table says, by as many people as it needs, and law stays."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION decree_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE needed int; signed int; earliest date;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'entered' THEN
            RAISE EXCEPTION 'a decree begins as entered, not %', NEW.state USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state IN ('approved', 'withdrawn') THEN
        RAISE EXCEPTION 'decree % is %: it changes no more', OLD.id, OLD.state USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.id, OLD."group", OLD.values, OLD.first_day, OLD.cite, OLD.article, OLD.note, OLD.confidence, OLD.scan_id, OLD.entered_by_id, OLD.entered_at)
        IS DISTINCT FROM
       (NEW.id, NEW."group", NEW.values, NEW.first_day, NEW.cite, NEW.article, NEW.note, NEW.confidence, NEW.scan_id, NEW.entered_by_id, NEW.entered_at)
        OR OLD.supersedes_id IS DISTINCT FROM NEW.supersedes_id THEN
        RAISE EXCEPTION 'what decree % says was rehearsed and signed: withdraw it and enter another', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT (OLD.state = NEW.state
        OR (OLD.state, NEW.state) IN (('entered', 'rehearsed'), ('entered', 'withdrawn'), ('rehearsed', 'approved'), ('rehearsed', 'withdrawn'))) THEN
        RAISE EXCEPTION 'decree %: % does not become %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'approved' THEN
        SELECT least(NEW.first_day, min(first_day)) INTO earliest FROM decrees_decree WHERE id = NEW.supersedes_id;
        IF NEW.approved_on <> (NEW.approved_at AT TIME ZONE 'Asia/Vientiane')::date THEN
            RAISE EXCEPTION 'decree %: approved on another day than at its moment', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
        needed := CASE WHEN coalesce(earliest, NEW.first_day) < NEW.approved_on THEN 2 ELSE 1 END;
        SELECT count(DISTINCT s.account_id) INTO signed FROM decrees_signature s JOIN decrees_rehearsal r ON r.id = s.rehearsal_id
            WHERE s.decree_id = NEW.id AND s.account_id <> NEW.entered_by_id AND r.done_at IS NOT NULL AND r.law = NEW.number - 1;
        IF signed < needed THEN
            RAISE EXCEPTION 'decree % needs % people besides the one who entered it, % signed', OLD.id, needed, signed USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decrees_decree_guard BEFORE INSERT OR UPDATE ON decrees_decree FOR EACH ROW EXECUTE FUNCTION decree_guard();
CREATE TRIGGER decrees_decree_stays BEFORE DELETE OR TRUNCATE ON decrees_decree FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();

CREATE FUNCTION decree_signature_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE told record;
BEGIN
    SELECT entered_by_id, state INTO told FROM decrees_decree WHERE id = NEW.decree_id;
    IF told.entered_by_id = NEW.account_id THEN
        RAISE EXCEPTION 'who entered decree % does not sign it', NEW.decree_id USING ERRCODE = 'restrict_violation';
    END IF;
    IF told.state <> 'rehearsed' THEN
        RAISE EXCEPTION 'decree % is %, only a rehearsed one is signed', NEW.decree_id, told.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decrees_signature_guard BEFORE INSERT ON decrees_signature FOR EACH ROW EXECUTE FUNCTION decree_signature_guard();
CREATE TRIGGER decrees_signature_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON decrees_signature FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();

CREATE FUNCTION decree_rehearsal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.done_at IS NOT NULL THEN
        RAISE EXCEPTION 'rehearsal % is done: rehearse again instead', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decrees_rehearsal_guard BEFORE UPDATE ON decrees_rehearsal FOR EACH ROW EXECUTE FUNCTION decree_rehearsal_guard();
CREATE TRIGGER decrees_rehearsal_stays BEFORE DELETE OR TRUNCATE ON decrees_rehearsal FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
"""

UNGUARD = """
DROP TRIGGER decrees_rehearsal_stays ON decrees_rehearsal;
DROP TRIGGER decrees_rehearsal_guard ON decrees_rehearsal;
DROP TRIGGER decrees_signature_stays ON decrees_signature;
DROP TRIGGER decrees_signature_guard ON decrees_signature;
DROP TRIGGER decrees_decree_stays ON decrees_decree;
DROP TRIGGER decrees_decree_guard ON decrees_decree;
DROP FUNCTION decree_rehearsal_guard();
DROP FUNCTION decree_signature_guard();
DROP FUNCTION decree_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("decrees", "0001_initial"), ("ledger", "0002_guards")]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
