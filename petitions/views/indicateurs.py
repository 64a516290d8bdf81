"""x"""

from django.http import HttpRequest, HttpResponse


def indicateurs(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def rapport_annuel(request: HttpRequest) -> HttpResponse:
    return HttpResponse()
