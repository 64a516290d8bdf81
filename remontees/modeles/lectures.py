"""Models of answer for a dossier, and values of their variables."""

from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When

from participation.socle.francais import jour_texte
from participation.socle.models import Compte, ReglageService
from remontees.models import ModeleDeReponse, Remontee, Sujet
from remontees.models.referentiel import ETAT_DU_SUJET
from remontees.workflow import EtatSujet


def modeles_pour(dossier: Remontee | Sujet) -> list[ModeleDeReponse]:
    """Return the models of its category first, then of its theme, then for any category."""
    etat = ETAT_DU_SUJET.get(EtatSujet(dossier.etat)) if isinstance(dossier, Sujet) else dossier.etat
    categorie = dossier.categorie
    theme = categorie.parent_id if categorie is not None else None
    siens = Q(categorie=None)
    if categorie is not None:
        siens |= Q(categorie__in=[numero for numero in (categorie.pk, theme) if numero])
    return list(
        ModeleDeReponse.objects.filter(siens, Q(etat="") | Q(etat=etat or ""), est_actif=True)
        .annotate(
            loin=Case(
                When(categorie=categorie.pk if categorie is not None else None, then=Value(0)),
                When(categorie=theme, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            )
        )
        .order_by("loin", "nom")
    )


def valeurs_de(dossier: Remontee | Sujet) -> dict[str, str]:
    """Return the values, without names of people: answers are kept, and those of sujets are published."""
    part = dossier.attributions.exclude(repondue_le=None).order_by("-repondue_le").first()
    categorie = dossier.categorie
    if isinstance(dossier, Remontee):
        lieu, jour = dossier.ou, jour_texte(dossier.entendue_le)
    else:
        lieu = str(dossier.quartier or dossier.commune or "")
        jour = jour_texte(dossier.ouvert_le)
    return {
        "référence": dossier.reference or "",
        "titre": dossier.titre,
        "catégorie": categorie.nom if categorie is not None else "",
        "commune": str(dossier.commune or ""),
        "lieu": lieu,
        "date": jour,
        "service": part.en_phrase if part is not None else "",
        "réponse du service": part.reponse if part is not None else "",
        "démarche": categorie.adresse_demarche if categorie is not None else "",
        "téléphone": ReglageService.actuel().telephone,
    }


def exemple_pour(modele: ModeleDeReponse, compte: Compte) -> Remontee | None:
    """Return the last remontée that the model fits, else the last one: the preview is made with it."""
    toutes: Any = (
        Remontee.objects.visibles_par(compte)
        .filter(est_discrimination=False)
        .select_related("categorie", "commune", "quartier")
        .order_by("-pk")
    )
    trouvee: Remontee | None = None
    if modele.categorie is not None:
        trouvee = toutes.filter(Q(categorie=modele.categorie) | Q(categorie__parent=modele.categorie)).first()
    return trouvee or toutes.first()
