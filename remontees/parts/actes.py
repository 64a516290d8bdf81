"""Parts given to services: given, pressed, answered, sent back; the answer to the person; closing of what was answered."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from participation.seances.points.decisions import exiger_le_vote
from participation.socle.actions import annuler_echeance, exiger, faire_echeance, fixer_echeance
from participation.socle.actions.avancer import Pas, enregistrer
from participation.socle.actions.pieces import joindre
from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    ChampFichier,
    champ_choix,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_qui,
    champ_texte,
)
from participation.socle.francais import a_qui, de, majuscule
from participation.socle.models import Commune, Compte, Direction, Dossier, Quartier
from participation.socle.views.pages import Page, acte
from remontees.categories import choisir_categorie
from remontees.models import Attribution, Categorie, Organisme, ReglementRemontees, Remontee, Sujet
from remontees.parts import lettres
from remontees.workflow import PARTS_ATTENDUES, PARTS_LISANTES, Etat, EtatAttribution, EtatSujet, Issue


def etat_des_parts(etats: Iterable[str], *, aucune: str, attendue: str, rendues: str) -> str:
    """Return `aucune`, `attendue` or `rendues`: without any part, with one still due, or with all answered.

    Withdrawn and refused parts are ignored.
    """
    vivantes: Collection[str] = [
        etat for etat in etats if etat not in {EtatAttribution.RETIREE, EtatAttribution.REFUSEE}
    ]
    if not vivantes:
        return aucune
    return attendue if any(etat in PARTS_ATTENDUES for etat in vivantes) else rendues


RouvrirForm = demander_texte(
    "Ce qui n’est pas réglé", aide="Les services qui avaient répondu lisent ces mots."
)


def dire_ce_qu_on_en_fait(part: Attribution) -> str:
    """Name the dossier and say what becomes of the answer: a letter to one person, or a public answer."""
    dossier = part.dossier
    if isinstance(dossier.enfant, Sujet):
        suite = "Le service participation écrit la réponse publique à partir de la vôtre."
    else:
        suite = "Le service participation écrit à la personne à partir de votre réponse."
    return f"« {dossier.titre} », {dossier.reference}. {suite}"


RetirerAttributionForm = demander_texte("Pourquoi la retirer", aide="Le service lit ces mots.")


RelancerAttributionForm = demander_texte("Un mot de votre part", nom="mot", facultatif=True)


# Keys of the échéances of the participation service.
TRI, REPONSE = "trier", "repondre"


def donner(
    dossier: Dossier,
    *,
    par: Compte,
    a: Direction | Commune | Organisme,
    date_limite: date,
    consigne: str = "",
) -> Attribution:
    """Create the part of a service and its échéance, and tell the service. Call within the act.

    Raises ValidationError for a past date, ErreurMetier for a service without address.
    """
    if date_limite < timezone.localdate():
        raise ValidationError({"date_limite": "La date de réponse est déjà passée."})
    part = Attribution(
        dossier_id=dossier.pk,
        par=par,
        direction=a if isinstance(a, Direction) else None,
        commune=a if isinstance(a, Commune) else None,
        organisme=a if isinstance(a, Organisme) else None,
        date_limite=date_limite,
        consigne=consigne,
    )
    if not part.adresses():
        raise ErreurMetier(a.sans_adresse(" avant de lui donner"))
    enregistrer(part)
    fixer_date(dossier, part)
    lettres.au_service(part, "attribuer", f"attribution:{part.pk}")
    return part


def fixer_date(dossier: Dossier, part: Attribution) -> None:
    """Write, or move to `part.date_limite`, the échéance of the service."""
    fixer_echeance(
        dossier,
        part.cle_echeance,
        libelle=f"Répondre : {dossier.titre}"[:160],
        date_limite=part.date_limite,
        est_legale=True,  # suspended with the others while the person is asked something
        rappels=[5, 1],
        relances=[3],
        escalade=ReglementRemontees.actuel().escalade_jours,
        direction=part.direction,
        lien=lettres.lien_de(part),
    )


def presser(traite: Remontee | Sujet, urgente: Remontee) -> None:
    """Make the triage and the awaited parts due today, and tell the services. Call within the act.

    Earlier dates stay. A suspended échéance resumes from the new date.
    """
    jour = timezone.localdate()
    parts = list(Attribution.attendues_de(traite))
    a_presser = traite.echeances.ouvertes().filter(
        cle__in=[TRI, *(part.cle_echeance for part in parts)], date_limite__gt=jour
    )
    a_presser.filter(suspendue_le__isnull=False).update(suspendue_le=jour)
    a_presser.update(date_limite=jour, fixee_le=jour)
    for part in parts:
        if part.date_limite > jour:
            part.date_limite = jour
            part.save(update_fields=["date_limite"])
        lettres.au_service(part, "signaler_urgence", urgente=urgente)


def confier(
    dossier: Remontee | Sujet,
    acte: str,
    fait: str,
    *,
    par: Compte,
    a: Direction | Commune | Organisme,
    date_limite: date,
    consigne: str,
) -> Attribution:
    """Give one more service its part and end the triage. Called within `attribuer` and `attribuer_sujet`."""
    pas = exiger(dossier, acte, par=par)
    exiger_le_vote(dossier, acte, par=par, motif=consigne, champ="consigne")
    part = donner(dossier, par=par, a=a, date_limite=date_limite, consigne=consigne)
    pas.avancer(
        champs={"direction": a} if isinstance(a, Direction) and dossier.direction_id is None else {},
        fait=f"{fait} {a_qui(part.en_phrase)}",
        motif=consigne,
        details={"attribution": part.pk, "date_limite": date_limite.isoformat()},
    )
    faire_echeance(dossier, TRI)
    return part


@acte(
    Page[Attribution](
        consequence="Le service participation voit que vous vous en occupez.",
        succes="C’est noté : le service participation voit que vous vous en occupez.",
    )
)
def prendre_attribution(part: Attribution, *, par: Compte | None) -> None:
    """Mark the part as taken by the service."""
    with transaction.atomic():
        exiger(part, "prendre_attribution", par=par).avancer(
            champs={"etat": EtatAttribution.PRISE, "prise_le": timezone.now()},
            fait=f"Prise en main par {part.en_phrase}",
            details={"attribution": part.pk},
        )


class LireEnEntierForm(ActeForm):
    motif = champ_texte(
        "Pourquoi vous en avez besoin",
        "Par exemple : convenir d’un rendez-vous sur place. Votre raison reste au journal du dossier.",
        maximum=500,
        lignes=2,
        erreur="Dites pourquoi.",
    )


@acte(
    Page[Attribution](
        form=LireEnEntierForm,
        consequence="Vous lisez ensuite le nom, le téléphone ou l’adresse que la personne a écrits dans son message. Servez-vous-en pour "
        "cette remontée seulement : c’est toujours le service participation qui lui répond.",
        succes="Vous lisez tout ce qui a été dit. C’est noté au journal du dossier.",
    )
)
@transaction.atomic
def lire_en_entier(part: Attribution, *, par: Compte | None, motif: str, nom: str = "") -> None:
    """Show the service what was masked to it. Why, and who asked by the link, stay in the journal."""
    exiger(part, "lire_en_entier", par=par).avancer(
        champs={"lue_en_entier_le": timezone.now()},
        fait=f"Ce qui était masqué, lu par {part.en_phrase}",
        motif=f"{motif} ({nom})" if nom else motif,
        details={"attribution": part.pk},
    )


class RefuserAttributionForm(ActeForm):
    motif = champ_texte("Pourquoi ce n’est pas pour vous", maximum=2000, lignes=3, erreur="Dites pourquoi.")
    oriente_vers = champ_ligne("À qui le donner plutôt", "Si vous le savez.", maximum=160, requis=False)


@acte(
    Page[Attribution](
        form=RefuserAttributionForm,
        consequence="Le service participation choisit un autre service.",
        succes="C’est rendu au service participation, qui choisit un autre service.",
    )
)
@transaction.atomic
def refuser_attribution(
    part: Attribution, *, par: Compte | None, motif: str, oriente_vers: str = "", nom: str = ""
) -> None:
    """Refuse the part, with the reason and another service to ask. Refused by all: back to triage."""
    pas = exiger(part, "refuser_attribution", par=par)
    champs = {
        "etat": EtatAttribution.REFUSEE,
        "motif": motif,
        "oriente_vers": oriente_vers,
        "repondue_par": nom,
    }
    _appliquer(pas, part, champs, fait=f"Refusée par {part.en_phrase}", motif=motif)
    annuler_echeance(part.dossier, part.cle_echeance)
    lettres.a_l_agent(part, "refuser_attribution")


ISSUES = [(issue.value, majuscule(issue.label)) for issue in Issue]


class RepondreAttributionForm(ActeForm):
    issue = champ_choix("Ce qu’il en est", ISSUES, boutons=True, erreur="Dites ce qu’il en est.")
    date_prevue = champ_jour("Prévu pour le", "Seulement si c’est prévu.", requis=False)
    reponse = champ_texte(
        "Votre réponse",
        "Lue par le service participation, qui s’en sert pour répondre.",
        maximum=6000,
        lignes=8,
        erreur="Écrivez la réponse.",
    )
    fichier = ChampFichier(
        label="Joindre un fichier",
        help_text="Une photo, un plan. Lu du service participation.",
        required=False,
    )


@acte(
    Page[Attribution](
        form=RepondreAttributionForm,
        consequence=dire_ce_qu_on_en_fait,
        succes="La réponse est au service participation.",
    )
)
@transaction.atomic
def repondre_attribution(
    part: Attribution,
    *,
    par: Compte | None,
    issue: str,
    reponse: str,
    date_prevue: date | None = None,
    fichier: UploadedFile | None = None,
    nom: str = "",
) -> None:
    """Answer the part. The participation service then writes to the person; it alone reads `fichier`.

    Raises ValidationError for « prévu » without a date, or as `joindre`.
    """
    exiger_jour(issue, date_prevue)
    pas = exiger(part, "repondre_attribution", par=par)
    piece = None
    if fichier is not None:
        piece = joindre(part.dossier, fichier=fichier, titre=f"Réponse {de(part.en_phrase)}"[:160], par=par)
    champs = {
        "etat": EtatAttribution.REPONDUE,
        "issue": issue,
        "reponse": reponse,
        "date_prevue": date_prevue,
        "repondue_le": timezone.now(),
        "repondue_par": nom or str(par or ""),
        "piece": piece,
    }
    _appliquer(pas, part, champs, fait=f"Réponse {de(part.en_phrase)} : {Issue(issue).label}", motif=reponse)
    faire_echeance(part.dossier, part.cle_echeance)
    lettres.a_l_agent(part, "repondre_attribution")


def exiger_jour(issue: str, date_prevue: date | None) -> None:
    """Raise ValidationError unless « prévu » has a date, and it alone."""
    if issue == Issue.PREVU and date_prevue is None:
        raise ValidationError({"date_prevue": "Dites pour quand c’est prévu, même à peu près."})
    if issue != Issue.PREVU and date_prevue is not None:
        raise ValidationError({"date_prevue": "Choisissez « prévu », ou effacez ce jour."})


@acte(Page[Attribution](consequence="Ce qui était prévu est fait."))
def clore_attribution(part: Attribution, *, par: Compte | None) -> None:
    """Close the part: what was planned is done, or nothing is left to do."""
    with transaction.atomic():
        exiger(part, "clore_attribution", par=par).avancer(
            champs={"etat": EtatAttribution.CLOSE, "close_le": timezone.now()},
            fait=f"Terminée par {part.en_phrase}",
            details={"attribution": part.pk},
        )


@acte(
    Page[Attribution](
        form=RetirerAttributionForm,
        consequence=lambda part: f"Plus rien ne sera attendu {de(part.en_phrase)}.",
    )
)
@transaction.atomic
def retirer_attribution(part: Attribution, *, par: Compte, motif: str) -> None:
    """Withdraw the part from the service, which is told."""
    pas = exiger(part, "retirer_attribution", par=par)
    _appliquer(
        pas,
        part,
        {"etat": EtatAttribution.RETIREE, "motif": motif},
        fait=f"Retirée {a_qui(part.en_phrase)}",
        motif=motif,
    )
    annuler_echeance(part.dossier, part.cle_echeance)
    lettres.au_service(part, "retirer_attribution")


@acte(
    Page[Attribution](
        form=RelancerAttributionForm, consequence="Le service reçoit une lettre de rappel, avec le même lien."
    )
)
@transaction.atomic
def relancer_attribution(part: Attribution, *, par: Compte, mot: str = "") -> None:
    """Remind the service, at most once a day. Raises ErreurMetier the second time."""
    pas = exiger(part, "relancer_attribution", par=par)
    if not lettres.relancer_attribution(part, mot=mot):
        raise ErreurMetier("Une relance est déjà partie aujourd’hui pour cette part.")
    pas.avancer(fait=f"{majuscule(part.en_phrase)} : relance", motif=mot, details={"attribution": part.pk})


def _appliquer(pas: Pas, part: Attribution, champs: dict[str, Any], *, fait: str, motif: str) -> None:
    """Change the part, then the état of the dossier from all its parts."""
    traite: Any = part.suivi
    est_remontee = isinstance(traite, Remontee)
    siennes = part.dossier.attributions.exclude(pk=part.pk)
    autres = siennes.values_list("etat", flat=True)
    if champs["etat"] not in PARTS_LISANTES and part.direction_id == traite.direction_id:
        # The direction of a dossier can read it: replace one that loses its part.
        suivante = siennes.filter(direction__isnull=False, etat__in=sorted(PARTS_LISANTES)).first()
        traite.direction = suivante.direction if suivante is not None else None
    etat = etat_des_parts(
        [*autres, champs["etat"]],
        aucune=Etat.NOUVELLE if est_remontee else EtatSujet.OUVERT,
        attendue=Etat.TRANSMISE if est_remontee else EtatSujet.TRANSMIS,
        rendues=Etat.A_REPONDRE if est_remontee else EtatSujet.A_REPONDRE,
    )
    pas.avancer(vers=etat, champs=champs, fait=fait, motif=motif, details={"attribution": part.pk})
    attendre_la_reponse(part.dossier, etat == Etat.A_REPONDRE)
    if etat in {Etat.NOUVELLE, EtatSujet.OUVERT}:
        devoir(part.dossier, TRI, "Choisir qui s’en occupe : les services l’ont refusée")


def attendre_la_reponse(dossier: Dossier, est_due: bool) -> None:
    """Set the échéance of the answer once all parts are answered; cancel it otherwise."""
    if est_due:
        devoir(dossier, REPONSE, "Écrire la réponse")
    else:
        annuler_echeance(dossier, REPONSE)


def devoir(dossier: Dossier, cle: str, libelle: str) -> None:
    traite: Any = dossier.enfant
    jour = timezone.localdate()
    if cle != TRI or not traite.est_urgente:  # a danger is triaged the same day, working day or not
        jour = ajouter_jours_ouvres(jour, ReglementRemontees.actuel().delai_tri_jours)
    fixer_echeance(
        dossier,
        cle,
        libelle=libelle,
        date_limite=jour,
        est_legale=True,
        rappels=[1],
        responsable=dossier.agent,
    )


class SujetForm(ActeForm):
    titre = champ_ligne(
        "Titre", "Ce dont il s’agit et où, en une phrase.", maximum=160, erreur="Donnez un titre."
    )
    texte_public = champ_texte(
        "Ce que disent les gens",
        "Vos mots, sans nom ni adresse. Publié seulement quand vous publiez le sujet.",
        maximum=6000,
        lignes=8,
        requis=False,
    )


class OuvrirSujetForm(SujetForm):
    categorie: Any = champ_parmi("Catégorie", Categorie.objects.none(), requis=False, vide="À choisir")
    commune: Any = champ_parmi("Commune", Commune.objects.all(), requis=False, vide="Plusieurs, ou aucune")
    quartier: Any = champ_parmi(
        "Quartier prioritaire", Quartier.objects.select_related("commune"), requis=False, vide="Aucun"
    )

    def preparer(self) -> None:
        choisir_categorie(self)


class RedigerSujetForm(SujetForm):
    def initiales(self) -> Mapping[str, Any]:
        return {"titre": self.objet.titre, "texte_public": self.objet.texte_public}


class RepondreParLienForm(RepondreAttributionForm):
    nom = champ_qui("Votre nom et votre service", aide="", erreur="Dites qui répond.")


class RefuserParLienForm(RefuserAttributionForm):
    nom = champ_qui("Votre nom et votre service", aide="", erreur="Dites qui répond.")


class LireEnEntierParLienForm(LireEnEntierForm):
    nom = champ_qui("Votre nom et votre service", aide="", erreur="Dites qui lit.")
