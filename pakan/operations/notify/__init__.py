"""Notify: tell people what happened, once, in their language, by the best way they have (C16, C175).

Texts stand in wordings.toml in both languages with named values; Lao ones fit one or two parts of 67 letters. Messages never
carry a link, and each ends the same way in the person's own page, so that a false one can be recognised.

A message goes by push, else by SMS, else by e-mail; each way is tried once and has its row. What no way carries stands in
the inbox and is a person's task.
"""

from pakan.operations.notify.deliver import (
    LADDER,
    LAST_TRY,
    month_credited,
    receive,
    send,
    sweep_silent,
)
from pakan.operations.notify.reach import (
    BadAddress,
    browser_key,
    confirm_mail,
    forget_mail,
    say_mail,
    subscribe,
    unsubscribe,
)
from pakan.operations.notify.tasks import told
from pakan.operations.notify.ways import CODE_LIFE
from pakan.operations.notify.words import (
    INBOX,
    LONGEST,
    NEWS,
    URGENT,
    WORDINGS,
    Priced,
    Whole,
    priced,
    text_of,
    whole,
    whole_of,
)

__all__ = [
    "CODE_LIFE", "INBOX", "LADDER", "LAST_TRY", "LONGEST", "NEWS", "URGENT", "WORDINGS", "BadAddress", "Priced", "Whole",
    "browser_key", "confirm_mail", "forget_mail", "month_credited", "priced", "receive", "say_mail", "send", "subscribe",
    "sweep_silent", "text_of", "told", "unsubscribe", "whole", "whole_of",
]  # fmt: skip
