"""What stands first on a keypad telephone, and what a member sees behind his PIN (C6, C24, C170)."""

from collections.abc import Callable
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pakan.channels.kit.claims import STATES
from pakan.channels.kit.speech import day_text, kip_text, month_text
from pakan.channels.phone.company import Company
from pakan.channels.phone.walk import End, Stop, Walk
from pakan.operations import dial, enter
from pakan.operations.dial import Screen, Verdict
from pakan.registers.access.models import Account
from pakan.registers.benefits.queries import of_person
from pakan.registers.benefits.states import State
from pakan.registers.keypads.models import Talk
from pakan.registers.people.models import Person
from pakan.registers.people.queries import people_of_phone
from pakan.registers.records.queries import statement
from pakan.units.number import WrongNumber, clean_person_number

Next = Callable[[], Stop]


class Menu:
    """One telephone's walk. Which PIN was right where is remembered by the talk, so that a step counts no try twice."""

    def __init__(self, talk: Talk, phone: str, at: datetime, request: str) -> None:
        self.talk, self.phone, self.at, self.request = talk, phone, at, request
        self.people: list[Person] = people_of_phone(phone)
        self.person = self.people[0] if len(self.people) == 1 else None
        self.company = dial.declaring(phone)
        self.proved: set[int] = set()
        self.language = self._language()
        self.walk = Walk(self.home)

    def _language(self) -> str:
        account = self._account(self.person) or self.company
        return account.language if account else "lo"

    def go(self, inputs: list[str]) -> None:
        self.walk.begin()
        if self.talk.offered:
            self.walk.stops = [(self.offer_to_go_on(), "")]
        for at, typed in enumerate(inputs):
            with translation.override(self.language):
                self.walk.take(typed, at)
        # Who has read the last page of a branch was not cut off; on a phone of several people nobody goes on.
        midway = self.walk.here.choices or self.walk.here.typed
        self.talk.place = self.walk.path if midway and (self.person or self.company) else []

    def speak(self) -> Screen:
        with translation.override(self.language):
            return Screen(*self.walk.spoken())

    # First screens

    def offer_to_go_on(self) -> Stop:
        return Stop(
            lambda: _("You were cut off."),
            {
                "1": (gettext_lazy("Go on there"), lambda: self.walk.begin(self.talk.offered)),
                "2": (gettext_lazy("From the start"), self.walk.begin),
            },
        )

    def home(self) -> Stop:
        if not self.people and self.company is None:
            return Stop(
                lambda: _("This number is on no record. Ask at an office or call 1508."),
                {"3": (gettext_lazy("Is this call real?"), self.warning), "9": self._other_language()},
            )
        choices: dict[str, tuple[object, Callable[[], Stop | None]]] = {}
        if self.people:
            choices |= {
                "1": (gettext_lazy("My months"), lambda: self.own(self.months)),
                "2": (gettext_lazy("My claims"), lambda: self.own(self.claims)),
            }
        choices["3"] = (
            gettext_lazy("Is this call real?"),
            (lambda: self.own(self.call)) if self.people else self.warning,
        )
        if self.company is not None:
            choices["4"] = (gettext_lazy("Declare a month"), self.of_company)
        choices["9"] = self._other_language()
        return Stop(lambda: _("Social security"), choices)  # type: ignore[arg-type]

    def _other_language(self) -> tuple[str, Callable[[], None]]:
        return ("English" if self.language == "lo" else "Lao"), self._turn

    def _turn(self) -> None:
        self.language = "en" if self.language == "lo" else "lo"
        self.walk.stops = [(self.home(), "")]

    def warning(self) -> Stop:
        return Stop(lambda: _("We never ask for a PIN or a code. In doubt hang up and call 1508."))

    # The PIN

    def own(self, then: Next) -> Stop:
        """What is the member's own: on a telephone of several people he says first who he is."""
        if self.person is not None or not self.people:
            return self.behind_pin(self._account(self.person), then)
        return Stop(lambda: _("Several people use this phone. Type your number:"), typed=self._who(then))

    def _who(self, then: Next) -> Callable[[str, int], Stop]:
        def typed(number: str, _at: int) -> Stop:
            try:
                clean = clean_person_number(number)
            except WrongNumber:
                clean = ""
            self.person = next((one for one in self.people if one.number == clean), None)
            account = self._account(self.person)
            return self.behind_pin(account, then) if account else self._ask_pin(None, then)

        return typed

    def _account(self, person: Person | None) -> Account | None:
        return Account.objects.filter(person=person, is_active=True).first() if person else None

    def behind_pin(self, account: Account | None, then: Next) -> Stop:
        if account is None or not account.pin:
            return self._end(_no_pin)
        return then() if account.id in self.proved else self._ask_pin(account, then)

    def _ask_pin(self, account: Account | None, then: Next, wrong: bool = False) -> Stop:
        def typed(pin: str, at: int) -> Stop:
            verdict = self._judge(account, pin, at)
            if verdict is Verdict.RIGHT and account is not None:
                self.proved.add(account.id)
                return then()
            if verdict is Verdict.WRONG:
                return self._ask_pin(account, then, wrong=True)
            return self._end(_locked if verdict is Verdict.LOCKED else _no_pin)

        return Stop(
            lambda: _("This PIN is not right. Type it again:") if wrong else _("Your PIN, 6 digits:"),
            typed=typed,
        )

    def _judge(self, account: Account | None, pin: str, at: int) -> Verdict:
        """Each PIN of a talk is tried and counted once, however often its inputs come again."""
        whose, known = account.id if account else 0, self.talk.judged.get(str(at))
        if known is not None:
            return Verdict.RIGHT if whose and known == whose else Verdict.WRONG
        if account is None:
            verdict = dial.turned_away(self.phone, self.at)
        else:
            verdict = dial.prove(account, self.phone, pin, self.at, self.request)
        self.talk.judged[str(at)] = whose if verdict is Verdict.RIGHT else 0
        return verdict

    def _end(self, words: Callable[[], str]) -> Stop:
        return Stop(lambda: End(words()))

    # Behind it

    def months(self) -> Stop:
        return Stop(self._months)

    def _months(self) -> str:
        assert self.person is not None
        posted = statement(self.person.id)
        if not posted:
            return _("No month counts for you yet. Ask your employer or call 1508.")
        paid = sum(one.employer_share + one.worker_share for one in posted if one.month == posted[0].month)
        return _("Paid up to %(month)s\nMonths: %(count)s\nLast: %(amount)s") % {
            "month": month_text(posted[0].month), "count": len({one.month for one in posted}), "amount": kip_text(paid),
        }  # fmt: skip

    def claims(self, at: int = 0) -> Stop:
        assert self.person is not None
        found = [one for one in of_person(self.person.id) if one.state != State.DRAFT]
        if not found:
            return Stop(lambda: _("You have sent no claim."))
        claim = found[at]
        after = {"1": (gettext_lazy("Next"), lambda: self.claims(at + 1))} if at + 1 < len(found) else {}

        def say() -> str:
            lines = [_("Claim %(number)s") % {"number": claim.number}, str(STATES[claim.state][0])]
            if claim.state in (State.LODGED, State.ASKED, State.PROPOSED) and claim.promised_on:
                lines.append(_("until %(day)s") % {"day": day_text(claim.promised_on)})
            return "\n".join(lines)

        return Stop(say, after)  # type: ignore[arg-type]

    def call(self) -> Stop:
        return Stop(self._call)

    def _call(self) -> str:
        assert self.person is not None
        found = enter.call_to(self.person.id, self.at)
        if found is None:
            return _("Nobody of us calls you now. Hang up, and call 1508 yourself.")
        ours, yours = enter.halves(found)
        return _("We call you now.\nThe caller says %(ours)s.\nYou answer %(yours)s.") % {
            "ours": ours, "yours": yours,
        }  # fmt: skip

    def of_company(self) -> Stop:
        assert self.company is not None
        company = Company(self.company, self.talk, self.at, self.request)
        return self.behind_pin(self.company, company.choose)


def _locked() -> str:
    return _("Five wrong PINs. Closed for 24 hours. Call 1508 if it was not you.")


def _no_pin() -> str:
    return _("You have no PIN yet. Choose one in the app or at an office.")
