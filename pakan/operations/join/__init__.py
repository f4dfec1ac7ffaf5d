"""Join: a labour unit asks to be registered, the fund looks within the promised days, and two officers let it in (C62, C63).

The applicant has no account: a number and a code open the request again, on any device. What comes of it is said to the
phone that was given. Who is let in gets employer code, certificate and an invitation as first administrator.
"""

from pakan.integrations.formats.scan import PaperRefused
from pakan.operations.join.apply import (
    MOST_PAPERS,
    Refused,
    add_paper,
    begin,
    drop_paper,
    invite_first,
    needed_papers,
    open_again,
    paper_content,
    send,
    wanting,
    write,
)
from pakan.operations.join.certificate import code_svg, of_employer, pdf
from pakan.operations.join.decide import decide, give_back, propose
from pakan.operations.join.expire import look_after
from pakan.operations.join.terms import late_days
from pakan.registers.access.actions import TooOften

__all__ = [
    "MOST_PAPERS",
    "PaperRefused",
    "Refused",
    "TooOften",
    "add_paper",
    "begin",
    "code_svg",
    "decide",
    "drop_paper",
    "give_back",
    "invite_first",
    "late_days",
    "look_after",
    "needed_papers",
    "of_employer",
    "open_again",
    "paper_content",
    "pdf",
    "propose",
    "send",
    "wanting",
    "write",
]
