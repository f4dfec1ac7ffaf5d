"""The sandbox operator: takes text messages, shows them on a handset page, and reports what became of them.

Our side is `client`. The other side (`server` over HTTP, `centre` over SMPP, `handset`, `mailbox`) is a process of its own:
`python -m pakan.integrations.telcos.sandbox`.
"""
