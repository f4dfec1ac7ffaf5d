"""The invariants that `prove` checks: everything that is written twice is compared (standards/security-reliability).

One query each, set-wise; a finding counts the differences and shows a few. Numbers I3 (acknowledged = stored once),
I14 and I15 join with the parts they speak of; I16 is a test.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from pakan.registers.access.audit import first_broken_row


@dataclass(frozen=True)
class Finding:
    """One invariant: what it says in Lao and English, how many differences, and a few of them."""

    invariant: str
    lo: str
    en: str
    differences: int
    examples: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return self.differences == 0


@dataclass(frozen=True)
class Proof:
    invariant: str
    lo: str
    en: str
    query: str  # rows are differences; the first column names one


PROOFS = [
    Proof("I1", "ທຸກລາຍການບັນຊີ: ໜີ້ ເທົ່າກັບ ມີ", "Every posting balances: debits equal credits.",
        "SELECT 'posting ' || p.id FROM ledger_posting p LEFT JOIN ledger_entry e ON e.posting_id = p.id"
        " GROUP BY p.id HAVING coalesce(sum(e.debit), 0) <> coalesce(sum(e.credit), 0) OR count(e.id) < 2"),
    Proof("I2", "ຍອດທຸກບັນຊີລວມກັນເປັນສູນ", "All accounts together sum to zero.",
        "SELECT 'sum ' || s FROM (SELECT coalesce(sum(debit), 0) - coalesce(sum(credit), 0) AS s FROM ledger_entry) x WHERE s <> 0"),
    Proof("I4", "ເງິນເຂົ້າແຕ່ລະລາຍການຂອງທະນາຄານ ມີໃບຮັບເງິນດຽວ", "Each bank reference has one receipt and one posting.",
        "SELECT r.number FROM payments_receipt r LEFT JOIN ledger_posting p"
        " ON p.key = 'received:' || r.bank || ':' || r.account || ':' || r.bank_reference"
        " LEFT JOIN ledger_entry e ON e.posting_id = p.id AND e.account_id = '1010'"
        " WHERE e.debit IS DISTINCT FROM r.amount"),
    Proof("I5", "ໃບແຈ້ງ ເທົ່າກັບ ແຖວຂອງມັນ ແລະ ໜີ້", "A declaration equals its lines, and the debt equals the latest one.",
        "SELECT 'declaration ' || d.id FROM contributions_declaration d LEFT JOIN"
        " (SELECT declaration_id, count(*) n, sum(wage) w, sum(insured) i, sum(employer_share) e, sum(worker_share) s"
        "  FROM contributions_declaredwage GROUP BY declaration_id) l ON l.declaration_id = d.id"
        " WHERE (d.workers, d.wages_declared, d.wages_insured, d.employer_share, d.worker_share) IS DISTINCT FROM"
        " (coalesce(l.n, 0)::integer, coalesce(l.w, 0)::bigint, coalesce(l.i, 0)::bigint, coalesce(l.e, 0)::bigint, coalesce(l.s, 0)::bigint)"
        " UNION ALL SELECT 'obligation ' || o.id FROM contributions_obligation o JOIN contributions_declaration d ON d.id = o.declaration_id"
        " WHERE o.owed <> d.employer_share + d.worker_share OR EXISTS (SELECT 1 FROM contributions_declaration n"
        " WHERE n.employer_id = o.employer_id AND n.month = o.month AND n.version > d.version)"),
    Proof("I5b", "ທຸກແຖວມີໃບແຈ້ງ", "Every declared line and every credit has its declaration, person and employer.",
        "SELECT 'line of declaration ' || l.declaration_id FROM contributions_declaredwage l"
        " LEFT JOIN contributions_declaration d ON d.id = l.declaration_id WHERE d.id IS NULL"
        " UNION ALL SELECT 'credit of person ' || c.person_id FROM records_credit c LEFT JOIN people_person p ON p.id = c.person_id"
        " LEFT JOIN people_employer e ON e.id = c.employer_id WHERE p.id IS NULL OR e.id IS NULL"),
    Proof("I6", "ໜີ້ ເທົ່າກັບ ຈ່າຍແລ້ວ ບວກ ຍັງຄ້າງ", "A debt equals what was set against it plus what is open; so does the ledger.",
        "SELECT 'obligation ' || o.id FROM contributions_obligation o LEFT JOIN"
        " (SELECT employer_id, month, sum(amount) s FROM payments_allocation GROUP BY employer_id, month) a"
        " ON a.employer_id = o.employer_id AND a.month = o.month WHERE coalesce(a.s, 0) <> o.settled"
        " UNION ALL SELECT 'receivable of employer ' || coalesce(l.employer_id, o.employer_id) FROM"
        " (SELECT p.employer_id, sum(e.debit) - sum(e.credit) s FROM ledger_entry e JOIN ledger_posting p ON p.id = e.posting_id"
        "  WHERE e.account_id = '1100' GROUP BY p.employer_id) l FULL JOIN"
        " (SELECT employer_id, sum(owed - settled) s FROM contributions_obligation GROUP BY employer_id) o"
        " ON o.employer_id = l.employer_id WHERE coalesce(l.s, 0) <> coalesce(o.s, 0)"),
    Proof("I7", "ໃບຮັບເງິນ ເທົ່າກັບ ເງິນທີ່ຈັບຄູ່ ບວກ ເງິນເຫຼືອ ບວກ ຍັງບໍ່ຈັບຄູ່", "Receipts equal what was allocated, kept or unmatched; and the bank.",
        "SELECT 'receipt ' || r.number FROM payments_receipt r LEFT JOIN"
        " (SELECT receipt_id, sum(amount) s FROM payments_allocation WHERE receipt_id IS NOT NULL GROUP BY receipt_id) a"
        " ON a.receipt_id = r.id WHERE coalesce(a.s, 0) <> r.allocated"
        " OR (r.state = 'matched' AND r.allocated + r.credited <> r.amount)"
        " OR (r.state = 'unmatched' AND r.allocated + r.credited <> 0)"
        " UNION ALL SELECT 'unmatched ' || s FROM (SELECT"
        " (SELECT coalesce(sum(credit) - sum(debit), 0) FROM ledger_entry WHERE account_id = '2100')"
        " - (SELECT coalesce(sum(amount), 0) FROM payments_receipt WHERE state = 'unmatched') AS s) x WHERE s <> 0"
        " UNION ALL SELECT 'statement line ' || l.bank_reference FROM payments_statementline l LEFT JOIN payments_receipt r ON r.id = l.receipt_id"
        " WHERE r.amount IS DISTINCT FROM l.amount"),
    Proof("I7b", "ເງິນເຫຼືອຂອງຫົວໜ່ວຍແຮງງານ ເທົ່າກັບບັນຊີ", "The credit kept for each employer equals the ledger's.",
        "SELECT 'credit of employer ' || coalesce(l.employer_id, k.employer_id) FROM"
        " (SELECT p.employer_id, sum(e.credit) - sum(e.debit) s FROM ledger_entry e JOIN ledger_posting p ON p.id = e.posting_id"
        "  WHERE e.account_id = '2200' GROUP BY p.employer_id) l FULL JOIN"
        " (SELECT employer_id, sum(s) s FROM (SELECT employer_id, credited s FROM payments_receipt WHERE employer_id IS NOT NULL"
        "  UNION ALL SELECT employer_id, -amount FROM payments_allocation WHERE from_credit) m GROUP BY employer_id) k"
        " ON k.employer_id = l.employer_id WHERE coalesce(l.s, 0) <> coalesce(k.s, 0)"),
    Proof("I8", "ເດືອນທີ່ນັບໃຫ້ຜູ້ປະກັນຕົນ ກໍຄືເດືອນທີ່ຈ່າຍຄົບ", "A month is credited exactly when it is paid in full, with the declared figures.",
        "SELECT 'obligation ' || o.id FROM contributions_obligation o JOIN contributions_declaration d ON d.id = o.declaration_id"
        " WHERE (o.owed = o.settled) <> (o.credited_version = d.version) OR o.credited_version > d.version"
        " UNION ALL SELECT 'credited month ' || o.employer_id || ' ' || o.month FROM contributions_obligation o"
        " JOIN contributions_declaration d ON d.employer_id = o.employer_id AND d.month = o.month AND d.version = o.credited_version"
        " LEFT JOIN (SELECT employer_id, month, sum(employer_share) e, sum(worker_share) w FROM"
        " (SELECT DISTINCT ON (person_id, month, employer_id) * FROM records_credit ORDER BY person_id, month, employer_id, version DESC) c"
        " GROUP BY employer_id, month) c ON c.employer_id = o.employer_id AND c.month = o.month"
        " WHERE coalesce(c.e, 0) <> d.employer_share OR coalesce(c.w, 0) <> d.worker_share"
        " UNION ALL SELECT 'credit without a paid month ' || c.employer_id || ' ' || c.month FROM"
        " (SELECT DISTINCT employer_id, month FROM records_credit) c LEFT JOIN contributions_obligation o"
        " ON o.employer_id = c.employer_id AND o.month = c.month WHERE coalesce(o.credited_version, 0) = 0"),
    Proof("I9", "ໃບແຈ້ງທີ່ຢືນຢັນແລ້ວ ມີໃບແຈ້ງຈິງ", "A sheet is approved exactly when it became a declaration; a paid notice has its months paid.",
        "SELECT 'sheet ' || s.id FROM contributions_sheet s LEFT JOIN contributions_declaration d ON d.sheet_id = s.id"
        " WHERE (s.state = 'approved') <> (d.id IS NOT NULL)"
        " UNION ALL SELECT 'notice ' || n.number FROM payments_notice n JOIN payments_noticeline l ON l.notice_id = n.id"
        " JOIN contributions_obligation o ON o.employer_id = n.employer_id AND o.month = l.month"
        " WHERE n.state = 'open' AND o.owed = o.settled"),
    Proof("I10", "ທຸກໃບແຈ້ງ ແລະ ໃບຮັບເງິນ ມີຮ່ອງຮອຍ", "Every declaration has its row in the audit trail.",
        "SELECT 'declarations ' || d || ' rows ' || a FROM (SELECT (SELECT count(*) FROM contributions_declaration) d,"
        " (SELECT count(*) FROM access_auditrow WHERE act IN ('declare.approve', 'declare.wages')) a) x WHERE d <> a"),
    Proof("I11", "ບໍ່ມີວຽກຄ້າງເກີນ 15 ນາທີ ໂດຍບໍ່ມີຜົນ", "No bank message or text has waited over 15 minutes without an outcome or a job.",
        "SELECT 'bank message ' || id FROM payments_bankmessage WHERE state = 'new' AND received_at < now() - interval '15 minutes'"
        " UNION ALL SELECT 'message ' || id FROM pakan_messages_message WHERE state = 'queued' AND tries = 0"
        " AND made_at < now() - interval '15 minutes' AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs j"
        " WHERE j.task_name = 'notify.send' AND j.status IN ('todo', 'doing'))"),
    Proof("I12", "ບໍ່ມີວຽກທີ່ຜູ້ເຮັດຢຸດໄປແລ້ວ", "No job has been without a living worker for over two minutes.",
        "SELECT 'job ' || j.id FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id"
        " WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - interval '2 minutes')"),
    Proof("I13", "ຜູ້ກະກຽມ ບໍ່ແມ່ນ ຜູ້ຢືນຢັນ", "Who prepared did not approve, but where one person may.",
        "SELECT 'declaration ' || d.id FROM contributions_declaration d JOIN people_employer e ON e.id = d.employer_id"
        " WHERE d.prepared_by_id = d.approved_by_id AND NOT e.one_person_may_approve"),
]  # fmt: skip
SHOWN = 5


def findings(at: datetime) -> list[Finding]:
    """Every invariant with what was found, in order."""
    found = [_ask(proof) for proof in PROOFS]
    broken = first_broken_row()
    chain = Finding(
        "I10b",
        "ຮ່ອງຮອຍການກວດສອບຕໍ່ກັນຄົບຖ້ວນ",
        "The audit trail's chain is whole.",
        0 if broken is None else 1,
        [] if broken is None else [f"row {broken}"],
    )
    return [*found, chain]


def _ask(proof: Proof) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(proof.query)
        rows: list[Any] = cursor.fetchall()
    return Finding(proof.invariant, proof.lo, proof.en, len(rows), [str(row[0]) for row in rows[:SHOWN]])
