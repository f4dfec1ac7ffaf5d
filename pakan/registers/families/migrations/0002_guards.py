"""What nobody can walk around: who was told of never changes, an entry moves as its table says, papers stay."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION families_member_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'asked' THEN
            RAISE EXCEPTION 'a family member begins asked, not %', NEW.state USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.id, OLD.number, OLD.insured_id, OLD.relation, OLD.given_name, OLD.family_name, OLD.name_latin, OLD.key,
        OLD.birth_date, OLD.sex, OLD.national_id, OLD.since, OLD.asked_by_id, OLD.asked_at)
        IS DISTINCT FROM (NEW.id, NEW.number, NEW.insured_id, NEW.relation, NEW.given_name, NEW.family_name, NEW.name_latin,
        NEW.key, NEW.birth_date, NEW.sex, NEW.national_id, NEW.since, NEW.asked_by_id, NEW.asked_at) THEN
        RAISE EXCEPTION 'what was asked of % stays', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN
        (('asked', 'confirmed'), ('asked', 'refused'), ('asked', 'withdrawn'), ('confirmed', 'ended')) THEN
        RAISE EXCEPTION '%: % does not become %', OLD.number, OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state NOT IN ('asked', 'confirmed') AND (OLD.answer, OLD.until, OLD.ended_by_id)
        IS DISTINCT FROM (NEW.answer, NEW.until, NEW.ended_by_id) THEN
        RAISE EXCEPTION 'what was decided of % stays', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER families_familymember_guard BEFORE INSERT OR UPDATE ON families_familymember
    FOR EACH ROW EXECUTE FUNCTION families_member_guard();
CREATE TRIGGER families_familymember_stays BEFORE DELETE OR TRUNCATE ON families_familymember
    FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();

CREATE FUNCTION families_paper_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.accepted IS NOT NULL OR (OLD.member_id, OLD.kind, OLD.document_id, OLD.dated, OLD.kept_by_id, OLD.kept_at)
        IS DISTINCT FROM (NEW.member_id, NEW.kind, NEW.document_id, NEW.dated, NEW.kept_by_id, NEW.kept_at) THEN
        RAISE EXCEPTION 'paper % stays as it was given and judged', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER families_familypaper_guard BEFORE UPDATE ON families_familypaper
    FOR EACH ROW EXECUTE FUNCTION families_paper_guard();
CREATE TRIGGER families_familypaper_stays BEFORE DELETE OR TRUNCATE ON families_familypaper
    FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays();
"""

UNGUARD = """
DROP TRIGGER families_familypaper_stays ON families_familypaper;
DROP TRIGGER families_familypaper_guard ON families_familypaper;
DROP FUNCTION families_paper_guard();
DROP TRIGGER families_familymember_stays ON families_familymember;
DROP TRIGGER families_familymember_guard ON families_familymember;
DROP FUNCTION families_member_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("families", "0001_initial"), ("ledger", "0002_guards")]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
