"""The interface for payroll software, /api/v1/employer/ (C88): it prepares and hands over; people approve."""
