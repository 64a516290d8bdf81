"""The page that gives seats of a collège to who was elected without candidates."""

from participation.seances.elections import actes
from participation.seances.models import College, Instance
from participation.socle.views.pages import Page, pages_de

PAGES: dict[str, Page[College]] = pages_de(Instance, actes, sur="college")
