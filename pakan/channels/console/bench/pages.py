"""How many queries the main pages ask. The number must not grow with the data, so it is asked of a factory's pages too."""

from django.test import Client
from django.urls import reverse

from pakan.channels.console.bench.visitor import member, queries, visitor
from pakan.channels.console.country.accounts import ACCOUNTANT, ACCOUNTS, FINANCE, members
from pakan.registers.contributions.queries import declared_for
from pakan.registers.people.models import Employer
from pakan.units.month import Month

MOST = 25


def counts(preparer: Client, employer: Employer, month: Month) -> dict[str, int]:
    """Queries by page, for the signed-in preparer and others; `month` is the last one that was declared for `employer`."""
    found = _of_employer(preparer, employer, month)
    found["companies of an accountant"] = queries(
        visitor(ACCOUNTS[ACCOUNTANT]), reverse("employer:companies")
    )
    found |= _of_office(visitor(ACCOUNTS[FINANCE]), employer)
    return found | _of_member()


def _of_employer(client: Client, employer: Employer, month: Month) -> dict[str, int]:
    of_company = ("overview", "workers", "statement", "people")
    of_month = ("month", "pay")
    return {
        f"employer {page}": queries(client, reverse(f"employer:{page}", args=[employer.code]))
        for page in of_company
    } | {
        f"employer {page}": queries(client, reverse(f"employer:{page}", args=[employer.code, month]))
        for page in of_month
    }


def _of_office(client: Client, employer: Employer) -> dict[str, int]:
    plain = ("home", "money", "bank", "statement", "employers", "ledger")
    found = {f"office {page}": queries(client, reverse(f"office:{page}")) for page in plain}
    found["office employer"] = queries(client, reverse("office:employer", args=[employer.code]))
    found["office account"] = queries(client, reverse("office:account", args=["1100"]))
    return found


def _of_member() -> dict[str, int]:
    person = members()[0].person
    if person is None:
        raise LookupError("the country has no members")
    client = member(person)
    plain = ("home", "record", "messages", "help", "looks", "sign_ins")
    found = {f"member {page}": queries(client, reverse(f"member:{page}")) for page in plain}
    month = declared_for(person.id)[0].month
    found["member month"] = queries(client, reverse("member:month", args=[month]))
    return found
