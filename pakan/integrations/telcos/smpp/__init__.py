"""The link: holds one SMPP 3.4 bind to an operator's message centre, and shows our workers a small HTTP door.

A bind is a lived connection and an account may hold only a few, while workers come and go. So the link is a process of its
own (`python -m pakan.integrations.telcos.smpp`): workers hand messages over by HTTP with a key, the link keeps them in
a file until their fate is known, and tells it in signed receipts like any operator that speaks HTTP.

Never twice: a part is marked *submitting* before it leaves. If the connection or the process dies before the answer, the
part is *unknown* and is not sent again; a receipt may still tell, and without one its validity ends it as expired.

The codec is ours: the libraries of the registry that still live are under the LGPL and speak only the client's side;
the ones under freer terms do not install any more. Both sides of this house speak through `pdu` and `wire`.
"""
