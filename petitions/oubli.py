"""Erasure of a person from the pétitions: drafts, co-pétitionnaires, public name of the author,
signatures."""

from typing import Any

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from participation.socle.actions.oubli import NOM_EFFACE, Personne
from participation.socle.models import Compte, Courriel
from petitions.copetitionnaires.actes import LETTRES_AUX_COPETITIONNAIRES
from petitions.depot.actes import retirer
from petitions.models import CoPetitionnaire, Petition, Signature
from petitions.pseudonymisation import EFFACE
from petitions.workflow import EFFACABLES, Etat

NOM_PUBLIC_EFFACE = "une personne qui a fermé son compte"
GARDE = {
    "petitions.Signature": "une signature confirmée, jusqu’à la fin du délai de conservation de sa pétition : "
    "le décompte doit pouvoir être vérifié (mission d’intérêt public, RGPD, article 17, 3, b). Vous pouvez la retirer"
}

RESTE = {
    "petitions.CoPetitionnaire.prevenu_de": "l’empreinte d’un texte de pétition, qui ne dit rien de vous"
}


def finies() -> QuerySet[Petition]:
    return Petition.objects.filter(etat__in=EFFACABLES, conservation_jusqu_au__lt=timezone.localdate())


def tient(petition: Petition) -> dict[str, QuerySet[Any, Any]]:
    return {
        "signatures": petition.signatures.exclude(nom="", courriel=None),
        "co-pétitionnaires": petition.copetitionnaires.exclude(courriel="", nom=EFFACE),
        "nom public de l’auteur": Petition.objects.filter(pk=petition.pk).exclude(
            nom_auteur__in=["", NOM_EFFACE, NOM_PUBLIC_EFFACE]
        ),
    }


def oublier_la_demarche(petition: Petition) -> None:
    """Erase who bore it, once its signers are. Its text, its answer and its counts stay."""
    Petition.objects.filter(pk=petition.pk).update(nom_auteur=NOM_EFFACE)


def oublier(personne: Personne) -> None:
    if personne.compte is not None:
        _oublier_l_auteur(personne.compte)
    _oublier_copetitionnaires(personne.dans(CoPetitionnaire), personne.adresses)
    _oublier_signatures(personne)


def _oublier_l_auteur(compte: Compte) -> None:
    for brouillon in Petition.objects.filter(auteur=compte, etat=Etat.BROUILLON):
        retirer(brouillon, par=compte)
    for petition in Petition.objects.filter(auteur=compte, deposee_le__isnull=False):
        # Those invited by the author who never answered: their addresses were given by somebody else.
        invites = petition.copetitionnaires.filter(confirme_le__isnull=True)
        amis = set(invites.values_list("courriel", flat=True))
        Courriel.objects.filter(
            dossier=petition, acte__in=LETTRES_AUX_COPETITIONNAIRES, destinataires__overlap=sorted(amis)
        ).delete()
        invites.delete()
        if compte.nom and compte.nom.lower() in petition.nom_auteur.lower():
            petition.nom_auteur = NOM_PUBLIC_EFFACE
            petition.save()  # the name of a collective is kept: it is no personal data


def _oublier_copetitionnaires(lignes: QuerySet[CoPetitionnaire], adresses: set[str]) -> None:
    """Erase the identity of co-pétitionnaires and keep their number.

    On a pétition that is not filed, they no longer count.
    """
    adresses.update(adresse.lower() for adresse in lignes.values_list("courriel", flat=True) if adresse)
    pas_deposees = Q(confirme_le__isnull=True) | Q(petition__deposee_le__isnull=True)
    lignes.filter(pas_deposees, retire_le__isnull=True).update(retire_le=timezone.now())
    lignes.update(
        prenom=EFFACE,
        nom=EFFACE,
        courriel="",
        courriel_canonique=Concat(Value("oublie-"), Cast("pk", CharField())),
    )


def _oublier_signatures(personne: Personne) -> None:
    """Erase the signatures of the person, except those that count in a collecte or a debate to come.

    These are erased at the end of the delay of conservation of their pétition.
    """
    siennes = Signature.objects.filter(courriel_canonique__in=personne.boites)
    if isinstance(personne.ligne, Signature):  # by the code of her paper
        siennes |= Signature.objects.filter(pk=personne.ligne.pk)
    personne.adresses.update(c.lower() for c in siennes.values_list("courriel", flat=True) if c)
    # Not checked yet: without it, her sheet would make a line without a name count.
    siennes.filter(origine=Signature.Origine.PAPIER, etat=Signature.Etat.DEMANDEE).update(
        etat=Signature.Etat.RETIREE, retiree_le=timezone.now()
    )
    siennes.exclude(
        etat__in=[Signature.Etat.CONFIRMEE, Signature.Etat.INVALIDEE],
        petition__in=Petition.objects.exclude(etat__in=EFFACABLES),
    ).update(
        prenom="",
        nom="",
        nom_canonique="",
        courriel=None,
        courriel_canonique=None,
        empreinte_ip="",
        empreinte_reseau="",
        empreinte_confirmation="",
        reseau_confirmation="",
        rang=None,
        a_ecrire=False,
        accord_nouvelles=False,
        accord_auteur=False,
    )
