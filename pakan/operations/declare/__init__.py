"""Declare: an employer's wages of a month become a declaration and a debt.

read (a file, or last month, or typing) -> check -> mend -> hand over -> approve. The working paper is a sheet and may
be changed freely; what is approved is a declaration and stays.
"""

from pakan.integrations.formats.wagefile.refusal import FileRefused
from pakan.operations.declare.check import recheck
from pakan.operations.declare.mend import (
    NotRegistered,
    absent,
    add_up,
    add_worker,
    add_workers,
    confirm,
    confirm_all,
    leave_out,
    register_new,
    write_line,
    write_wages,
)
from pakan.operations.declare.papers import form_pdf, marked_file, template_file
from pakan.operations.declare.preview import form_preview
from pakan.operations.declare.read import (
    FIELDS,
    LARGE,
    SUPPLEMENT,
    ColumnsRefused,
    MonthRefused,
    Upload,
    columns_offered,
    confirm_columns,
    correct,
    examine,
    no_workers,
    open_month,
    read_file,
    same_as_last_month,
    start_typing,
    take_in,
    take_in_large,
)
from pakan.operations.declare.sign import (
    AlreadyApproved,
    NotReady,
    Refused,
    SecondPersonNeeded,
    SheetChanged,
    approve,
    declare_wages,
    hand_over,
    take_back,
)

__all__ = [
    "FIELDS",
    "LARGE",
    "SUPPLEMENT",
    "AlreadyApproved",
    "ColumnsRefused",
    "FileRefused",
    "MonthRefused",
    "NotReady",
    "NotRegistered",
    "Refused",
    "SecondPersonNeeded",
    "SheetChanged",
    "Upload",
    "absent",
    "add_up",
    "add_worker",
    "add_workers",
    "approve",
    "columns_offered",
    "confirm",
    "confirm_all",
    "confirm_columns",
    "correct",
    "declare_wages",
    "examine",
    "form_pdf",
    "form_preview",
    "hand_over",
    "leave_out",
    "marked_file",
    "no_workers",
    "open_month",
    "read_file",
    "recheck",
    "register_new",
    "same_as_last_month",
    "start_typing",
    "take_back",
    "take_in",
    "take_in_large",
    "template_file",
    "write_line",
    "write_wages",
]
