"""Where a public form leads once it is sent."""

from django.http import HttpResponseRedirect


class Ensuite(HttpResponseRedirect):
    """303: after a POST, the next page is read, and a reload sends nothing again."""

    status_code = 303
