"""What is read about submissions."""

from uuid import UUID

from pakan.registers.submissions.models import Submission


def submission(account_id: int, key: UUID) -> Submission | None:
    return Submission.objects.filter(account_id=account_id, key=key).first()
