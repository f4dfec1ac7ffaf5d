"""Legal values that officers entered, each approved by a second person."""
