"""Starts the link as a process of its own."""

from pakan.integrations.telcos.smpp.door import main

main()
