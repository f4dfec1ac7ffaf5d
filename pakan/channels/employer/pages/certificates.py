"""The clearance certificate: what it asks for, what is missing, and the ones that were issued (C122)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from pakan.channels.employer.frame import may, of_employer, show, to
from pakan.channels.kit.files import file_answer
from pakan.operations import clear
from pakan.registers.access.actor import Asked
from pakan.registers.compliance.queries import clearance, clearances_of
from pakan.registers.people.models import Employer


@of_employer("GET", "HEAD", "POST")
def certificates(request: Asked, employer: Employer) -> HttpResponse:
    if request.method == "POST":
        try:
            clear.issue(request.actor, employer)
        except clear.Refused:
            messages.error(request, _("Something is still open. It stands below."))
        else:
            messages.success(request, _("Issued. Print it or send the file."))
        return to("certificates", employer)
    today = request.actor.today
    found = clear.conditions(employer, today)
    facts = {
        "conditions": found,
        "may_issue": found.met and may(request.actor, employer, "clear.issue"),
        "issued": [
            (one, one.withdrawn_at is None and one.until >= today) for one in clearances_of(employer.id)
        ],
    }
    return show(request, "certificates", employer, facts, current="certificates")


@of_employer("GET", "HEAD")
def certificate(request: Asked, employer: Employer, number: str) -> HttpResponse:
    """The paper; another employer's is not there."""
    found = clearance(number)
    if found is None or found.employer_id != employer.id:
        raise Http404
    return file_answer(clear.pdf(found), "application/pdf", f"clearance-{found.number}.pdf", attachment=False)
