"""Starts the sandbox operator as a process of its own."""

from pakan.integrations.telcos.sandbox.server import main

main()
