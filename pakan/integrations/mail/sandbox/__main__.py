"""Starts the sandbox mail server as a process of its own."""

from pakan.integrations.mail.sandbox.server import main

main()
