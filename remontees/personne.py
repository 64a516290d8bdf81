"""Who said a remontée, and how she is told, by mail, SMS or paper: what she left, corrected, and the sentences for her page."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from participation.socle.actions import enregistrer, exiger, fixer_echeance
from participation.socle.actions.courriers import (
    PAPIER,
    changer_d_adresse,
    ecrire_courrier,
    effacer_courriers,
    lien_sur_papier,
)
from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.courriels import sms
from participation.socle.courriels.ecriture import ecrire
from participation.socle.courriels.lettres import adresses_du_service
from participation.socle.courriels.message import hote
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    champ_choix,
    champ_courriel,
    champ_langue,
    champ_ligne,
    champ_texte,
)
from participation.socle.francais import accorder
from participation.socle.langues import FRANCAIS
from participation.socle.models import Compte, Courriel, Courrier
from participation.socle.regles.sms import est_un_numero
from participation.socle.regles.traces import est_masque
from participation.socle.templatetags.composants import jour_texte
from participation.socle.views.pages import Page, acte
from remontees.models import CourrielRecu, Rapporteur, ReglementRemontees, Remontee
from remontees.models.remontees import EFFACES
from remontees.workflow import Canal, Etat

TITRE_MAX = 160

# Means, as `Rapporteur.Prefere` keeps them → the field that it needs.
DEMANDE = {"courriel": "courriel", "sms": "telephone", "rappel": "telephone", "lettre": "adresse"}
MANQUE = {
    "courriel": "Pour un courriel, écrivez son adresse.",
    "sms": "Pour un SMS, écrivez son numéro de portable.",
    "rappel": "Pour un appel, écrivez son numéro.",
    "lettre": "Pour une lettre, écrivez son adresse postale.",
}


def erreurs_du_contact(dit: Mapping[str, Any]) -> dict[str, str]:
    """Return field → what is wrong: a number that is none, or a means that what they left does not allow."""
    telephone, prefere = str(dit.get("telephone") or ""), str(dit.get("prefere") or "")
    erreurs = {}
    if telephone and not est_un_numero(telephone):
        erreurs["telephone"] = "Ce numéro ne se lit pas : dix chiffres, ou « + » et l’indicatif du pays."
    if (champ := DEMANDE.get(prefere, "")) and not dit.get(champ):
        erreurs[champ] = MANQUE[prefere]
    elif prefere == "sms" and "telephone" not in erreurs and not sms.numero_de(telephone):
        erreurs["prefere"] = f"{sms.pourquoi_aucun(telephone)} Choisissez un appel, ou une autre façon."
    return erreurs


def moyen_choisi(dit: Mapping[str, Any]) -> str:
    """Return the means: the one chosen, else the first that what they left allows; a call for a landline."""
    if dit.get("prefere"):
        return str(dit["prefere"])
    telephone = str(dit.get("telephone") or "")
    if dit.get("courriel"):
        return "courriel"
    if telephone:
        return "sms" if sms.numero_de(telephone) else "rappel"
    return "lettre" if dit.get("adresse") else "aucun"


def titre_de(verbatim: str) -> str:
    """Return the first sentence, cut between words: the title until an agent writes a better one."""
    phrase = " ".join(verbatim.split())
    for fin in (". ", " ! ", " ? ", "… "):
        debut, trouve, _ = phrase.partition(fin)
        if trouve and len(debut) >= 20:
            phrase = debut
    if phrase.endswith(".") and not phrase.endswith(".."):
        phrase = phrase[:-1]  # titles are cited in sentences that have their own full stop
    if len(phrase) <= TITRE_MAX:
        return phrase
    return f"{phrase[: TITRE_MAX - 1].rsplit(' ', 1)[0]}…"


REPONDUE: dict[str, str] = {
    Rapporteur.Prefere.COURRIEL: _("Vous recevrez la réponse par courriel."),
    Rapporteur.Prefere.SMS: _("Vous recevrez la réponse par SMS."),
    Rapporteur.Prefere.LETTRE: _("Vous recevrez la réponse par une lettre."),
    Rapporteur.Prefere.RAPPEL: _("Vous recevrez la réponse par un appel."),
}


def courriel_d_ou_elle_vient(remontee: Remontee) -> CourrielRecu | None:
    """Return the mail that made the remontée, which says whether its address was checked."""
    if remontee.canal != Canal.COURRIEL:
        return None
    recus = CourrielRecu.objects.filter(remontee=remontee, sort=CourrielRecu.Sort.REMONTEE)
    return recus.only("preuve").order_by("recu_le").first()


def titre_pour_elle(remontee: Remontee) -> str:
    """Return the title for who spoke: what is masked to services is put back, in her own words."""
    if not est_masque(remontee.titre) or remontee.verbatim in EFFACES:
        return remontee.titre
    return titre_de(remontee.verbatim)


def ce_qui_suit(remontee: Remontee) -> str:
    """Say what happens next, and by when; empty once finished."""
    match remontee.etat:
        case Etat.NOUVELLE:
            return gettext("nous lisons votre message et choisissons qui s’en occupe.")
        case Etat.TRANSMISE:
            return _ce_que_doivent_les_services(remontee)
        case Etat.A_REPONDRE:
            return gettext("les services nous ont répondu ; nous écrivons votre réponse.")
        case Etat.GROUPEE:
            return gettext("d’autres personnes disent la même chose : une seule réponse sert à toutes.")
    return ""


def _ce_que_doivent_les_services(remontee: Remontee) -> str:
    due = remontee.echeances.ouvertes().order_by("date_limite").first()
    if due is None or due.suspendue_le is not None:
        return gettext("les services à qui nous l’avons donnée nous répondent, puis nous vous écrivons.")
    jour = jour_texte(due.date_limite)
    if due.est_en_retard:
        return gettext(
            "les services à qui nous l’avons donnée devaient nous répondre au plus tard le %(jour)s ; ils sont en retard."
        ) % {"jour": jour}
    return gettext(
        "les services à qui nous l’avons donnée nous répondent au plus tard le %(jour)s, puis nous vous écrivons."
    ) % {"jour": jour}


def comment_elle_l_apprend(remontee: Remontee) -> str:
    """Say how the answer will arrive; nothing is promised to a person without contact."""
    rapporteur = getattr(remontee, "rapporteur", None)
    moyen = rapporteur.moyen_d_envoi if rapporteur is not None else ""
    if not moyen:
        return gettext("Gardez l’adresse de cette page : la réponse s’y affichera. Rien ne vous est envoyé.")
    return gettext(REPONDUE[moyen])


APPEL = "rappeler"  # key of the échéance of a call to the person
FIL = re.compile(r"<remontee\.([0-9]{1,18}\.[\w-]+)@", re.ASCII)


def rapporteur_de(remontee: Remontee) -> Rapporteur | None:
    return Rapporteur.objects.filter(remontee=remontee.pk, efface_le=None).first()


def adresse_de(remontee: Remontee) -> str:
    """Address of the person if they are reached by mail; empty otherwise."""
    rapporteur = rapporteur_de(remontee)
    if rapporteur is None or rapporteur.moyen_d_envoi != Rapporteur.Prefere.COURRIEL:
        return ""
    return rapporteur.courriel


def lien_de_suivi(remontee: Remontee) -> str:
    return reverse("remontees:suivi", args=[remontee.jeton()])


def fil_de(remontee: Remontee) -> str:
    """Identifier of the mail thread, cited by all letters to the person and signed against forgery."""
    return f"<remontee.{Remontee.FIL.jeton(remontee)}@{hote()}>"


def fil_cite(references: str) -> Remontee | None:
    """Return the remontée whose thread is cited; None without a valid one."""
    remontees: Any = Remontee.objects.all()
    citee: Remontee | None = Remontee.FIL.trouver_parmi(FIL.findall(references), remontees)
    return citee


def prevenir_la_personne(
    remontee: Remontee, lettre: str, *, cle: str | None = None, **contexte: object
) -> Courriel | None:
    """Write a letter to the person: by mail in the thread of the remontée, by SMS, or on paper.

    None when no row of Courriel is made: on paper, without contact, or already written.
    """
    rapporteur = rapporteur_de(remontee)
    moyen = rapporteur.moyen_d_envoi if rapporteur is not None else ""
    fil = fil_de(remontee)
    if rapporteur is None or not moyen:
        return None
    if moyen == Rapporteur.Prefere.RAPPEL:
        if lettre in LETTRES:
            demander_un_appel(remontee)
        return None
    if moyen == PAPIER:
        ecrire_sur_papier(remontee, rapporteur, lettre, contexte_de(remontee, **contexte))
        return None
    par_sms = moyen == Courriel.Moyen.SMS
    return ecrire(
        f"remontees/{lettre}",
        a=[rapporteur.numero_sms if par_sms else rapporteur.courriel],
        dossier=remontee,
        cle=cle,
        entetes={} if par_sms else {"In-Reply-To": fil, "References": fil},
        contexte=contexte_de(remontee, **contexte),
        moyen=moyen,
        langue=rapporteur.langue,
    )


def langue_de(remontee: Remontee) -> str:
    rapporteur = rapporteur_de(remontee)
    return rapporteur.langue if rapporteur is not None else FRANCAIS


def demander_un_appel(remontee: Remontee) -> None:
    """Ask the agent to call the person, who is told by no letter."""
    jours = ReglementRemontees.actuel().delai_tri_jours
    fixer_echeance(
        remontee,
        APPEL,
        libelle=f"Appeler la personne : {remontee.titre}"[:160],
        date_limite=ajouter_jours_ouvres(timezone.localdate(), jours),
        responsable=remontee.agent,
    )


def titres_de(remontee: Remontee) -> dict[str, object]:
    """Return the title in her letter, and in its subject, which lists and journals show to others."""
    return {
        "titre": titre_pour_elle(remontee),
        "objet": remontee.reference if est_masque(remontee.titre) else remontee.titre,
    }


def contexte_de(remontee: Remontee, **contexte: object) -> dict[str, object]:
    return {
        "remontee": remontee,
        **titres_de(remontee),
        "lien": lien_de_suivi(remontee),
        "lien_court": Remontee.LIEN.adresse_courte(remontee),
        **contexte,
    }


def apercu(remontee: Remontee, lettre: str, **contexte: object) -> tuple[str, dict[str, object], str]:
    """Return (letter, context, means) for the preview of a letter to the person."""
    rapporteur = rapporteur_de(remontee)
    moyen = rapporteur.moyen_d_envoi if rapporteur is not None else ""
    return (
        f"remontees/{lettre}",
        contexte_de(remontee, **contexte),
        moyen if moyen in {PAPIER, Courriel.Moyen.SMS} else Courriel.Moyen.COURRIEL,
    )


def adresses_de_l_agent(remontee: Remontee) -> list[str]:
    """Address of the agent in charge, or those of the service."""
    return [remontee.agent.courriel] if remontee.agent is not None else adresses_du_service(remontee)


# Other letters (receipt, satisfaction) are not posted.
LETTRES = frozenset({"repondre", "orienter", "renvoyer", "ecrire_a_la_personne", "demander_precision"})


AVANT_LE_CODE_POSTAL = re.compile(r"(?:[,;]|(?<![\s,;]))\s++(?=\d{5}\s)")


MOT_DU_LIEN = "Suivre votre remontée en ligne, ou y ajouter quelque chose, sans mot de passe :"


def ecrire_sur_papier(
    remontee: Remontee, rapporteur: Rapporteur, lettre: str, contexte: dict[str, object]
) -> Courrier | None:
    """Write the letter on paper; None for a letter that is not posted."""
    if lettre not in LETTRES:
        return None
    return ecrire_courrier(
        remontee,
        f"remontees/{lettre}",
        contexte,
        destinataire=lignes_d_adresse(rapporteur),
        a_une_adresse=bool(rapporteur.adresse.strip()),
        **lien_sur_papier(Remontee.LIEN, remontee, MOT_DU_LIEN),
    )


def lignes_d_adresse(rapporteur: Rapporteur) -> list[str]:
    """Return the lines of the address, with postal code and town on the last one, as the post requires."""
    adresse = [
        ligne.strip(" ,;")
        for morceau in rapporteur.adresse.splitlines()
        for ligne in AVANT_LE_CODE_POSTAL.split(morceau)
    ]
    return [ligne for ligne in (rapporteur.nom.strip(), *adresse) if ligne]


class CorrigerCoordonneesForm(ActeForm):
    """Name, mail, telephone, means and language of the person; the postal address has its own act."""

    objet: Remontee

    nom = champ_ligne("Nom", maximum=120, requis=False, attributs={"autocomplete": "off"})
    courriel = champ_courriel("Adresse de courriel", requis=False)
    telephone = champ_ligne(
        "Téléphone", maximum=30, requis=False, attributs={"autocomplete": "off", "inputmode": "tel"}
    )
    prefere = champ_choix("À prévenir", Rapporteur.Prefere.choices, erreur="Choisissez comment la prévenir.")
    langue = champ_langue()

    def ligne_montree(self) -> Rapporteur | None:
        return getattr(self.objet, "rapporteur", None)

    def initiales(self) -> Mapping[str, Any]:
        ligne = self.ligne_montree()
        return {nom: getattr(ligne, nom) for nom in self.base_fields} if ligne else {}

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        adresse = self.ligne.adresse if isinstance(self.ligne, Rapporteur) else ""
        for champ, dite in erreurs_du_contact({**dit, "adresse": adresse}).items():
            ou = champ if champ in self.fields else "prefere"
            if ou not in self.errors:
                self.add_error(ou, dite)
        return dit


def dire_l_adresse(remontee: Remontee, combien: int) -> str:
    dit = "L’adresse est enregistrée" if remontee.rapporteur.adresse else "L’adresse est oubliée"
    return (
        f"{dit} : {accorder(combien, 'courrier se refait', 'courriers se refont')}." if combien else f"{dit}."
    )


class CorrigerAdressePostaleForm(ActeForm):
    objet: Remontee

    adresse = champ_texte(
        "Adresse postale",
        "Numéro et rue, puis code postal et ville. Pour oublier une adresse, laissez vide.",
        maximum=300,
        lignes=3,
        requis=False,
    )

    def ligne_montree(self) -> Rapporteur | None:
        return getattr(self.objet, "rapporteur", None)

    def initiales(self) -> Mapping[str, Any]:
        return {"adresse": self.ligne.adresse if self.ligne else ""}


@acte(
    Page[Remontee](
        form=CorrigerAdressePostaleForm,
        consequence="Les courriers qui ne sont pas encore postés sont refaits avec la nouvelle adresse, et s’impriment de nouveau. "
        "Une adresse laissée vide est oubliée, avec les courriers postés qui la portent.",
        succes=dire_l_adresse,
    )
)
@transaction.atomic
def corriger_adresse_postale(remontee: Remontee, *, par: Compte, adresse: str) -> int:
    """Change the address and remake the courriers not posted yet; return how many.

    An empty address also erases the courriers already posted. The journal says that it changed, without the
    address, since the person is erased one day.
    """
    pas = exiger(remontee, "corriger_adresse_postale", par=par)
    rapporteur = Rapporteur.objects.select_for_update().get(remontee=remontee.pk)
    rapporteur.adresse = adresse
    rapporteur.full_clean()
    rapporteur.save(update_fields=["adresse"])
    remontee.rapporteur = rapporteur
    courriers = Courrier.objects.filter(dossier=remontee.pk)
    repris = changer_d_adresse(courriers, lignes_d_adresse(rapporteur), a_une_adresse=bool(adresse))
    if not adresse:
        effacer_courriers(courriers.exclude(date_postee=None))
    pas.avancer(details={"courriers": [courrier.pk for courrier in repris]})
    return len(repris)


@acte(
    Page[Remontee](
        form=CorrigerCoordonneesForm,
        consequence="Ce qui est déjà parti ne repart pas : renvoyez-le depuis les lettres du dossier. Le journal dit que c’est corrigé, sans dire quoi.",
        succes="Coordonnées corrigées.",
    )
)
@transaction.atomic
def corriger_coordonnees(
    remontee: Remontee,
    *,
    par: Compte,
    nom: str,
    courriel: str,
    telephone: str,
    prefere: str,
    langue: str = "",
) -> Rapporteur:
    """Change the name, the mail, the telephone, the means and the language; the journal says so without them."""
    pas = exiger(remontee, "corriger_coordonnees", par=par)
    rapporteur = Rapporteur.objects.select_for_update().filter(remontee=remontee.pk).first() or Rapporteur(
        remontee=remontee
    )
    rapporteur.nom, rapporteur.courriel = nom, courriel.strip().lower()
    rapporteur.telephone, rapporteur.prefere = telephone, prefere
    enregistrer(rapporteur, langue=langue or rapporteur.langue)
    remontee.rapporteur = rapporteur
    pas.avancer()
    return rapporteur


def dire_a_qui(remontee: Remontee) -> str:
    rapporteur = getattr(remontee, "rapporteur", None)
    if rapporteur is None:
        return "Cette personne ne peut pas être prévenue : elle ne s’est pas nommée. La réponse reste au dossier."
    if rapporteur.moyen_d_envoi == Rapporteur.Prefere.COURRIEL:
        return f"La personne reçoit votre réponse par courriel, avec un lien pour dire si elle convient.{rapporteur.phrase_de_langue}"
    if rapporteur.moyen_d_envoi == Rapporteur.Prefere.SMS:
        return f"La personne reçoit par SMS ce qu’il en devient, et un lien pour lire votre réponse.{rapporteur.phrase_de_langue}"
    return str(rapporteur.phrase_d_envoi)
