"""The door for the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pakan.site.settings")
application = get_wsgi_application()

from pakan.channels.kit.folding import read_all  # noqa: E402 - Django must be set up before

# All pages are read now, and not by the first person who asks. What is there then stays for ever: the collector need not
# look at it again, or every few hundred requests somebody would wait for it.
_ = get_resolver().url_patterns
read_all()
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
