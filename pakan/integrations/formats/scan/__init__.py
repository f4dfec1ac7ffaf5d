"""Papers as people photograph them: looked at by their bytes, re-encoded small, and freed of what they should not carry."""

from pakan.integrations.formats.scan.gate import MAX_FILE, Kind, PaperRefused, examine
from pakan.integrations.formats.scan.take import MAX_KEPT, Paper, take

__all__ = ["MAX_FILE", "MAX_KEPT", "Kind", "Paper", "PaperRefused", "examine", "take"]
