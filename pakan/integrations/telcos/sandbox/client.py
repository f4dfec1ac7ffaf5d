"""Our side of the sandbox operator, over HTTP."""

from pakan.integrations.telcos.gateway import Gateway


class Client(Gateway):
    name = "sandbox"
