"""Pages of this channel: doors for machines."""
