"""Redirection after a public form has been sent."""

from django.http import HttpResponseRedirect


class Ensuite(HttpResponseRedirect):
    """303: the browser reads the next page with GET, so a reload sends nothing again."""

    status_code = 303
