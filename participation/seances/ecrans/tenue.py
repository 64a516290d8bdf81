"""Acts on the séance itself: open, change of chair, suspend, resume, close, postpone for lack of quorum."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Case, QuerySet, When
from django.utils import timezone

from participation.seances.animation import d_un_clic, en_animant, retour_de
from participation.seances.models import Membre, Point, PointDossier, Presence, Seance
from participation.seances.points.actes import arreter_minuteur, clore_point, exiger_sans_vote, laisser_point
from participation.seances.points.parole import vider_la_file
from participation.seances.presence.actes import presents_de
from participation.seances.presence.lectures import Situation, quorum_de
from participation.seances.presence.regles import SANS_SIEGE, Quorum
from participation.seances.workflow import EtatPoint, EtatVote
from participation.socle.actions import avancer, exiger
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_case, champ_ligne, champ_parmi
from participation.socle.francais import accorder, de, enumerer, heure, jour_texte, pluriel
from participation.socle.models import Compte, LigneDeJournal
from participation.socle.views.pages import acte

NON_TRAITE = "Non traité avant la fin de la séance."


@transaction.atomic
def ouvrir(
    seance: Seance,
    *,
    par: Compte,
    presidee_par: Membre | None = None,
    secretaire: str = "",
    sans_deliberer: bool = False,
    avant_l_heure: str = "",
) -> None:
    """Open the séance. Without quorum, only with `sans_deliberer`: no vote opens until the quorum is reached.

    `avant_l_heure`: why it opens before the hour that the convocation gave. Raises ErreurMetier (too early, no quorum, president absent), ActeInterdit, RoleInsuffisant.
    """
    pas = exiger(seance, "ouvrir", par=par)
    if seance.est_trop_tot:
        raise ErreurMetier(
            f"La séance est prévue le {jour_texte(seance.jour)} à {heure(seance.jour)} : elle s’ouvre ce jour-là."
        )
    if seance.est_avant_l_heure and not avant_l_heure.strip():
        raise ErreurMetier(dire_avant_l_heure(seance))
    situation = Situation.de(seance)
    if presidee_par is not None and not any(
        c.membre_id == presidee_par.pk and situation.est_present(c) for c in situation.convies
    ):
        raise ErreurMetier(
            f"La présence {de(presidee_par)} n’est pas notée : notez son arrivée, ou choisissez qui préside."
        )
    quorum = situation.quorum()
    if quorum.fait_defaut and not sans_deliberer:
        raise ErreurMetier(
            f"Le quorum n’est pas atteint. {quorum.phrase} Attendez, constatez l’absence de quorum, ou ouvrez sans délibérer."
        )
    pas.avancer(
        details={"quorum": quorum.figer()},
        motif=" ".join(
            [
                *([f"Avant l’heure : {avant_l_heure.strip()}"] if seance.est_avant_l_heure else []),
                *([f"Sans délibérer. {quorum.phrase}"] if quorum.fait_defaut else []),
            ]
        ),
        champs={"ouverte_le": timezone.now(), "presidee_par": presidee_par, "secretaire": secretaire},
    )


def dire_avant_l_heure(seance: Seance) -> str:
    return (
        f"La convocation dit {heure(seance.jour)} : qui vient à l’heure trouverait la séance commencée. "
        "Attendez, ou dites pourquoi vous ouvrez avant."
    )


# Who presides if present, in this order.
PRESIDENCES = (Membre.Fonction.PRESIDENT, Membre.Fonction.COPRESIDENT, Membre.Fonction.DELEGUE)


def _presidents(seance: Seance) -> QuerySet[Membre]:
    """Return the members present, those with a function first."""
    rang = Case(*(When(fonction=fonction, then=rang) for rang, fonction in enumerate(PRESIDENCES)), default=9)
    return (
        Membre.objects.filter(pk__in=presents_de(seance).values("membre"))
        .select_related("compte")
        .order_by(rang, "compte__nom", "compte__prenom")
    )


def _presidente(seance: Seance) -> int | None:
    """Return the pk of the member expected to preside, if present."""
    membre = _presidents(seance).filter(fonction__in=PRESIDENCES).first()
    return membre.pk if membre else None


class PresiderForm(ActeForm):
    presidee_par = champ_parmi(
        "Qui préside", Membre.objects.none(), requis=False, vide="Personne pour l’instant"
    )
    secretaire = champ_ligne("Secrétaire de séance", maximum=160, requis=False)

    objet: Seance

    def initiales(self) -> Mapping[str, Any]:
        presidee_par = self.objet.presidee_par_id or _presidente(self.objet)
        return {"presidee_par": presidee_par, "secretaire": self.objet.secretaire}

    def preparer(self) -> None:
        self.choisir("presidee_par", _presidents(self.objet))


@acte(
    en_animant(
        form=PresiderForm,
        consequence="Seule une personne présente préside. Le changement est écrit au journal.",
        succes="La présidence a changé.",
    )
)
@transaction.atomic
def presider(seance: Seance, *, par: Compte, presidee_par: Membre | None, secretaire: str = "") -> None:
    """Change the president and the secretary. The president's vote may break a tie."""
    pas = exiger(seance, "presider", par=par)
    exiger_sans_vote(seance)
    situation = Situation.de(seance)
    if presidee_par is not None and not any(
        c.membre_id == presidee_par.pk and situation.est_present(c) for c in situation.convies
    ):
        raise ErreurMetier(f"La présence {de(presidee_par)} n’est pas notée.")
    pas.avancer(
        champs={"presidee_par": presidee_par, "secretaire": secretaire},
        fait=f"Présidence : {presidee_par or 'personne'} ; secrétaire : {secretaire or 'personne'}",
        nomme=[presidee_par.compte] if presidee_par else [],
    )


@d_un_clic
@transaction.atomic
def suspendre(seance: Seance, *, par: Compte) -> None:
    pas = exiger(seance, "suspendre", par=par)
    exiger_sans_vote(seance)
    for point in Point.objects.filter(seance=seance, repris_le__isnull=False):
        arreter_minuteur(point)
        point.save()
    pas.avancer()


@d_un_clic
@transaction.atomic
def reprendre(seance: Seance, *, par: Compte) -> None:
    avancer(seance, "reprendre", par=par)
    Point.objects.filter(seance=seance, etat=EtatPoint.EN_COURS).update(repris_le=timezone.now())


def dire_la_fin(seance: Seance) -> str:
    ouverts = Point.objects.filter(seance=seance, etat__in=[EtatPoint.A_TRAITER, EtatPoint.EN_COURS])
    restants = sum(point.etat == EtatPoint.A_TRAITER or point.est_sans_issue for point in ouverts)
    reste = (
        f" {accorder(restants, 'point')} {pluriel(restants, 'reste,restent')} à traiter : "
        f"{pluriel(restants, 'il est reporté,ils sont reportés')}."
        if restants
        else ""
    )
    votes = [
        lien.dossier.titre
        for lien in PointDossier.objects.filter(
            point__seance=seance, decision="", point__votes__etat=EtatVote.CLOS
        )
        .exclude(point__etat__in=[EtatPoint.REPORTE, EtatPoint.RETIRE])
        .select_related("dossier")
        .order_by("point__ordre", "ordre")
        .distinct()
    ]
    oublies = (
        f" Un vote a eu lieu, mais rien n’est décidé sur {enumerer([f'« {titre} »' for titre in votes])} : "
        "décidez avant de lever la séance."
        if votes
        else ""
    )
    return f"Les présences se terminent maintenant et plus aucun vote ne peut s’ouvrir.{reste}{oublies}"


def _apres(seance: Seance, fait: LigneDeJournal | None) -> str:
    """Go to the page of the séance once it is over."""
    return seance.get_absolute_url() if fait else retour_de(seance.pk)


@acte(en_animant(consequence=dire_la_fin, succes="La séance est levée.", retour=_apres))
@transaction.atomic
def lever(seance: Seance, *, par: Compte) -> LigneDeJournal:
    """Close the séance: everybody leaves now, and the points not treated are postponed."""
    pas = exiger(seance, "lever", par=par)
    exiger_sans_vote(seance)
    maintenant = _fermer(seance)
    return pas.avancer(champs={"levee_le": maintenant, "point_courant": None})


@acte(
    en_animant(
        consequence=lambda seance: (
            f"{quorum_de(seance).phrase} La séance est reportée ; une seconde convocation peut partir "
            "avec le même ordre du jour."
        ),
        succes="L’absence de quorum est constatée.",
        retour=_apres,
    )
)
@transaction.atomic
def reporter(seance: Seance, *, par: Compte, motif: str = "") -> LigneDeJournal:
    """Postpone the whole séance for lack of quorum. A second convocation may follow."""
    pas = exiger(seance, "reporter", par=par)
    exiger_sans_vote(seance)
    quorum = Situation.de(seance).quorum()
    if not quorum.fait_defaut:
        dit = "Le quorum est atteint. " if quorum.est_atteint else ""
        raise ErreurMetier(f"{dit}{quorum.phrase} La séance n’a pas à être reportée.")
    return pas.avancer(
        motif=motif or quorum.phrase,
        details={"quorum": quorum.figer()},
        champs={"levee_le": _fermer(seance), "point_courant": None},
    )


def _fermer(seance: Seance) -> datetime:
    maintenant = timezone.now()
    vider_la_file(seance)
    for point in Point.objects.filter(seance=seance, etat=EtatPoint.EN_COURS):
        laisser_point(point)
    for point in Point.objects.filter(seance=seance, etat=EtatPoint.A_TRAITER):
        clore_point(point, EtatPoint.REPORTE, NON_TRAITE)
    Presence.objects.filter(seance=seance, depart__isnull=True).update(depart=maintenant)
    return maintenant


class OuvrirForm(forms.Form):
    presidee_par = champ_parmi(
        "Qui préside", Membre.objects.none(), requis=False, vide="Personne pour l’instant"
    )
    secretaire = champ_ligne("Secrétaire de séance", maximum=160, requis=False)
    sans_deliberer = champ_case(
        "Ouvrir sans délibérer",
        "Les points d’information sont traités. Aucun vote ne peut s’ouvrir tant que le quorum manque.",
        requis=False,
    )

    avant_l_heure = champ_ligne("Pourquoi ouvrir avant l’heure", maximum=300)

    def __init__(self, *args: Any, seance: Seance, quorum: Quorum, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["avant_l_heure"].help_text = dire_avant_l_heure(seance)
        if not seance.est_avant_l_heure:
            del self.fields["avant_l_heure"]
        self.fields["presidee_par"].queryset = _presidents(seance)  # type: ignore[attr-defined]
        self.initial.setdefault("presidee_par", _presidente(seance))
        if not quorum.fait_defaut:
            del self.fields["sans_deliberer"]
        if quorum.phrase == SANS_SIEGE:
            del self.fields["presidee_par"]
