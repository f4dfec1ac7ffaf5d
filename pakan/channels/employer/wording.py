"""What we found in a wage file, said to the person who mends it: what is wrong, and what to do.

The check hands over codes and facts; the sentences stand here and nowhere else, so that the page and the marked
file say the same.
"""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pakan.channels.kit.speech import kip_text, month_text
from pakan.units.month import Month
from pakan.units.number import shown_person_number

Problem = dict[str, Any]
Words = str | Promise

TONES = {"error": "bad", "question": "wait", "note": "info"}

# code -> (two or three words for the label, what it means and what to do)
PROBLEMS: dict[str, tuple[Words, Words]] = {
    "wage_empty": (
        gettext_lazy("no wage"),
        gettext_lazy("No wage stands here. Write the wage, or leave the row out."),
    ),
    "wage_letter_o": (
        gettext_lazy("not a number"),
        gettext_lazy("A letter stands where a digit should be, such as O for 0. Write the wage in digits."),
    ),
    "wage_decimals": (
        gettext_lazy("parts of a kip"),
        gettext_lazy("The wage has a part of a kip. Write it in whole kip."),
    ),
    "wage_negative": (
        gettext_lazy("below zero"),
        gettext_lazy("A wage cannot be below zero. Write what was earned, or leave the row out."),
    ),
    "wage_too_large": (
        gettext_lazy("too large"),
        gettext_lazy("The number is longer than any wage. Look for a digit too many."),
    ),
    "wage_foreign": (
        gettext_lazy("not in kip"),
        gettext_lazy("This is in another currency. Write the wage in kip."),
    ),
    "wage_formula_text": (
        gettext_lazy("formula"),
        gettext_lazy("This is a formula written as text. Write the amount itself."),
    ),
    "wage_ambiguous": (
        gettext_lazy("not clear"),
        gettext_lazy("This can be read in two ways. Write the wage with digits only, such as 2500000."),
    ),
    "wage_not_a_number": (
        gettext_lazy("not a number"),
        gettext_lazy("This is not an amount. Write the wage in digits."),
    ),
    "wage_error_cell": (
        gettext_lazy("error in the file"),
        gettext_lazy("The cell shows the error %(error)s in your file. Write the wage here."),
    ),
    "wage_from_formula": (
        gettext_lazy("from a formula"),
        gettext_lazy("The wage was worked out by a formula in your file. We took its result."),
    ),
    "old_number": (
        gettext_lazy("old number"),
        gettext_lazy("This is an old number of the same person. Today's number: %(number)s."),
    ),
    "number_missing": (
        gettext_lazy("no number"),
        gettext_lazy("No social security number stands here. Choose the person, or register a new worker."),
    ),
    "number_malformed": (
        gettext_lazy("not a number of ours"),
        gettext_lazy("No social security number looks like this. Write the number from the card."),
    ),
    "number_check_digit": (
        gettext_lazy("typing slip"),
        gettext_lazy("A digit of this number is wrong. Compare it with the card, or choose the person."),
    ),
    "number_unknown": (
        gettext_lazy("unknown number"),
        gettext_lazy(
            "Nobody has this number. Choose the person, write the right number, or register a new worker."
        ),
    ),
    "name_differs": (
        gettext_lazy("other name"),
        gettext_lazy("This number belongs to somebody with another name. Check the number on the card."),
    ),
    "twice": (
        gettext_lazy("twice"),
        gettext_lazy("The same person stands in row %(row)s too. Add both wages up, or leave this row out."),
    ),
    "under_half_floor": (
        gettext_lazy("very low"),
        gettext_lazy("Below half of the minimum wage, so %(lowest)s kip count. Say why the wage is low."),
    ),
    "under_floor": (
        gettext_lazy("low"),
        gettext_lazy("Below the minimum wage of %(floor)s kip. Say why."),
    ),
    "over_ceiling": (gettext_lazy("at the ceiling"), gettext_lazy("Only %(ceiling)s kip of it count.")),
    "wage_jump": (
        gettext_lazy("large change"),
        gettext_lazy("Last month it was %(before)s kip. Confirm the new wage, or correct it."),
    ),
    "joins": (
        gettext_lazy("joins"),
        gettext_lazy(
            "This person has a card already and is new at your company. Confirm that he or she joins."
        ),
    ),
    "too_young": (
        gettext_lazy("too young"),
        gettext_lazy(
            "This person is %(age)s years old. Nobody may work before the age of 14. Leave the row out."
        ),
    ),
    "young": (
        gettext_lazy("young"),
        gettext_lazy("This person is %(age)s years old. Confirm that the work is allowed for young people."),
    ),
    "short_stay": (
        gettext_lazy("short stay"),
        gettext_lazy(
            "A foreigner whose contract or stay is not longer than %(months)s months need not be insured. "
            "Confirm to insure all the same, or leave the row out."
        ),
    ),
    "intern": (
        gettext_lazy("intern"),
        gettext_lazy(
            "An intern is insured when a wage is paid. Confirm that it is a wage, or leave the row out."
        ),
    ),
    "contract_over": (
        gettext_lazy("contract over"),
        gettext_lazy(
            "The contract ended before this month. Confirm that the work goes on, or leave the row out."
        ),
    ),
    "zero_wage": (
        gettext_lazy("no pay"),
        gettext_lazy("The wage is 0, so nothing is paid for this month. Confirm it, or leave the row out."),
    ),
}

# What stands there once the question is answered: the fact without the request.
ANSWERED: dict[str, Words] = {
    "wage_jump": gettext_lazy("Last month it was %(before)s kip."),
    "under_floor": gettext_lazy("Below the minimum wage of %(floor)s kip."),
    "under_half_floor": gettext_lazy("Below half of the minimum wage, so %(lowest)s kip count."),
    "joins": gettext_lazy("New at your company, with a card already (form 1-04)."),
    "young": gettext_lazy("This person is %(age)s years old."),
    "short_stay": gettext_lazy("A foreigner with a short stay, insured all the same."),
    "intern": gettext_lazy("An intern who is paid a wage."),
    "contract_over": gettext_lazy("The contract had ended, the work goes on."),
    "zero_wage": gettext_lazy("The wage is 0, so nothing is paid for this month."),
}

REASONS: dict[str, Words] = {
    "part_time": gettext_lazy("works part-time"),
    "part_month": gettext_lazy("worked a part of the month"),
    "other": gettext_lazy("another reason"),
}

REFUSALS: dict[str, Words] = {
    "future": gettext_lazy("This month has not begun. It can be declared from its first day."),
    "before_start": gettext_lazy(
        "Your company was not registered in this month, so nothing is declared for it."
    ),
    "after_end": gettext_lazy("Your company had ended before this month, so nothing is declared for it."),
    "no_law": gettext_lazy("We do not keep the rates of this month. Ask the office of the fund."),
    "not_ready": gettext_lazy("Some rows still need an answer. Mend them first, then go on."),
    "sheet_changed": gettext_lazy("Somebody changed this month since you opened the page. Look at it again."),
    "already_approved": gettext_lazy(
        "This month was handed over or approved already, so it cannot be changed here."
    ),
    "second_person_needed": gettext_lazy("A second person must approve. Ask a colleague who may approve."),
    "leave_needed": gettext_lazy(
        "This month is too long ago to be corrected without an officer. Ask for leave on the page of the correction."
    ),
    "left_day_needed": gettext_lazy("Write the last day of work; it must not lie after this month."),
    "reason_needed": gettext_lazy("Choose a reason first."),
    "number_or_name_needed": gettext_lazy(
        "Choose the column with the social security number or with the name."
    ),
    "wage_needed": gettext_lazy("Choose the column with the wage."),
    "twice": gettext_lazy("Each meaning can be chosen once only."),
    "bank_silent": gettext_lazy(
        "The bank does not answer. Your declaration is safe. Wait a little, then make the payment notice again."
    ),
    "nothing_to_pay": gettext_lazy("Nothing is open for this month."),
    "given_name": gettext_lazy("Write the name with letters only."),
    "family_name": gettext_lazy("Write the family name with letters only."),
    "birth_date": gettext_lazy("Write the day of birth as it stands on the identity card."),
    "sex": gettext_lazy("Choose one."),
    "phone": gettext_lazy("This is not a Lao phone number. Write it such as 020 5555 1234."),
}


def refusal_words(code: str) -> str:
    """Why something was not done, and what to do. An unknown reason still gets a whole sentence."""
    return str(REFUSALS.get(code, _("This could not be done. Load the page again and look at it once more.")))


# Why a line for another fund was not written (operations.enclose).
OTHER_FUNDS: dict[str, str | Promise] = {
    "fund": gettext_lazy("The fund has no agreement with this one now. Choose another."),
    "there": gettext_lazy("This fund has a line on the bill already. Take that one back first."),
    "month": gettext_lazy("Choose a month of the last ten years, or the next one."),
    "reference": gettext_lazy("Write 3 to 30 Latin letters and figures, as the other fund wrote it to you."),
    "amount": gettext_lazy("Write an amount from 1 to 100,000,000,000 kip."),
    "paid": gettext_lazy("This month is paid: add the line to the bill of another month."),
    "scheme": gettext_lazy("A voluntary member has no workers: only contributions are paid here."),
    "debit": gettext_lazy("The bank draws this bill already. Wait until that is done."),
    "state": gettext_lazy("This line is paid or taken back already."),
}


def other_fund_words(code: str) -> str:
    return str(OTHER_FUNDS.get(code, refusal_words(code)))


def _facts(problem: Problem) -> dict[str, str]:
    facts = dict(problem["facts"])
    shown = {name: str(value) for name, value in facts.items()}
    for name in ("floor", "lowest", "ceiling", "before"):
        if isinstance(facts.get(name), int):
            shown[name] = kip_text(facts[name], "bare")
    return shown


def label_of(problem: Problem) -> str:
    """The label in front of the sentence: two or three words."""
    if problem["code"] == "wage_jump":
        percent = int(problem["facts"]["percent"])
        if percent < 0:
            return _("down %(percent)s %%") % {"percent": kip_text(-percent, "bare")}
        return _("up %(percent)s %%") % {"percent": kip_text(percent, "bare")}
    return str(PROBLEMS[problem["code"]][0])


def sentence_of(problem: Problem) -> str:
    """One problem as a whole sentence; an answered question tells the answer too."""
    facts = _facts(problem)
    if problem["code"] == "name_differs" and "name" in facts:
        said = (
            _(
                "This number belongs to %(name)s. Confirm that it is the same person, or write the right number."
            )
            % facts
        )
    elif problem["code"] == "joins" and problem["facts"].get("reason") == "new":
        said = _("Registered as a new worker (form 1-02).")
    elif problem["facts"].get("answered") and problem["code"] in ANSWERED:
        said = str(ANSWERED[problem["code"]]) % facts
    else:
        said = str(PROBLEMS[problem["code"]][1]) % facts
    return f"{said} {answer_of(problem)}".strip()


def answer_of(problem: Problem) -> str:
    """What the employer answered, for whoever signs."""
    facts = problem["facts"]
    if not facts.get("answered") or facts.get("reason") == "new":
        return ""
    reason = REASONS.get(facts.get("reason", ""), facts.get("reason", ""))
    return _("Confirmed: %(reason)s.") % {"reason": reason} if reason else _("Confirmed.")


def whole(problem: Problem) -> str:
    """Label and sentence in one text, for the marked file."""
    return f"{label_of(problem)}: {sentence_of(problem)}"


def mend_label(mend: dict[str, Any]) -> str:
    """The words on the button that mends it with one click."""
    makers: dict[str, Callable[[], str]] = {
        "wage": lambda: _("Use %(wage)s") % {"wage": kip_text(int(mend["value"]), "bare")},
        "number": lambda: (
            _("It is %(name)s, %(number)s")
            % {"name": mend.get("name", ""), "number": shown_person_number(str(mend["value"]))}
        ),
        "leave_out": lambda: _("Leave the row out"),
        "add_up": lambda: _("Add both wages up"),
        "register": lambda: _("Register as new"),
        "confirm": lambda: _("Confirm"),
    }
    return makers[mend["act"]]()


def confirm_all_label(code: str, count: int) -> str:
    """The button that answers one question for every row."""
    about = str(PROBLEMS[code][0])
    return ngettext("Confirm %(count)s row: %(about)s", "Confirm all %(count)s rows: %(about)s", count) % {
        "count": kip_text(count, "bare"),
        "about": about,
    }


def days_left(days: int) -> str:
    """How long until the due date, in words."""
    count = {"count": kip_text(abs(days), "bare")}
    if days == 0:
        return _("due today")
    if days < 0:
        return ngettext("%(count)s day late", "%(count)s days late", -days) % count
    return ngettext("%(count)s day left", "%(count)s days left", days) % count


def month_of_text(text: str | None) -> str:
    """'2026-09' -> 'September 2026'."""
    return month_text(Month.parse(text)) if text else ""


# What is wrong with a field of a new worker.
NEWCOMERS: dict[str, str | Promise] = {
    "given_name": gettext_lazy("Write the name with letters only."),
    "family_name": gettext_lazy("Write the family name with letters only."),
    "name_latin": gettext_lazy("Write the Latin name with letters only."),
    "birth_date": gettext_lazy("This birth date cannot be: day, month, year, and at least 14 years old."),
    "sex": gettext_lazy("Say woman or man."),
    "phone": gettext_lazy("This is not a Lao phone number. Write it such as 020 5555 1234."),
    "category": gettext_lazy("Write regular, temporary, intern or foreigner."),
    "until": gettext_lazy("The last day of the contract must be a day after the first one."),
    "start": gettext_lazy("This first day of work cannot be: day, month, year, at most two months ahead."),
    "number": gettext_lazy("Nobody with this name has this number. Compare both with the card."),
    "twice": gettext_lazy("The same person stands in this list already."),
    "works_here": gettext_lazy("This person works here already."),
}
# What agrees between somebody new and somebody on record.
SIGNS: dict[str, str | Promise] = {
    "name": gettext_lazy("name"),
    "latin": gettext_lazy("Latin name"),
    "birth": gettext_lazy("birth date"),
    "birth_near": gettext_lazy("nearly the same birth date"),
    "national_id": gettext_lazy("identity card"),
    "phone": gettext_lazy("phone"),
}
