"""The sandbox bank: invented money, real messages. It speaks ISO 20022 and signs its notices.

Our side is `client` and `dialect`, as for every bank. The other side (`server`, `pages`, `till`) is a process
of its own: `python -m pakan.integrations.banks.sandbox`.
"""
