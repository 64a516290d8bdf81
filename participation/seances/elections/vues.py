"""The page that gives seats of a collège to who was elected without candidates."""

from participation.seances.elections import actes
from participation.seances.models import College
from participation.socle.francais import accorder
from participation.socle.views.pages import Page

PAGES: dict[str, Page[College]] = {
    "nommer_elus": Page(
        actes.nommer_elus,
        actes.NommerElusForm,
        "Chaque personne élue reçoit un siège de ce collège, et une lettre. L’élection est citée dans son mandat.",
        succes=lambda _, membres: (
            f"{accorder(len(membres), 'personne élue siège', 'personnes élues siègent')}."
        ),
        retour=lambda college, _: college.mandature.adresse,
    )
}
