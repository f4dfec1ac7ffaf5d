"""A company's month by keys: same as last month, nobody worked, or sign what a colleague prepared (C81, C84, C91)."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pakan.channels.kit.speech import day_text, kip_text, language, month_text
from pakan.channels.phone.walk import End, Stop, Words
from pakan.operations import dial
from pakan.registers.access.models import Account
from pakan.registers.access.roles import Role
from pakan.registers.keypads.models import Talk
from pakan.registers.people.models import Employer
from pakan.units.month import Month

MOST = 5  # companies on one screen; whoever has more is better served by the web
NAME_LETTERS = 9
ACTS = frozenset({Role.EMPLOYER_PREPARER, Role.EMPLOYER_APPROVER, Role.EMPLOYER_ADMINISTRATOR})
WAYS: dict[str, tuple[str, Words]] = {
    "same": ("1", gettext_lazy("Same as last month")),
    "nil": ("2", gettext_lazy("Nobody worked")),
    "sign": ("1", gettext_lazy("Look and sign")),
}
PROBLEMS: dict[str, Words] = {
    "questions": gettext_lazy("Something has to be checked first. Do it on the web or call 1508."),
    "in_work": gettext_lazy("Somebody works on this month on the web. Finish it there."),
    "cools": gettext_lazy("Your way in is new. By keys you can sign in three days."),
    "over": gettext_lazy("This month is done already."),
}


class Company:
    """What the account may do for its companies; its PIN was right."""

    def __init__(self, account: Account, talk: Talk, at: datetime, request: str) -> None:
        self.talk = talk
        self.actor = dial.actor_on(account, at, request)

    def choose(self) -> Stop:
        ids = [employer for employer, roles in self.actor.employers.items() if roles & ACTS]
        mine = list(Employer.objects.filter(id__in=ids).order_by("code")[: MOST + 1])
        if not mine:
            return Stop(lambda: _("You act for no company any more."))
        if len(mine) == 1:
            return self.company(mine[0])
        return Stop(
            lambda: _("Which one?"),
            {str(at): (_name(one), self._to(one)) for at, one in enumerate(mine[:MOST], 1)},
        )

    def _to(self, employer: Employer) -> Callable[[], Stop]:
        return lambda: self.company(employer)

    def company(self, employer: Employer) -> Stop:
        found = dial.standing(self.actor, employer)
        choices: dict[str, tuple[Words, Callable[[], Stop | None]]] = {}
        for way in found.ways:
            assert found.month is not None
            key, label = WAYS[way]
            choices[key] = (label, self._shows(employer, found.month, way))
        owed = found.owed
        if owed is not None:
            choices["3"] = (gettext_lazy("To pay"), lambda: Stop(lambda: _to_pay(owed)))

        def say() -> str:
            if found.month is None:
                return _("Every month is declared.")
            month = month_text(found.month)
            if found.waits and "sign" not in found.ways:
                return _("%(month)s: prepared. A second person has to sign.") % {"month": month}
            if not found.ways:
                return _("%(month)s: finish it on the web.") % {"month": month}
            return _("%(month)s to declare") % {"month": month}

        return Stop(say, choices)

    def _shows(self, employer: Employer, month: Month, way: str) -> Callable[[], Stop]:
        return lambda: self.look(employer, month, way)

    def look(self, employer: Employer, month: Month, way: str) -> Stop:
        """Workers, total, due day: exactly what is signed with the next key."""

        def say() -> str | Stop:
            try:
                offer = dial.offer(self.actor, employer, month, way)
            except dial.NotPossible as refusal:
                return _problem(refusal)
            self.talk.shown = offer.figures
            return _("%(month)s: %(workers)s workers\n%(total)s\nuntil %(day)s") % {
                "month": month_text(month), "workers": offer.workers, "total": kip_text(offer.total),
                "day": day_text(offer.due),
            }  # fmt: skip

        return Stop(say, {"1": (gettext_lazy("Sign, send"), lambda: self.signed(employer, month, way))})

    def signed(self, employer: Employer, month: Month, way: str) -> Stop:
        again = self.look(employer, month, way)

        def say() -> End | Stop:
            try:
                outcome = dial.sign(self.actor, employer, month, way, self.talk)
            except dial.Changed:
                return again
            except dial.NotPossible as refusal:
                return _problem(refusal)
            if not outcome.number:
                return End(_("Prepared. A second person has to sign. We tell them."))
            if not outcome.total:
                return End(
                    _("Received. Your number: %(number)s. Nothing to pay.") % {"number": outcome.number}
                )
            return End(
                _("Received. Your number: %(number)s. The payment number comes by SMS.")
                % {"number": outcome.number}
            )

        return Stop(say, again.choices)


def _problem(refusal: dial.NotPossible) -> Stop:
    return Stop(lambda: str(PROBLEMS[refusal.code]))


def _name(employer: Employer) -> str:
    lao = language() == "lo" or not employer.name_en
    return (employer.name_lo if lao else employer.name_en)[:NAME_LETTERS]


def _to_pay(owed: dial.Owed) -> str:
    said = _("Pay %(total)s\nuntil %(day)s") % {"total": kip_text(owed.amount), "day": day_text(owed.due)}
    return f"{said}\n{owed.reference}" if owed.reference else said
