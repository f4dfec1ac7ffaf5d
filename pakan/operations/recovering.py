"""What is taken of a payment for money that was paid too much: only by a plan that runs, and never more than is affordable.

Below the verbs: the payment asks here what to take, the plan's page what may be asked for (C52).
"""

import tomllib
from datetime import datetime
from pathlib import Path

from pakan.registers.benefits import actions, queries
from pakan.registers.benefits.models import Deduction, Instalment, Recovery
from pakan.units.money import Kip

SHARES = tomllib.loads((Path(__file__).parent / "recovery.toml").read_text(encoding="utf-8"))


def most(kip: int, by_person: bool) -> Kip:
    """At most this much of a payment of `kip`, rounded down: whoever pays back keeps the rest."""
    return Kip(kip * SHARES["own_percent" if by_person else "asked_percent"] // 100)


def deduct(instalment: Instalment, at: datetime) -> None:
    """Take from a payment that has just fallen due what the running plans say; a plan that got all is done."""
    left_of_it = int(instalment.kip)
    for plan in queries.running_plans(instalment.award.person_id):
        locked = (
            Recovery.objects.select_for_update(of=("self",)).select_related("overpayment").get(id=plan.id)
        )
        if locked.state != Recovery.State.RUNNING:
            continue
        owed = int(locked.overpayment.kip) - queries.taken_of(locked.overpayment_id)
        already = int(instalment.kip) - left_of_it
        kip = min(int(locked.monthly), owed, most(int(instalment.kip), locked.by_person) - already)
        if kip > 0:
            actions.deduct(locked, instalment, Kip(kip), at)
            left_of_it -= kip
        if kip >= owed:
            actions.turn_plan(locked, Recovery.State.DONE)


def net(instalment: Instalment) -> Kip:
    """What the account gets."""
    taken = Deduction.objects.filter(instalment=instalment, released_at=None).values_list("kip", flat=True)
    return Kip(int(instalment.kip) - sum(taken))
