"""Starts the sandbox identity as a process of its own."""

from pakan.integrations.identity.sandbox.server import main

main()
