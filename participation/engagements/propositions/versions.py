"""Versions of a proposition: Facile à lire, other languages."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from participation.engagements.models import Proposition, VersionDeProposition
from participation.engagements.models.versions import VERSIONS
from participation.engagements.propositions import lectures
from participation.socle.actions import exiger
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_ligne, champ_texte
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte


class VersionForm(ActeForm):
    langue = champ_choix("Version", VERSIONS)
    titre = champ_ligne("En une phrase", maximum=160)
    texte = champ_texte("La proposition", maximum=8000, se_relit=False)
    retour = champ_texte("La réponse", maximum=8000, requis=False, se_relit=False)


@acte(
    Page[Proposition](
        form=VersionForm,
        consequence="Imprimée à côté du français. Une version déjà écrite est remplacée. Si le français change, elle est dite ancienne.",
        retour="#versions",
    )
)
@transaction.atomic
def ecrire_version(
    proposition: Proposition, *, par: Compte, langue: str, **champs: Any
) -> VersionDeProposition:
    pas = exiger(proposition, "ecrire_version", par=par)
    version, _ = VersionDeProposition.objects.update_or_create(
        proposition=proposition,
        langue=langue,
        defaults={**champs, "empreinte": lectures.empreinte(proposition), "le": timezone.now()},
    )
    pas.avancer(fait=f"Version écrite : {version}")
    return version
