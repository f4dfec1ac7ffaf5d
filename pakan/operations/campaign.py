"""Campaign: charges of old months are given up in part for whoever pays these months between two days (C125).

One officer enters it with its decision, another approves it. `late.forgive` applies it when the money arrives.
"""

from datetime import date

from pakan.operations import agree
from pakan.operations.agree import Refused
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.compliance import actions
from pakan.registers.compliance.models import Campaign
from pakan.units.month import Month

__all__ = ["Refused"]


@verb("campaign.enter")
def enter(
    actor: Actor,
    name_lo: str,
    name_en: str,
    cite: str,
    starts: date,
    ends: date,
    last_month: Month,
    percent: int,
) -> Campaign:
    """Raises Refused 'days', 'last_month', 'percent' or 'short'."""
    assert actor.account_id is not None
    if ends < starts or ends < actor.today:
        raise Refused("days")
    if last_month >= Month.of(starts):
        raise Refused("last_month")
    if not 1 <= percent <= 100:
        raise Refused("percent")
    names = [agree.said(text, least=3, most=120) for text in (name_lo, name_en)]
    made = actions.enter_campaign(
        name_lo=names[0], name_en=names[1], cite=agree.said(cite, most=200), starts=starts, ends=ends,
        last_month=last_month, percent=percent, entered_at=actor.at, entered_by_id=actor.account_id,
    )  # fmt: skip
    remember(f"campaign {made.id}", percent=percent, starts=starts, ends=ends, last_month=str(last_month))
    return made


@verb("campaign.approve")
def approve(actor: Actor, campaign: Campaign) -> None:
    """A second officer. Raises Refused 'same_person' or 'state'."""
    assert actor.account_id is not None
    remember(f"campaign {campaign.id}")
    if actor.account_id == campaign.entered_by_id:
        raise Refused("same_person")
    if not actions.approve_campaign(campaign.id, actor.at, actor.account_id):
        raise Refused("state")
