"""What happens by itself, and when. Every task may run twice, late, or on two workers at once.

Times are in UTC, as the queue reckons them; Vientiane is seven hours ahead. A task that fails for good is a failed
job, and the office sees those on its first page.

Open notices are not asked about one by one: the bank's statement, hourly, closes the same gap (lao-qr, section 7
rules 2 and 3).
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

from pakan.operations import certify, collect, payout, practise, reconcile, wish
from pakan.operations.later import later
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.models import Limit, PhoneCode, SignIn
from pakan.registers.access.queries import LIFE, over

log = logging.getLogger("pakan.timetable")

DEAD_AFTER = 30  # seconds without a heartbeat; workers give one every ten
MOST_REVIVALS = 10  # a job that ends its worker this often is the cause, not the victim
CODES_KEPT = timedelta(days=2)  # longer than the day in which they are counted
JOBS_KEPT = timedelta(days=14)


class NotProven(RuntimeError):
    """Something that is written twice differs: a person must look (office, prove)."""


@app.periodic(cron="* * * * *")
@app.task(name="timetable.revive", queueing_lock="timetable.revive", pass_context=True)
async def revive(context: JobContext, timestamp: int) -> None:
    """Jobs whose worker died go back to the queue: without this they stand still for ever and keep their lock."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
        facts = {"job": job.id, "task": job.task_name, "attempts": job.attempts}
        try:
            if job.attempts >= MOST_REVIVALS:
                await jobs.finish_job(job, Status.FAILED, delete_job=False)
                log.error("job given up: its workers die", extra={"facts": facts})
            else:
                await jobs.retry_job(job)
                log.warning("job of a dead worker queued again", extra={"facts": facts})
        except ConnectorException:
            # The worker was only slow and has ended the job meanwhile, or another sweep was first.
            log.info("job ended before the sweep", extra={"facts": facts})


@app.periodic(cron="*/15 * * * *")
@app.task(name="timetable.sweep_messages", queueing_lock="timetable.sweep_messages")
def sweep_messages(timestamp: int) -> None:
    """Bank messages without an outcome after a quarter of an hour are worked on again."""
    again = collect.sweep_messages(timezone.now())
    if again:
        log.warning("bank messages without an outcome", extra={"facts": {"messages": again}})


@app.periodic(cron="7-59/15 * * * *")
@app.task(name="timetable.sweep_payouts", queueing_lock="timetable.sweep_payouts")
def sweep_payouts(timestamp: int) -> None:
    """Money that was ordered and has no outcome after a quarter of an hour: the bank is asked about it again."""
    again = payout.sweep(timezone.now())
    if again:
        log.warning("payouts without an outcome", extra={"facts": {"payouts": again}})


@app.periodic(cron="20 1-10 * * *")
@app.task(name="timetable.debits", queueing_lock="timetable.debits")
def debits(timestamp: int) -> None:
    """Each hour of the working day: bills are announced, and those whose day has come are drawn or asked about again."""
    day = datetime.fromtimestamp(timestamp, VIENTIANE).date().isoformat()
    with transaction.atomic():
        for job in ("debit.announce_all", "debit.draw_all"):
            later(job, day=day)


@app.periodic(cron="30 1 * * *")
@app.task(name="timetable.benefits", queueing_lock="timetable.benefits")
def benefits(timestamp: int) -> None:
    """At half past eight: what falls due of awards, held money whose reason is gone, promises that were missed, drafts."""
    with transaction.atomic():
        for job in (
            "award.fall_due_all",
            "payout.retry_held",
            "award.watch_promises",
            "claim.remind_drafts",
            "join.look_after",
            "life.watch",
            "family.remind_study",
        ):
            later(job)


@app.periodic(cron="5 * * * *")
@app.task(
    name="timetable.statements",
    queueing_lock="timetable.statements",
    retry=RetryStrategy(max_attempts=3, wait=300),
)
def statements(timestamp: int) -> None:
    """Yesterday's and today's statement: what no notice told is found, what one told is confirmed."""
    actor = Actor.system(timezone.now())
    for day in (actor.today - timedelta(days=1), actor.today):
        said = reconcile.take_in_statement(actor, day)
        facts = {
            "day": day.isoformat(),
            "lines": said.lines,
            "new": said.new,
            "differences": len(said.differences),
        }
        log.log(logging.ERROR if said.differences else logging.INFO, "bank statement", extra={"facts": facts})


@app.periodic(cron="0 19 * * *")
@app.task(name="timetable.prove", queueing_lock="timetable.prove")
def prove(timestamp: int) -> None:
    """At two in the night: compare everything that is written twice. Raises NotProven, which fails the job."""
    found = reconcile.prove(Actor.system(timezone.now()))
    wrong = [finding for finding in found if finding.differences]
    for finding in wrong:
        facts = {
            "invariant": finding.invariant,
            "differences": finding.differences,
            "examples": finding.examples,
        }
        log.error("not proven", extra={"facts": facts})
    if wrong:
        raise NotProven(", ".join(finding.invariant for finding in wrong))
    log.info("proven", extra={"facts": {"invariants": len(found)}})


@app.periodic(cron="0 1 * * *")
@app.task(name="timetable.speak_up", queueing_lock="timetable.speak_up")
def speak_up(timestamp: int) -> None:
    """At eight in the morning: reminders before a month is due, and word to whoever's month did not arrive.

    The day is the one that the timetable meant, also when the worker comes to it late.
    """
    day = datetime.fromtimestamp(timestamp, VIENTIANE).date().isoformat()
    with transaction.atomic():
        for job in (
            "chase.remind_employers",
            "chase.tell_missing_months",
            "concern.open_unpaid",
            "plan.follow_all",
            "remind.climb_all",
        ):
            later(job, day=day)


@app.periodic(cron="15 19 * * *")
@app.task(name="timetable.withdraw_cards", queueing_lock="timetable.withdraw_cards")
def withdraw_cards(timestamp: int) -> None:
    """By night: cards that say more than the law does, since a month was corrected away, are withdrawn."""
    many = certify.withdraw_ended(Actor.system(timezone.now()))
    log.info("cards withdrawn", extra={"facts": {"cards": many}})


@app.periodic(cron="15 17 * * *")
@app.task(name="timetable.new_practice", queueing_lock="timetable.new_practice")
def new_practice(timestamp: int) -> None:
    """A quarter past midnight, in the practice house alone: yesterday's companies end, who comes back finds a new one."""
    if settings.PRACTICE:
        ended = practise.reset(Actor.system(timezone.now()))
        log.info("practice companies ended", extra={"facts": {"companies": ended}})


@app.periodic(cron="30 18 * * *")
@app.task(name="timetable.tidy", queueing_lock="timetable.tidy")
def tidy(timestamp: int) -> None:
    """Sessions over their time are ended; codes and counters that count no more are dropped."""
    finish_old(timezone.now())


@app.periodic(cron="45 18 * * *")
@app.task(name="timetable.tidy_jobs", queueing_lock="timetable.tidy_jobs", pass_context=True)
async def tidy_jobs(context: JobContext, timestamp: int) -> None:
    """Jobs that ended well are dropped after two weeks; failed ones stay until a person has seen to them."""
    await context.app.job_manager.delete_old_jobs(nb_hours=int(JOBS_KEPT.total_seconds()) // 3600)


def finish_old(at: datetime) -> None:
    """The door refuses an old session anyway; here its row says so too. Run twice, it changes nothing more."""
    for door in LIFE:
        SignIn.objects.filter(over(door, at), door=door, ended_at=None).update(ended_at=at)
    SessionStore.clear_expired()
    wish.drop_old_copies(at)
    PhoneCode.objects.filter(made_at__lt=at - CODES_KEPT).delete()
    Limit.objects.filter(until__lt=at).delete()
