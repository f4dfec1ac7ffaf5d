"""Starts the sandbox bank as a process of its own."""

from pakan.integrations.banks.sandbox.server import main

main()
