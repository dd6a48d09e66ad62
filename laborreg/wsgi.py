import os

from django.core.wsgi import get_wsgi_application

from laborreg import locks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laborreg.settings")
application = get_wsgi_application()
locks.hold_as_server()
