"""Workers whom two employers declared for one month (C80). Read only; for officers, never for the employers.

Each employer declares its own wage up to the ceiling; what both insure together may lie above it (A-08). Nobody is refused
for that: an officer looks whether both jobs are real.
"""

from dataclasses import dataclass

from pakan.registers.columns import read_columns
from pakan.registers.contributions.models import DeclaredWage
from pakan.registers.people.models import Employer
from pakan.registers.people.queries import same_person
from pakan.units.money import Kip
from pakan.units.month import Month


@dataclass(frozen=True, slots=True)
class Double:
    """A person of today's numbers; `insured`: kip that enterprises insured for the month, all together.

    The State's salaries have no ceiling (A-10), so they are counted as a job and not as money.
    """

    person_id: int
    jobs: int
    insured: Kip


_DOUBLES = """
SELECT coalesce(a.person_id, w.person_id), count(DISTINCT o.employer_id),
    coalesce(sum(w.insured) FILTER (WHERE d.scheme = 'enterprise'), 0)::bigint
FROM contributions_obligation o
JOIN contributions_declaration d ON d.id = o.declaration_id AND d.scheme <> 'voluntary'
JOIN contributions_declaredwage w ON w.declaration_id = d.id
LEFT JOIN people_alias a ON a.old_id = w.person_id AND a.merged_at IS NOT NULL AND a.ended_at IS NULL
WHERE o.month = %s
GROUP BY 1 HAVING count(DISTINCT o.employer_id) > 1
ORDER BY 3 DESC, 1
"""


def in_month(month: Month) -> list[Double]:
    """Who stands in the declarations (versions that count) of two or more employers, the highest sum first. One query."""
    found = read_columns(_DOUBLES, ("person", "jobs", "insured"), [month.first])
    rows = zip(found["person"].tolist(), found["jobs"].tolist(), found["insured"].tolist(), strict=True)
    return [Double(person, jobs, Kip(insured)) for person, jobs, insured in rows]


def lines(person_id: int, month: Month) -> list[tuple[Employer, DeclaredWage]]:
    """What each employer declared for that person and month, by employer code."""
    found = DeclaredWage.objects.filter(
        same_person(person_id), declaration__obligation__isnull=False, declaration__month=month
    ).exclude(declaration__scheme=Employer.Scheme.VOLUNTARY)
    rows = found.select_related("declaration__employer").order_by("declaration__employer__code")
    return [(line.declaration.employer, line) for line in rows]
