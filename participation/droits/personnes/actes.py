"""What a person asks about her data: asked, proved, then done by the worker, once."""

import io
import json
import zipfile
from collections.abc import Sequence
from functools import partial
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from participation.droits.models import DemandeDroit, ReglementDroits
from participation.droits.personnes import lettres
from participation.droits.personnes.lectures import Section, compter, rapporter, sections
from participation.droits.workflow import Droit, EtatDemande, Identite
from participation.socle.actions import avancer, exiger
from participation.socle.actions.comptes import fermer_compte
from participation.socle.actions.oubli import Personne, oublier, raisons
from participation.socle.bd.verrous import verrou, verrou_de_session
from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.erreurs import ErreurMetier
from participation.socle.fichiers.pdf import fabriquer_pdf
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_courriel
from participation.socle.francais import instant_texte, majuscule
from participation.socle.langues import langue
from participation.socle.langues import plus_tard as _
from participation.socle.models import Compte
from participation.socle.regles.adresses import empreinte
from participation.socle.travaux.differes import confier, confier_chacun
from participation.socle.views.pages import Page, acte
from participation.socle.workflow import Role


def archive(sections: Sequence[Section], gardes: Sequence[str]) -> "ContentFile[bytes]":
    """Return the ZIP. `gardes`: reasons why something is kept when a person is erased."""
    faite = timezone.now()
    html = render_to_string(
        "pdf/droits/copie.html", {"sections": sections, "gardes": gardes, "fait_le": instant_texte(faite)}
    )
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as zippe:
        zippe.writestr("copie-de-mes-donnees.pdf", fabriquer_pdf(html))
        zippe.writestr(
            "copie-de-mes-donnees.json", json.dumps(en_json(sections), ensure_ascii=False, indent=1)
        )
    return ContentFile(sortie.getvalue())


def en_json(sections: Sequence[Section]) -> dict[str, Any]:
    return {section.titre: [dict(ligne) for ligne in section.lignes] for section in sections}


TACHE = "participation.droits.tasks.executer_demande"
LES_MIENS = [
    (Droit.COPIE.value, _("Une copie de mes données")),
    (Droit.EFFACEMENT.value, _("L’effacement de mes données")),
]
DROITS = [(droit.value, majuscule(droit.label)) for droit in Droit]


class DemanderForm(forms.Form):
    """What a person asks on the site."""

    courriel = champ_courriel(
        _("Votre adresse de courriel"),
        _("Celle que vous nous avez donnée."),
        erreur=_("Donnez votre adresse de courriel."),
        attributs={"autocomplete": "email"},
        max_length=254,
    )
    droit = champ_choix(_("Ce que vous voulez"), LES_MIENS, erreur=_("Choisissez ce que vous voulez."))


class EnregistrerForm(ActeForm):
    courriel = champ_courriel(
        "Adresse de courriel de la personne",
        "Pas d’adresse\u00a0? Trouvez ce qu’elle a dit ou son inscription par son code, et effacez-la depuis là.",
        max_length=254,
    )
    droit = champ_choix("Ce qu’elle demande", DROITS, erreur="Choisissez ce qu’elle demande.")
    identite = champ_choix(
        "Comment savez-vous que c’est elle\u00a0?",
        [(i.value, majuscule(i.label)) for i in Identite if i not in (Identite.LIEN, Identite.INACTIVITE)],
        "Ne gardez pas de copie de sa pièce d’identité.",
        erreur="Dites comment son identité est vérifiée.",
    )


@transaction.atomic
def demander_droit(courriel: str, droit: str) -> None:
    """Write the letter that asks to confirm. The same to the eye whatever the address, known here or not."""
    courriel = courriel.strip().lower()
    demande = _ouverte(courriel, droit)
    if demande is None:
        demande = DemandeDroit(
            courriel=courriel, droit=droit, boite=empreinte(courriel, DemandeDroit.USAGE), langue=langue()
        )
        demande.full_clean()
        demande.save()
    if demande.etat == EtatDemande.A_PROUVER:
        lettres.demander_droit(demande)


def _ouverte(courriel: str, droit: str) -> DemandeDroit | None:
    """Return the request of this mailbox that is not done yet. Whoever asks at the same time waits."""
    boite = empreinte(courriel, DemandeDroit.USAGE)
    verrou(f"droit:{boite}:{droit}")
    return DemandeDroit.objects.ouvertes().filter(boite=boite, droit=droit).first()


@acte(
    Page[DemandeDroit](
        form=EnregistrerForm,
        consequence="Le site cherche partout ce qui parle de cette personne, dans toutes les démarches, puis fait ce "
        "qu’elle demande. Un effacement est sans retour.",
        retour=lambda _, faite: faite.get_absolute_url() if faite else reverse("droits:demandes"),
    )
)
@transaction.atomic
def enregistrer_demande(
    demande: DemandeDroit, *, par: Compte, courriel: str, droit: str, identite: str
) -> DemandeDroit:
    """Record what a person asked an agent, and give it to the worker. One that waits for its proof is taken up.

    Raises ErreurMetier when the same request is being done, or for the account of a colleague.
    """
    courriel = courriel.strip().lower()
    ouverte = _ouverte(courriel, droit)
    if ouverte is not None and ouverte.etat == EtatDemande.A_FAIRE:
        raise ErreurMetier("Cette demande est déjà enregistrée\u00a0: elle est en cours.")
    if droit == Droit.EFFACEMENT and (refus := empechement(courriel)):
        raise ErreurMetier(refus)
    demande = ouverte or demande
    exiger(demande, "enregistrer_demande", par=par).avancer(
        champs={
            "courriel": courriel,
            "droit": droit,
            "identite": identite,
            "boite": empreinte(courriel, DemandeDroit.USAGE),
            "confirme_le": timezone.now(),
        }
    )
    confier(TACHE, demande.pk)
    return demande


@transaction.atomic
def confirmer_demande(demande: DemandeDroit) -> None:
    """The link of the letter was followed. Safe to do twice."""
    demande.refresh_from_db(from_queryset=DemandeDroit.objects.select_for_update())
    if demande.est_prouvee:
        return
    if demande.est_effacement and (refus := empechement(demande.courriel)):
        raise ErreurMetier(refus)
    avancer(demande, "confirmer_demande", par=None, champs={"confirme_le": timezone.now()})
    confier(TACHE, demande.pk)


def empechement(courriel: str) -> str:
    """Say why an erasure asked this way is refused; "" when it is not.

    The mailbox alone must not close the account of a professional, which asks for a second factor.
    """
    compte = Compte.objects.filter(courriel=courriel, is_active=True).first()
    if compte is None:
        return ""
    if compte.is_staff or compte.roles - {Role.MEMBRE, Role.AUTEUR}:
        return (
            "Cette adresse est celle d’un compte professionnel\u00a0: sa titulaire, ou son titulaire, le ferme depuis "
            "«\u00a0Mon compte\u00a0»."
        )
    return ""


@acte(Page[DemandeDroit](consequence="Le site reprend la demande depuis le début."))
@transaction.atomic
def recommencer_demande(demande: DemandeDroit, *, par: Compte) -> None:
    avancer(demande, "recommencer_demande", par=par)
    confier(TACHE, demande.pk)


def executer_demande(numero: int) -> None:
    """Do what was asked, in the worker. Safe to call twice, even at once: the second finds nothing to do."""
    with verrou_de_session(f"droit:{numero}") as libre:
        a_faire = DemandeDroit.objects.filter(pk=numero, etat=EtatDemande.A_FAIRE)
        demande = a_faire.first() if libre else None
        if demande is None:
            return
        try:
            _faire(demande)
        except ErreurMetier as refus:
            _empecher_demande(demande, refus.message)


def _faire(demande: DemandeDroit) -> None:
    if not demande.courriel:
        clore_demande(demande)
    elif demande.est_effacement:
        effacer_personne(demande)
    else:
        copier_donnees(demande)


def clore_demande(demande: DemandeDroit) -> None:
    """Nothing is left to do: the person was erased meanwhile, by another request or with her account."""
    avancer(demande, "clore_demande", par=None, champs={"boite": "", "faite_le": timezone.now()})


def _empecher_demande(demande: DemandeDroit, motif: str) -> None:
    avancer(demande, "empecher_demande", par=None, motif=motif)


def reprendre_demandes() -> None:
    """Give again to the workers what was asked and not done (every minute)."""
    confier_chacun(TACHE, DemandeDroit.objects.filter(etat=EtatDemande.A_FAIRE).values_list("pk", flat=True))


def _personne(demande: DemandeDroit) -> Personne:
    return Personne(
        demande.courriel, Compte.objects.filter(courriel__iexact=demande.courriel, is_active=True).first()
    )


@transaction.atomic
def copier_donnees(demande: DemandeDroit) -> None:
    """Write the copy, and tell the person where it is, if she asked by her mailbox."""
    pas = exiger(demande, "copier_donnees", par=None)
    dites = sections(_personne(demande))
    demande.fichier.save("copie.zip", archive(dites, raisons()), save=False)
    pas.avancer(
        champs={
            "fichier": demande.fichier,
            "faite_le": timezone.now(),
            "rapport": [{"quoi": s.titre, "trouvees": len(s.lignes)} for s in dites],
        }
    )
    if demande.identite == Identite.LIEN:
        lettres.copier_donnees(demande, jours=ReglementDroits.actuel().copie_jours)


@transaction.atomic
def effacer_personne(demande: DemandeDroit) -> None:
    """Erase the person from all apps, and her account. Counts before and after are the report."""
    pas = exiger(demande, "effacer_personne", par=None)
    if refus := empechement(demande.courriel):
        raise ErreurMetier(refus)
    personne = _personne(demande)
    courriel, compte = demande.courriel, personne.compte
    avant = compter(personne)
    if compte is not None:
        fermer_compte(compte, par=compte)
    else:
        oublier(personne)
    pas.avancer(
        champs={
            "courriel": "",
            "boite": "",
            "faite_le": timezone.now(),
            "rapport": rapporter(avant, compter(Personne(courriel, compte))),
        }
    )
    if compte is None:  # closing an account writes its own letter
        lettres.effacer_personne(demande, courriel)


@transaction.atomic
def remettre_copie(demande: DemandeDroit, *, par: Compte) -> None:
    """Note in the journal that an agent took the copy, to give it to the person."""
    avancer(demande, "remettre_copie", par=par)


def effacer_copies() -> int:
    """Erase the copies kept long enough (every night). Return how many."""
    limite = il_y_a_plus_de(ReglementDroits.actuel().copie_jours)
    perimees = DemandeDroit.objects.filter(faite_le__lt=limite).exclude(fichier="")
    return effacer_fichiers(perimees)


def effacer_fichiers(demandes: Any) -> int:
    """Erase the files of these requests, after the commit, and the address that is no longer of use."""
    for demande in demandes:
        transaction.on_commit(partial(demande.fichier.storage.delete, demande.fichier.name))
        DemandeDroit.objects.filter(pk=demande.pk).update(fichier="", courriel="", boite="")
    return len(demandes)
