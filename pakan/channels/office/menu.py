"""The side menu of the office: what stands together is work of the same desk."""

from django.utils.translation import gettext_lazy as _

# Heading; then the page, its label and its icon.
ENTRIES = [
    (
        "",
        [
            ("home", _("Work to do"), "home"),
        ],
    ),
    (
        _("Money"),
        [
            ("money", _("Money in"), "coin"),
            ("bank", _("Bank messages"), "message"),
            ("statement", _("Bank statement"), "bank"),
            ("funds", _("Other funds"), "coin"),
            ("ledger", _("Ledger"), "record"),
            ("prove", _("Prove"), "check"),
        ],
    ),
    (
        _("Employers"),
        [
            ("employers", _("Employers"), "office"),
            ("joining", _("New employers"), "office"),
            ("changes", _("Changes of employers"), "office"),
            ("revivals", _("Employers opened again"), "alert"),
            ("non_filers", _("Not declared"), "clock"),
            ("arrears", _("Arrears by age"), "chart"),
            ("two_jobs", _("Two jobs in a month"), "people"),
            ("debts", _("Debts and charges"), "clock"),
            ("reminders", _("Reminder steps"), "message"),
            ("campaigns", _("Campaigns"), "calendar"),
            ("check_worker", _("Check a worker"), "search"),
            ("visits", _("Whom to visit"), "pin"),
            ("concerns", _("Reports about employers"), "alert"),
        ],
    ),
    (
        _("People"),
        [
            ("counter", _("Counter"), "key"),
            ("call", _("Call a person"), "phone"),
            ("appointments", _("Appointments"), "calendar"),
            ("cases", _("Questions from members"), "question"),
            ("families", _("Family members"), "people"),
            ("corrections", _("Corrections of personal data"), "people"),
            ("overrides", _("Possible doubles"), "people"),
            ("lost_proofs", _("Lost authenticator"), "key"),
        ],
    ),
    (
        _("Benefits"),
        [
            ("claims", _("Claims"), "heart"),
            ("missed_promises", _("Promises missed twice"), "clock"),
            ("patterns", _("Patterns of awards"), "search"),
            ("overpaid", _("Paid too much"), "coin"),
            ("lives", _("Proof of life and deaths"), "people"),
        ],
    ),
    (
        _("Card and hospitals"),
        [
            ("cards", _("Cards"), "people"),
            ("facilities", _("Hospitals"), "heart"),
            ("hospital_wishes", _("Wishes to change hospital"), "pin"),
            ("bills", _("Bills of hospitals"), "coin"),
        ],
    ),
    (
        _("Rules and words"),
        [
            ("decrees", _("Decrees"), "file"),
            ("outages", _("Outages"), "clock"),
            ("deliveries", _("Messages sent"), "message"),
            ("wordings", _("What we say"), "file"),
            ("recordings", _("Read aloud"), "listen"),
        ],
    ),
]
