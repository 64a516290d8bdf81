"""Convening the members, once or a second time, and telling them of a change, a move or a cancellation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.seances import inscriptions as notifications_inscriptions
from participation.seances.convocation import lettres
from participation.seances.convocation.envois import mettre_en_route
from participation.seances.convocation.lectures import conflits, photographier
from participation.seances.convocation.reponses import liberer_suppleants, oublier_reponse
from participation.seances.inscriptions import prevenir_inscrits
from participation.seances.models import Convie, Convocation, Membre, Seance
from participation.seances.preparation import ANNONCES, LieuForm, QuandForm, exiger_lien
from participation.seances.regles import en_mots
from participation.seances.workflow import Etat, EtatPoint
from participation.socle.actions import exiger
from participation.socle.actions.documents import demander_document
from participation.socle.courriels.ecriture import composer
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_case, champ_texte
from participation.socle.francais import accorder, jour_texte, pluriel
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Document
from participation.socle.views.pages import Page, acte
from participation.socle.vitrine import recueillir

N = Convocation.Nature


HORS_DELAI = "hors_delai"


def apercu_de_la_convocation(request: RequeteConnectee, seance: Seance, form: object) -> dict[str, Any]:
    """Return what the page shows before the convocation: delay, members, points, letter, conflicts."""
    membres = seance.membres_a_convoquer()
    par_college: dict[str, list[Membre]] = {}
    for membre in membres:
        par_college.setdefault(membre.college.nom, []).append(membre)
    lettre = None
    if membres:
        exemple = Convie(seance=seance, membre=membres[0])
        lettre = composer("seances/convoquer", lettres.contexte(exemple))
    return {
        "seance": seance,
        "membres": membres,
        "par_college": par_college,
        "points": seance.points.exclude(etat=EtatPoint.RETIRE).order_by("ordre", "pk"),
        "avertissement": seance.avertissement(),
        "url_reglement": reverse("seances:ecrire_reglement", args=[seance.instance.cle]),
        "delai": en_mots(seance.reglement.delai_convocation, seance.reglement.unite_delai),
        "urgence": seance.date_limite_urgence,
        "lettre": lettre,
        "conflits": [*conflits(seance), *recueillir("jours_pris", seance.jour.date())],
        "invites": seance.invites.filter(retire_le=None),
    }


def dire_deplacement(seance: Seance) -> str:
    if not (nombre := nombre_de_convies(seance)):
        return "Personne n’est encore convoqué : personne n’est prévenu."
    if not seance.est_deliberante:
        return f"{_personnes(nombre, 'invitée')} la nouvelle date et l’agenda change. Les inscriptions sont gardées."
    return (
        f"{_personnes(nombre, 'convoquée')} la nouvelle date et l’agenda change. "
        "Si le jour ou l’heure changent, chacune répond de nouveau."
    )


def _personnes(nombre: int, quoi: str) -> str:
    """« Les 32 personnes convoquées reçoivent », « La personne convoquée reçoit »."""
    if nombre == 1:
        return f"La personne {quoi} reçoit"
    return f"Les {nombre} personnes {quoi}s reçoivent"


def nombre_de_convies(seance: Seance) -> int:
    return seance.convies.filter(retire_le=None).count()


def dire_annulation(seance: Seance) -> str:
    if not (nombre := nombre_de_convies(seance)):
        return "Personne n’est encore convoqué. L’annulation ne se défait pas."
    return (
        f"{_personnes(nombre, 'convoquée' if seance.est_deliberante else 'invitée')} une lettre, et ce rendez-vous sort de l’agenda. "
        "L’annulation ne se défait pas."
    )


def dire_information(seance: Seance) -> str:
    oublies = seance.membres_oublies()
    return (
        f"Un seul envoi pour tous les changements, à {accorder(nombre_de_convies(seance), 'personne')}, avec la convocation refaite."
        + (
            f" {accorder(len(oublies), 'membre nommé')} depuis {pluriel(len(oublies), 'est convoqué,sont convoqués')} aussi."
            if oublies
            else ""
        )
    )


class ConvoquerForm(ActeForm):
    """Form of a convocation. The fields for urgency and for a late convocation appear only when they apply.

    The action checks the delay again.
    """

    mot = champ_texte(
        "Un mot de la présidence",
        "En tête de la lettre et de la convocation, signé du nom de qui préside.",
        maximum=1500,
        requis=False,
        lignes=3,
    )
    est_urgente = champ_case(
        "Convoquer en urgence",
        "Le délai du règlement est alors plus court. Dites pourquoi ci-dessous.",
        requis=False,
    )
    quand_meme = champ_case("Convoquer quand même, hors délai", requis=False)
    motif = champ_texte(
        "Raison de l’urgence ou du retard",
        "Écrite dans la convocation et dans le journal.",
        maximum=1000,
        requis=False,
        lignes=2,
    )

    def preparer(self) -> None:
        urgence = self.objet.date_limite_urgence
        self.hors_delai = bool(self.objet.avertissement())
        self.urgence_suffit = urgence is not None and timezone.localdate() <= urgence
        if urgence is None:
            del self.fields["est_urgente"]
        if not self.hors_delai:
            del self.fields["quand_meme"]
        if not self.hors_delai and urgence is None:
            del self.fields["motif"]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        accepte = donnees.pop("quand_meme", False)
        urgente_et_a_temps = donnees.get("est_urgente") and self.urgence_suffit
        if self.hors_delai and not urgente_et_a_temps:
            if not accepte:
                self.add_error(
                    "quand_meme",
                    "Le délai du règlement n’est plus tenu : cochez cette case pour convoquer quand même, ou déplacez la séance.",
                )
            if not donnees.get("motif"):
                self.add_error("motif", "Dites pourquoi vous convoquez hors délai.")
        return donnees


@acte(
    Page[Seance](
        form=ConvoquerForm,
        titre="Convoquer les membres",
        succes="La convocation part : le document se prépare, puis les courriels suivent.",
        gabarit="seances/convocation/convoquer.html",
        contexte=apercu_de_la_convocation,
    )
)
@transaction.atomic
def convoquer(
    seance: Seance, *, par: Compte | None, motif: str = "", est_urgente: bool = False, mot: str = ""
) -> Convocation:
    """Convene every titulaire in office that day: freeze the list, make the PDF, then send the letters.

    Past the last day of the règlement, or in urgency, `motif` is required: ValidationError on it if empty.
    Raises ErreurMetier if there is no point, nobody to convene, or the day has passed. If two agents convene
    at the same time, the second gets ActeInterdit.
    """
    pas = exiger(seance, "convoquer", par=par)
    membres = seance.membres_a_convoquer()
    alerte = seance.avertissement(est_urgente=est_urgente)
    if alerte and not motif.strip():
        raise ValidationError(
            {"motif": ValidationError(f"{alerte} Dites pourquoi vous convoquez quand même.", code=HORS_DELAI)}
        )
    if est_urgente and not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi la séance est urgente."})
    maintenant = timezone.now()
    Convie.objects.bulk_create(
        (Convie(seance=seance, membre=membre, convoque_le=maintenant) for membre in membres),
        ignore_conflicts=True,
    )
    pas.avancer(
        fait=("" if seance.est_deliberante else "Membres invités") if membres else "Personnes invitées",
        motif=motif.strip(),
        details={"personnes": len(membres), "tardive": bool(alerte), "urgente": est_urgente},
    )
    return _demander_envoi(
        seance,
        N.PREMIERE,
        par=par,
        motif=motif,
        est_tardive=bool(alerte),
        est_urgente=est_urgente,
        mot=mot.strip(),
    )


InformerForm = demander_texte(
    "Un mot de votre part",
    aide="Ajouté à la lettre, avant le nouvel ordre du jour.",
    maximum=1000,
    facultatif=True,
)


@acte(
    Page[Seance](
        form=InformerForm,
        consequence=dire_information,
        bouton="Prévenir les personnes convoquées",
        succes="Le nouvel ordre du jour part aux personnes convoquées.",
    )
)
@transaction.atomic
def informer(seance: Seance, *, par: Compte, motif: str = "") -> Convocation:
    """Tell those convened that the agenda or its documents changed; convene members named since."""
    pas = exiger(seance, "informer", par=par)
    _completer(seance)
    pas.avancer(motif=motif.strip(), champs={"sequence": seance.sequence + 1})
    return _demander_envoi(
        seance, N.MODIFICATION, par=par, motif=motif, est_tardive=bool(seance.avertissement())
    )


def _oublier_les_reponses(seance: Seance, change: set[str], avant: datetime) -> None:
    """Ask again for the answers that no longer hold.

    A new hour: everybody answers again. A new `tenue`: only those whose way of coming is no longer possible.
    """
    if change & {"debut", "fin"}:
        for convie in seance.convies.filter(retire_le=None).select_related(
            "membre__compte", "membre__college"
        ):
            convie.seance = seance
            oublier_reponse(convie, deplacee_du=avant)
    elif "tenue" in change:
        for convie in _reponses_impossibles(seance):
            convie.seance = seance
            oublier_reponse(convie)


def _exiger_debut(seance: Seance, debut: datetime) -> None:
    """Raises ValidationError if the day is past, or if the mandature of the séance does not cover it."""
    if debut <= timezone.now():
        raise ValidationError({"debut": "Choisissez une date à venir."})
    if seance.mandature != seance.instance.mandature_du(timezone.localtime(debut).date()):
        raise ValidationError(
            {
                "debut": f"La mandature {seance.mandature.intitule} ne couvre pas ce jour : annulez et programmez une autre séance."
            }
        )


class DeplacerSeanceForm(LieuForm, QuandForm):
    field_order = ("jour", "de", "a", "tenue", "lieu", "lien_visio", "motif", "quand_meme")

    motif = champ_texte(
        "Pourquoi ce changement", "Les personnes prévenues lisent cette raison.", maximum=1000, lignes=2
    )
    quand_meme = champ_case("Déplacer quand même si le délai du règlement n’est plus tenu", requis=False)

    def initiales(self) -> Mapping[str, Any]:
        lieu = {champ: getattr(self.objet, champ) for champ in ("tenue", "lieu", "lien_visio")}
        return {**self.quand(self.objet), **lieu}

    def preparer(self) -> None:
        del self.fields["acces"]
        if self.objet.etat == "programmee":
            del self.fields["quand_meme"]
            self.fields["motif"].required = False
            self.fields["motif"].help_text = "Gardée au journal."


@acte(
    Page[Seance](
        form=DeplacerSeanceForm,
        consequence=dire_deplacement,
        titre="Déplacer la séance",
        succes="La séance est déplacée.",
    )
)
@transaction.atomic
def deplacer(
    seance: Seance, *, par: Compte, motif: str = "", quand_meme: bool = False, **champs: Any
) -> Convocation | None:
    """Change the date, the place or the link. Return the sending, or None if nobody was convened yet.

    Once members are convened, `motif` is required and everybody is told; they answer again if the day or hour
    changes. Raises ValidationError on `quand_meme` if the new day breaks the delay and it is False.
    """
    pas = exiger(seance, "deplacer", par=par)
    change = {champ: valeur for champ, valeur in champs.items() if valeur != getattr(seance, champ)}
    if not set(change) <= set(ANNONCES):
        raise ErreurMetier("Déplacer ne change que la date, le lieu, la tenue et le lien.")
    if not change:
        raise ErreurMetier("Rien ne change : la séance est déjà à cette date et à ce lieu.")
    convoquee = seance.etat == Etat.CONVOQUEE
    if convoquee and not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi : les personnes convoquées lisent cette raison."})
    avant, ancien_lieu = seance.debut, seance.lieu
    _exiger_debut(seance, change.get("debut", seance.debut))
    for champ, valeur in change.items():
        setattr(seance, champ, valeur)
    alerte = seance.avertissement() if convoquee and "debut" in change else ""
    if alerte and not quand_meme:
        raise ValidationError({"quand_meme": ValidationError(alerte, code=HORS_DELAI)})
    if convoquee and seance.tenue != Seance.Tenue.SALLE and not seance.lien_visio:
        raise ValidationError({"lien_visio": "Donnez le lien de la visioconférence."})
    if convoquee:
        change["sequence"] = seance.sequence + 1
    pas.avancer(
        motif=motif.strip(),
        details={"avant": avant.isoformat(), "apres": seance.debut.isoformat(), "champs": sorted(change)},
        champs=change,
    )
    exiger_lien(seance)
    if not convoquee:
        return None
    if not seance.est_deliberante:
        prevenir_inscrits(
            seance, notifications_inscriptions.deplacer, ancien_debut=avant, motif=motif.strip()
        )
    _oublier_les_reponses(seance, set(change), avant)
    _completer(seance)
    return _demander_envoi(
        seance,
        N.DEPLACEMENT,
        par=par,
        motif=motif,
        est_tardive=bool(seance.avertissement()),
        ancien_debut=avant,
        ancien_lieu=ancien_lieu,
    )


AnnulerForm = demander_texte("Raison", aide="Les personnes prévenues lisent cette raison.", maximum=1000)


@acte(Page[Seance](form=AnnulerForm, consequence=dire_annulation, succes="La séance est annulée."))
@transaction.atomic
def annuler(seance: Seance, *, par: Compte, motif: str) -> Convocation | None:
    """Cancel the séance, with a reason. Return the sending, or None if nobody was convened.

    Members convened or registered get a letter and a cancelled calendar event, even if the first convocation
    has not left yet.
    """
    pas = exiger(seance, "annuler", par=par)
    if not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi la séance est annulée."})
    convoquee = seance.etat == Etat.CONVOQUEE
    # The séance keeps the reason too: its page and the calendars show it.
    pas.avancer(
        motif=motif.strip(),
        champs={"sequence": seance.sequence + (1 if convoquee else 0), "motif": motif.strip()},
    )
    prevenir_inscrits(seance, notifications_inscriptions.annuler, motif=motif.strip())
    if not convoquee:
        return None
    return _demander_envoi(seance, N.ANNULATION, par=par, motif=motif)


def _completer(seance: Seance) -> None:
    """Bring the list up to date with the day of the séance.

    Members to convene who are missing are added. Those whose mandate ends before that day are taken off, with
    a letter.
    """
    voulus = {membre.pk: membre for membre in seance.membres_a_convoquer()}
    jour = seance.jour.date()
    for convie in seance.convies.filter(retire_le=None).select_related("membre__compte", "membre__college"):
        voulus.pop(convie.membre_id, None)
        if not convie.membre.est_en_fonction(jour):
            convie.seance = seance
            Convie.objects.filter(pk=convie.pk).update(retire_le=timezone.now())
            liberer_suppleants(convie, cause="mandat")
            lettres.retirer_convie(convie)
    for membre in voulus.values():
        Convie.objects.update_or_create(
            seance=seance,
            membre=membre,
            defaults={"convoque_le": timezone.now(), "retire_le": None, "remplace": None},
        )


def _reponses_impossibles(seance: Seance) -> list[Convie]:
    interdites: dict[str, str] = {Seance.Tenue.SALLE: "distance", Seance.Tenue.DISTANCE: "salle"}
    interdite = interdites.get(seance.tenue)
    return list(
        seance.convies.filter(retire_le=None, reponse=interdite).select_related("membre__compte")
        if interdite
        else ()
    )


def _demander_envoi(
    seance: Seance,
    nature: str,
    *,
    par: Compte | None,
    motif: str,
    est_tardive: bool = False,
    est_urgente: bool = False,
    ancien_debut: datetime | None = None,
    ancien_lieu: str = "",
    mot: str = "",
) -> Convocation:
    convocation = Convocation(
        seance=seance,
        nature=nature,
        sequence=seance.sequence,
        motif=motif.strip(),
        date_limite=seance.limite(est_urgente=est_urgente),
        est_tardive=est_tardive,
        est_urgente=est_urgente,
        ancien_debut=ancien_debut,
        ancien_lieu=ancien_lieu,
        mot=mot,
        par=par,
    )
    if nature != N.ANNULATION:
        convocation.document = _document(seance, convocation, par)
    convocation.save()
    mettre_en_route(convocation)
    return convocation


def _document(seance: Seance, convocation: Convocation, par: Compte | None) -> Document:
    return demander_document(
        nature="seances/convocation",
        titre=f"{'Convocation' if seance.est_deliberante else 'Invitation'}, {seance.titre}, {jour_texte(seance.jour)}",
        donnees=photographier(seance, convocation),
        par=par,
    )
