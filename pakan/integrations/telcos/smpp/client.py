"""Our side of the link, for workers: it holds the bind, we hand over by HTTP."""

from pakan.integrations.telcos.gateway import Gateway


class Client(Gateway):
    name = "smpp"
