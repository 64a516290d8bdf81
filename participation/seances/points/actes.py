"""Acts on the points of the agenda during the séance: current point, notes, déports, dissent."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from participation.seances.animation import d_un_clic, en_animant
from participation.seances.models import (
    Convie,
    DemandePoint,
    Deport,
    Desaccord,
    Election,
    Emargement,
    Point,
    Seance,
    Vote,
)
from participation.seances.points.parole import quitter_la_file, vider_la_file
from participation.seances.presence.actes import (
    ConvieField,
    MotifForm,
    convies_de,
    exiger_siegeant,
    presents_de,
)
from participation.seances.presence.lectures import Situation
from participation.seances.workflow import EtatElection, EtatPoint, EtatVote
from participation.socle.actions import Pas, enregistrer, exiger
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_choix, champ_ligne, champ_nombre, champ_texte
from participation.socle.francais import accorder, de, enumerer, jour_texte
from participation.socle.models import Compte, Dossier
from participation.socle.regles.versions import exiger_version
from participation.socle.views.pages import acte

DOSSIERS_CITES = 5  # in the reason of a déport


@d_un_clic
@transaction.atomic
def passer_au_point(point: Point, *, par: Compte) -> None:
    """Make this point current. The previous one becomes treated, unless a vote or a decision is still awaited.

    A treated point may become current again.
    """
    pas = exiger(point, "passer_au_point", par=par)
    seance = point.seance
    if seance.point_courant_id == point.pk and point.etat == EtatPoint.EN_COURS:
        return
    exiger_sans_vote(seance)
    _quitter(seance)
    maintenant = timezone.now()
    est_nouveau = point.commence_le is None
    point.etat = EtatPoint.EN_COURS
    point.commence_le = point.commence_le or maintenant
    point.repris_le = maintenant
    point.save()
    seance.point_courant = point
    seance.save(update_fields=["point_courant"])
    pas.avancer(fait=f"Point {numero(point)} : {point}")
    # On a point already voted on, déports are not changed: the vote must be cancelled first.
    if not point.votes.exclude(etat=EtatVote.ANNULE).exists():
        reporter_les_deports(point, par=par)
        if est_nouveau:
            reprendre_les_deports(point, par=par)


def numero(point: Point) -> int:
    """Return the place of the point among those not withdrawn, starting at 1."""
    return (
        Point.objects.filter(seance=point.seance_id, ordre__lt=point.ordre)
        .exclude(etat=EtatPoint.RETIRE)
        .count()
        + 1
    )


def _quitter(seance: Seance) -> None:
    for courant in Point.objects.filter(seance=seance, etat=EtatPoint.EN_COURS):
        laisser_point(courant)
    vider_la_file(seance)


@d_un_clic
@transaction.atomic
def traiter_point(point: Point, *, par: Compte) -> None:
    """Mark the point as treated. No point is current until the next one."""
    pas = exiger(point, "traiter_point", par=par)
    seance = point.seance
    exiger_sans_vote(seance)
    _quitter(seance)
    seance.point_courant = None
    seance.save(update_fields=["point_courant"])
    pas.avancer(fait=f"Point {numero(point)} traité : {point}")


@acte(en_animant(form=MotifForm, succes="Le point est reporté."))
@transaction.atomic
def reporter_point(point: Point, *, par: Compte, motif: str) -> None:
    """Postpone the point to another séance."""
    _fermer(exiger(point, "reporter_point", par=par), point, EtatPoint.REPORTE, motif, "reporté")


@acte(en_animant(form=MotifForm, succes="Le point est retiré."))
@transaction.atomic
def abandonner_point(point: Point, *, par: Compte, motif: str) -> None:
    """Withdraw the point from the agenda during the séance."""
    pas = exiger(point, "abandonner_point", par=par)
    _fermer(pas, point, EtatPoint.RETIRE, motif, "retiré de l’ordre du jour")


def _fermer(pas: Pas, point: Point, etat: str, motif: str, fait: str) -> None:
    seance = point.seance
    if seance.point_courant_id == point.pk:
        vider_la_file(seance)
        seance.point_courant = None
        seance.save(update_fields=["point_courant"])
    clore_point(point, etat, motif)
    pas.avancer(fait=f"Point {fait} : {point}", motif=motif)


@transaction.atomic
def noter_releve(point: Point, *, par: Compte, releve: str, vu: str = "") -> None:
    """Save the facilitator's notes on the point. Raises TexteDepasse if somebody else changed them.

    No line in the journal: notes are saved during typing, and the procès-verbal keeps them.
    """
    exiger(point, "noter_releve", par=par)
    exiger_version(point, {"releve": releve}, vu)
    point.releve = releve
    point.save(update_fields=["releve"])


RAISON_DU_DEPORT = "Les membres la lisent au procès-verbal. Elle n’est jamais publiée : le public lit seulement que la personne s’est déportée."


class SeDeporterForm(ActeForm):
    convie = ConvieField(label="Qui se déporte", queryset=Convie.objects.none())
    motif = champ_ligne("Raison", RAISON_DU_DEPORT, maximum=200, requis=False)

    objet: Point

    def preparer(self) -> None:
        self.choisir("convie", convies_de(self.objet.seance))


@acte(
    en_animant(
        form=SeDeporterForm,
        consequence="Cette personne n’est ni comptée ni appelée à voter sur ce point.",
        succes="Le déport est noté.",
    )
)
# Déports
@transaction.atomic
def se_deporter(point: Point, convie: Convie, *, par: Compte, motif: str = "") -> Deport:
    """Note that a member steps aside. Raises ErreurMetier if they already voted on this point."""
    return _deporter(exiger(point, "se_deporter", par=par), point, convie, motif)


def reporter_les_deports(point: Point, *, par: Compte) -> None:
    """Make members who stepped aside from a dossier of the point step aside from the point too.

    A vote in which they take part would decide nothing on that dossier (CRPA R133-12: no part in the
    deliberation). If the point has several dossiers, the reason names those concerned.
    """
    lus = Dossier.objects.enfants_de(point.liens_dossiers.values_list("dossier", flat=True))
    dossiers = [dossier.enfant for dossier in lus.values()]
    ecartes = {dossier.nom_court: dossier.comptes_deportes() for dossier in dossiers}
    tous = set().union(*ecartes.values())
    siens = Convie.objects.filter(seance=point.seance_id, retire_le=None, membre__compte__in=tous)
    for convie in siens.exclude(deports__point=point).select_related("membre__compte"):
        desquels = [nom for nom, comptes in ecartes.items() if convie.membre.compte_id in comptes]
        se_deporter(point, convie, par=par, motif=_deport_de(desquels) if len(dossiers) > 1 else "")


def reprendre_les_deports(point: Point, *, par: Compte) -> None:
    """Make members who stepped aside from a dossier in an earlier séance step aside again: their interest has not changed.

    Once, when the point begins: this déport may be lifted. A point of several dossiers does not say for which one they
    stepped aside.
    """
    dossiers = point.liens_dossiers.values("dossier")
    d_un_dossier = Point.objects.annotate(combien=Count("liens_dossiers")).filter(
        combien=1, liens_dossiers__dossier__in=dossiers, seance__instance=point.seance.instance_id
    )
    avant = Deport.objects.filter(point__in=d_un_dossier).exclude(point__seance=point.seance_id)
    jours = dict(avant.order_by("le").values_list("convie__membre__compte", "point__seance__debut"))
    siens = Convie.objects.filter(seance=point.seance_id, retire_le=None, membre__compte__in=jours)
    for convie in siens.exclude(deports__point=point).select_related("membre__compte"):
        jour = jour_texte(jours[convie.membre.compte_id])
        se_deporter(point, convie, par=par, motif=f"Déport repris de la séance du {jour}")


def _deport_de(noms: list[str]) -> str:
    cites = noms[:DOSSIERS_CITES]
    reste = len(noms) - len(cites)
    return f"Déport de {enumerer([*cites, accorder(reste, 'autre dossier')] if reste else cites)}"


@transaction.atomic
def me_deporter(convie: Convie, point: Point, *, par: Compte, motif: str = "") -> Deport:
    """Same as `se_deporter`, by the member."""
    pas = exiger(convie, "me_deporter", par=par)
    point.refresh_from_db()
    return _deporter(pas, point, convie, motif)


def _deporter(pas: Pas, point: Point, convie: Convie, motif: str) -> Deport:
    _exiger_d_ici(point, convie)
    if point.est_clos:
        raise ActeInterdit(f"Le point « {point} » est {point.get_etat_display()}.")
    votes = point.votes.exclude(etat=EtatVote.ANNULE)
    if Emargement.objects.filter(vote__in=votes, convie=convie).exists():
        raise ErreurMetier(f"{convie} a déjà voté sur ce point : annulez d’abord le vote.")
    deport, est_nouveau = Deport.objects.get_or_create(point=point, convie=convie, defaults={"motif": motif})
    if est_nouveau:
        if point.etat == EtatPoint.EN_COURS:
            quitter_la_file(convie)
        pas.avancer(fait=f"{convie} se déporte : {point}", motif=motif, nomme=[convie.membre.compte])
    return deport


def _exiger_d_ici(point: Point, convie: Convie) -> None:
    if convie.seance_id != point.seance_id:
        raise ErreurMetier(f"{convie} n’est pas convoqué à cette séance.")
    exiger_siegeant(convie)


@d_un_clic
@transaction.atomic
def lever_deport(deport: Deport, *, par: Compte) -> None:
    """Remove a déport noted by mistake: not while a vote of the point is open, nor after one."""
    pas = exiger(deport, "lever_deport", par=par)
    deport.delete()
    pas.avancer(fait=f"Déport {de(deport.convie)} levé : {deport.point}", nomme=[deport.convie.membre.compte])


@transaction.atomic
def lever_mon_deport(deport: Deport, *, par: Compte) -> None:
    """Same as `lever_deport`, by the member."""
    pas = exiger(deport, "lever_mon_deport", par=par)
    deport.delete()
    pas.avancer(fait=f"Déport {de(deport.convie)} levé : {deport.point}", nomme=[deport.convie.membre.compte])


class NoterDesaccordForm(ActeForm):
    convie = ConvieField(label="Membre", queryset=Convie.objects.none())
    texte = champ_texte("Son désaccord, dans ses mots", maximum=2000, lignes=4)

    objet: Point

    def preparer(self) -> None:
        self.choisir("convie", presents_de(self.objet.seance))


@acte(
    en_animant(
        form=NoterDesaccordForm,
        consequence="Écrit au procès-verbal sous le nom du membre, à sa demande.",
        succes="Le désaccord est noté.",
    )
)
@transaction.atomic
def noter_desaccord(point: Point, convie: Convie, *, par: Compte, texte: str) -> Desaccord:
    """Record a member's disagreement for the procès-verbal (CRPA R133-13). A new text replaces the old one."""
    return _noter_desaccord(exiger(point, "noter_desaccord", par=par), point, convie, texte)


@transaction.atomic
def mon_desaccord(convie: Convie, point: Point, *, par: Compte, texte: str) -> Desaccord:
    """Same as `noter_desaccord`, by the member."""
    return _noter_desaccord(exiger(convie, "mon_desaccord", par=par), point, convie, texte)


def _noter_desaccord(pas: Pas, point: Point, convie: Convie, texte: str) -> Desaccord:
    _exiger_d_ici(point, convie)
    if Situation.de(convie.seance, avec_noms=False).est_deporte(convie, point):
        raise ErreurMetier(f"{convie} se déporte sur ce point : son avis n’y est pas noté.")
    desaccord, _ = Desaccord.objects.update_or_create(
        point=point, convie=convie, defaults={"texte": texte, "le": timezone.now()}
    )
    pas.avancer(fait=f"Désaccord {de(convie)} noté : {point}", nomme=[convie.membre.compte])
    return desaccord


def relire_point(point: Point) -> None:
    """Read the point and its séance again."""
    point.refresh_from_db()
    point.seance = Seance.objects.avec_instance().get(pk=point.seance_id)


def vote_ouvert(seance: Seance) -> Vote | None:
    return Vote.objects.filter(point__seance=seance, etat=EtatVote.OUVERT).select_related("point").first()


def exiger_sans_vote(seance: Seance) -> None:
    vote = vote_ouvert(seance)
    if vote is not None:
        raise ErreurMetier(f"Un vote est ouvert sur « {vote.point} » : fermez-le ou annulez-le d’abord.")
    if (election := election_ouverte(seance)) is not None:
        raise ErreurMetier(
            f"L’élection « {election} » est ouverte : menez-la à son terme ou annulez-la d’abord."
        )


def election_ouverte(seance: Seance) -> Election | None:
    ouvertes = Election.objects.exclude(etat__in=[EtatElection.ELUE, EtatElection.ANNULEE])
    return ouvertes.filter(point__seance=seance).first()


def arreter_minuteur(point: Point) -> None:
    """Add the seconds since the last start. They are exact across a change of the clock."""
    if point.repris_le is not None:
        point.secondes += max(0, int((timezone.now() - point.repris_le).total_seconds()))
        point.repris_le = None


def laisser_point(point: Point) -> None:
    """Leave the current point: treated, or still to treat if the vote or the decision it awaits was not taken."""
    clore_point(point, EtatPoint.A_TRAITER if point.est_sans_issue else EtatPoint.TRAITE)


def clore_point(point: Point, etat: str = EtatPoint.TRAITE, motif: str = "") -> None:
    """Stop the timer of a point and set its état. If put off or withdrawn, a demand of members is due again."""
    arreter_minuteur(point)
    point.etat, point.motif = etat, motif
    if etat in {EtatPoint.REPORTE, EtatPoint.RETIRE}:
        DemandePoint.objects.filter(point=point).update(etat=DemandePoint.Etat.DUE, point=None)
    enregistrer(point)


class AjouterPointForm(ActeForm):
    titre = champ_ligne("Titre du point", maximum=200)
    nature = champ_choix(
        "Nature",
        [c for c in Point.Nature.choices if c[0] != Point.Nature.APPROBATION],
        initial=Point.Nature.DIVERS,
    )
    duree = champ_nombre("Durée prévue (minutes)", minimum=1, maximum=600, initial=10)


class NoterReleveForm(ActeForm):
    SURVEILLES = ("releve",)

    releve = champ_texte("Relevé des échanges", "Repris au procès-verbal.", requis=False, maximum=None)


MeDeporterForm = demander_texte("Raison", aide=RAISON_DU_DEPORT, maximum=200, lignes=1, facultatif=True)


class MonDesaccordForm(ActeForm):
    objet: Convie

    texte = champ_texte(
        "Votre désaccord, dans vos mots",
        "Il est écrit au procès-verbal sous votre nom.",
        maximum=2000,
        lignes=4,
    )

    def initiales(self) -> Mapping[str, Any]:
        deja = Desaccord.objects.filter(convie=self.objet, point=self.objet.seance.point_courant_id).first()
        return {"texte": deja.texte if deja else ""}
