"""What a person asks about her data: asked, proved, then done by the worker, once."""

import io
import json
import zipfile
from collections.abc import Sequence
from copy import copy
from functools import partial
from hashlib import sha256
from typing import Annotated, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from participation.droits.models import DemandeDroit, ReglementDroits
from participation.droits.personnes import lettres
from participation.droits.personnes.lectures import (
    Section,
    Trouvailles,
    apercu,
    compte_au_numero,
    compter,
    langue_de,
    lettres_perdues,
    pas_par_telephone,
    rapporter,
    reconnaitre,
    sections,
)
from participation.droits.workflow import Droit, EtatDemande, Identite
from participation.socle.actions import avancer, enregistrer, exiger
from participation.socle.actions.comptes import fermer_compte
from participation.socle.actions.courriers import PAPIER, effacer_courriers
from participation.socle.actions.oubli import Personne, mots_du_nom, oublier, raisons
from participation.socle.bd.verrous import verrou, verrou_de_session
from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.erreurs import ErreurMetier
from participation.socle.fichiers.pdf import fabriquer_pdf
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_courriel, champ_ligne, champ_texte
from participation.socle.francais import instant_texte, majuscule
from participation.socle.langues import langue
from participation.socle.langues import plus_tard as _
from participation.socle.models import Compte, Courriel, Courrier
from participation.socle.regles.adresses import empreinte
from participation.socle.travaux.differes import confier, confier_chacun
from participation.socle.views.pages import Page, acte
from participation.socle.workflow import Role


def annexe_de(sections: Sequence[Section]) -> dict[str, Any]:
    """Return what `pdf/droits/_copie.html` shows, in a file or after a letter."""
    return {
        "gabarit": "pdf/droits/_copie.html",
        "sections": [{"titre": s.titre, "lignes": [list(ligne) for ligne in s.lignes]} for s in sections],
        "gardes": raisons(),
        "fait_le": instant_texte(timezone.now()),
    }


def archive(sections: Sequence[Section], annexe: dict[str, Any]) -> "ContentFile[bytes]":
    """Return the ZIP."""
    html = render_to_string("pdf/droits/copie.html", {"annexe": annexe, "fait_le": annexe["fait_le"]})
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as zippe:
        zippe.writestr("copie-de-mes-donnees.pdf", fabriquer_pdf(html))
        zippe.writestr(
            "copie-de-mes-donnees.json", json.dumps(en_json(sections), ensure_ascii=False, indent=1)
        )
    return ContentFile(sortie.getvalue())


def en_json(sections: Sequence[Section]) -> dict[str, Any]:
    return {section.titre: [dict(ligne) for ligne in section.lignes] for section in sections}


# How the person learns it, in the journal.
REPONSES = {
    Courriel.Moyen.COURRIEL: "un courriel le lui dit",
    Courriel.Moyen.SMS: "un SMS le lui dit",
    PAPIER: "une lettre à poster le lui dit",
    "": "à lui dire vous-même",
}
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
    """Who asks, by one thing at least. What it finds, and whose it is, is shown before: a mailbox alone needs no look."""

    courriel = champ_courriel(
        "Adresse de courriel de la personne", "Si elle en a une.", max_length=254, requis=False
    )
    telephone = champ_ligne(
        "Téléphone qu’elle nous a donné",
        "Toute une famille peut avoir le même numéro\u00a0: ce qui est à un autre nom est laissé, et compté, comme un nom de famille seul quand un autre l’a aussi.",
        maximum=30,
        requis=False,
        attributs={"type": "tel", "autocomplete": "off"},
    )
    code = champ_ligne(
        "Code de son papier",
        "Par exemple R1042-ACDE-FG34, sur la feuille remise à l’accueil ou sur une lettre.",
        maximum=60,
        requis=False,
        attributs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    nom = champ_ligne(
        "Prénom et nom",
        "Nécessaires avec un téléphone. Sans accent ou en capitales, cela ne change rien.",
        maximum=160,
        requis=False,
        attributs={"autocomplete": "off"},
    )
    adresse = champ_texte(
        "Adresse postale",
        "Si elle veut sa réponse par la poste. La copie de ses données part avec la lettre.",
        maximum=300,
        lignes=3,
        se_relit=False,
        requis=False,
    )
    droit = champ_choix("Ce qu’elle demande", DROITS, erreur="Choisissez ce qu’elle demande.")
    identite = champ_choix(
        "Comment savez-vous que c’est elle\u00a0?",
        [(i.value, majuscule(i.label)) for i in Identite if i not in (Identite.LIEN, Identite.INACTIVITE)],
        "Ne gardez pas de copie de sa pièce d’identité.",
        erreur="Dites comment son identité est vérifiée.",
    )
    compte_vu = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
    demandee: DemandeDroit | None = None
    trouvailles: Sequence[Trouvailles] = ()
    lettres_perdues = ""

    def clean(self) -> dict[str, Any]:
        dit = super().clean()
        vu = dit.pop("compte_vu", "")
        if self.errors:
            return dit
        try:
            qui = reconnaitre(**{champ: dit[champ] for champ in CONNUE_PAR})
        except ValidationError as refus:
            self.add_error(None, refus)
            return dit
        demandee = self.demandee = DemandeDroit(**qui, droit=dit["droit"])
        if demandee.est_effacement:
            self.lettres_perdues = lettres_perdues(_personne(demandee))
        if demandee.telephone or demandee.cle_du_papier or self.lettres_perdues:
            self._faire_voir(demandee, vu)
        return dit

    def _faire_voir(self, demandee: DemandeDroit, vu: str) -> None:
        """Refuse once, to show what is found; again if it changed since it was shown."""
        self.trouvailles = apercu(demandee)
        compte = sha256(repr([self.trouvailles, self.lettres_perdues]).encode()).hexdigest()[:32]
        if vu != compte:
            self.data = {**dict(self.data.items()), "compte_vu": compte}
            self.add_error(
                None,
                "Rien n’est encore fait. Lisez ce que le site trouve\u00a0: si c’est bien elle, appuyez de nouveau.",
            )


class PapierForm(EnregistrerForm):
    """The same questions, printed for who writes them."""

    signature = champ_ligne("Date et signature")

    def preparer(self) -> None:
        self.fields["nom"].required = True
        self.fields["adresse"].widget = forms.TextInput()
        self.fields["droit"].choices = LES_MIENS  # type: ignore[attr-defined]  # a choice field


CONNUE_PAR = ("courriel", "telephone", "code", "nom", "adresse")


@transaction.atomic
def demander_droit(courriel: str, droit: str) -> None:
    """Write the letter that asks to confirm. The same to the eye whatever the address, known here or not."""
    courriel = courriel.strip().lower()
    boite = empreinte(courriel, DemandeDroit.USAGE)
    demande = _ouverte(boite, droit)
    if demande is None:
        demande = enregistrer(DemandeDroit(courriel=courriel, droit=droit, boite=boite, langue=langue()))
    if demande.etat == EtatDemande.A_PROUVER:
        lettres.demander_droit(demande)


def _ouverte(boite: str, droit: str) -> DemandeDroit | None:
    """Return the request of this person that is not done yet. Whoever asks at the same time waits."""
    verrou(f"droit:{boite}:{droit}")
    return DemandeDroit.objects.ouvertes().filter(boite=boite, droit=droit).first()


@acte(
    Page[DemandeDroit](
        ouvre=True,
        form=EnregistrerForm,
        consequence="Le site cherche partout ce qui parle de cette personne, dans toutes les démarches, puis fait ce "
        "qu’elle demande. Un effacement est sans retour.",
        retour=lambda _, faite: faite.get_absolute_url() if faite else reverse("droits:demandes"),
        gabarit="droits/enregistrer_demande.html",
    )
)
@transaction.atomic
def enregistrer_demande(
    demande: DemandeDroit, *, par: Compte, droit: str, identite: str, courriel: str = "", telephone: str = "",
    code: str = "", nom: str = "", adresse: str = "",
) -> DemandeDroit:  # fmt: skip
    """Record what a person asked an agent, and give it to the worker. One that waits for its proof is taken up.

    Raises ErreurMetier when the same request is being done, or for the account of a colleague; as `reconnaitre`.
    """
    qui = reconnaitre(courriel=courriel, telephone=telephone, code=code, nom=nom, adresse=adresse)
    boite = _boite(**qui)
    ouverte = _ouverte(boite, droit)
    if ouverte is not None and ouverte.etat == EtatDemande.A_FAIRE:
        raise ErreurMetier("Cette demande est déjà enregistrée\u00a0: elle est en cours.")
    if droit == Droit.EFFACEMENT and (refus := empechement(qui["courriel"])):
        raise ErreurMetier(refus)
    parle = ouverte.langue if ouverte else langue_de(DemandeDroit(**qui))
    demande = ouverte or demande
    exiger(demande, "enregistrer_demande", par=par).avancer(
        fait=f"Demande enregistrée, identité vérifiée {Identite(identite).label}",
        champs={
            **qui,
            "droit": droit,
            "identite": identite,
            "boite": boite,
            "langue": parle,
            "confirme_le": timezone.now(),
        },
    )
    confier(TACHE, demande.pk)
    return demande


def _boite(courriel: str, telephone: str, nom: str, cle_du_papier: str = "", **_: str) -> str:
    """Return the hash of what she is known by first. Two people of one telephone ask each for themselves."""
    connue = courriel or (" ".join([telephone, *sorted(mots_du_nom(nom))]) if telephone else cle_du_papier)
    return empreinte(connue, DemandeDroit.USAGE)


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


@transaction.atomic
def _faire(demande: DemandeDroit) -> None:
    """One after another: an erasure writes in the other requests of the same person, known by her code or her telephone."""
    verrou("droits.faire")
    demande.refresh_from_db()
    if not demande.nomme_quelqu_un:
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
    compte = Compte.objects.filter(courriel__iexact=demande.courriel, is_active=True).first()
    return Personne(
        demande.courriel,
        compte,
        telephone=demande.telephone,
        nom=demande.nom,
        ligne=demande.papier,
        prend_sans_nom=demande.est_effacement,
    )


@transaction.atomic
def copier_donnees(demande: DemandeDroit) -> None:
    """Write the copy, and tell the person where it is, if she asked by her mailbox; or post it."""
    pas = exiger(demande, "copier_donnees", par=None)
    dites = sections(_personne(demande))
    annexe = annexe_de(dites)
    demande.fichier.save("copie.zip", archive(dites, annexe), save=False)
    pas.avancer(
        fait=f"Copie des données faite\u00a0: {REPONSES[lettres.copier_donnees(demande, annexe)]}",
        champs={
            "fichier": demande.fichier,
            "faite_le": timezone.now(),
            "rapport": [{"quoi": s.titre, "trouvees": len(s.lignes)} for s in dites],
        },
    )


@transaction.atomic
def effacer_personne(demande: DemandeDroit) -> None:
    """Erase the person from all apps, and her account. Counts before and after are the report."""
    pas = exiger(demande, "effacer_personne", par=None)
    compte = compte_au_numero(demande.telephone, demande.nom)
    if refus := empechement(demande.courriel) or pas_par_telephone(compte, demande.courriel):
        raise ErreurMetier(refus)
    personne, avec = _personne(demande), copy(demande)
    avant, numero, compte = compter(personne), personne.numero, personne.compte
    if compte is not None:
        fermer_compte(compte, par=compte, personne=personne)
    else:
        oublier(personne)
    # Closing an account writes its own letter.
    ecrite_ailleurs = compte is not None and not compte.est_par_poste
    moyen = (
        Courriel.Moyen.COURRIEL
        if ecrite_ailleurs
        else lettres.repondre(avec, "effacer_personne", numero=numero)
    )
    pas.avancer(
        fait=f"Personne effacée\u00a0: {REPONSES[moyen]}",
        champs={
            **DemandeDroit.sans_qui(),
            "boite": "",
            "faite_le": timezone.now(),
            "rapport": rapporter(avant, _ce_qui_reste(avec, compte), personne.autres),
        },
    )


def _ce_qui_reste(demande: DemandeDroit, compte: Compte | None) -> dict[str, int]:
    """Count what still leads to her: the row of her code leads to nobody any more."""
    if not (demande.courriel or demande.telephone):
        return {}
    return compter(Personne(demande.courriel, compte, telephone=demande.telephone, nom=demande.nom))


@acte(
    Page[DemandeDroit](
        consequence="La personne lit vos mots, par courriel, par une lettre ou par SMS\u00a0; si rien ne l’atteint, dites-les-lui. "
        "Elle peut réclamer à la CNIL\u00a0: la lettre le dit.",
        apercu=lambda demande, dit: lettres.apercu(demande, "refuser_demande", **dit),
    )
)
@transaction.atomic
def refuser_demande(
    demande: DemandeDroit,
    *,
    par: Compte,
    motif: Annotated[str, champ_texte("Pourquoi, dit à la personne", maximum=600, lignes=4)],
) -> None:
    """Close a request that cannot be done, and tell her why (RGPD, article 12, 4)."""
    pas = exiger(demande, "refuser_demande", par=par)
    avec = copy(demande)
    numero = _personne(demande).numero if demande.nomme_quelqu_un else ""
    moyen = lettres.repondre(avec, "refuser_demande", numero=numero, motif=motif)
    pas.avancer(
        fait=f"Demande refusée\u00a0: {REPONSES[moyen]}",
        motif=motif,
        champs={**DemandeDroit.sans_qui(), "boite": "", "faite_le": timezone.now()},
    )


@transaction.atomic
def remettre_copie(demande: DemandeDroit, *, par: Compte) -> None:
    """Note in the journal that an agent took the copy, to give it to the person."""
    avancer(demande, "remettre_copie", par=par)


def effacer_copies() -> int:
    """Erase the copies and the letters kept long enough, once they are posted (every night). Return how many copies."""
    limite = il_y_a_plus_de(ReglementDroits.actuel().copie_jours)
    passees = DemandeDroit.objects.filter(faite_le__lt=limite)
    a_poster = Courrier.objects.a_poster().filter(demande__in=passees)
    parties = passees.exclude(pk__in=a_poster.values("demande"))
    effacer_courriers(Courrier.objects.filter(demande__in=parties).exclude(document=None))
    return effacer_fichiers(parties.exclude(fichier=""))


def effacer_fichiers(demandes: Any) -> int:
    """Erase the files of these requests, after the commit, and the address that is no longer of use."""
    for demande in demandes:
        transaction.on_commit(partial(demande.fichier.storage.delete, demande.fichier.name))
        DemandeDroit.objects.filter(pk=demande.pk).update(**DemandeDroit.sans_qui(), fichier="", boite="")
    return len(demandes)
