"""The agenda of a séance: its points, their order, their dossiers."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from participation.seances.models import DemandePoint, PieceSeance, Point, PointDossier, Seance
from participation.seances.workflow import A_L_ECRITURE, FINIES, Etat, EtatPoint
from participation.socle.actions import enregistrer, exiger
from participation.socle.erreurs import ActeInterdit
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    champ_case,
    champ_choix,
    champ_ligne,
    champ_nombre,
    champ_parmi,
    champ_texte,
)
from participation.socle.forms.filters import chercher
from participation.socle.francais import accorder, jour_texte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Direction, Dossier
from participation.socle.views.pages import Page, acte


def contexte_du_point(request: RequeteConnectee, point: Point, form: object) -> dict[str, Any]:
    mots = request.GET.get("q", "").replace("\0", "").strip()[:200]
    return {
        "seance": point.seance,
        "point": point,
        "sujet": point.seance.titre,
        "liens": point.liens_dossiers.select_related("dossier").order_by("ordre", "pk"),
        "pieces": point.pieces.filter(retiree_le=None),
        "mots": mots,
        "trouves": dossiers_proposes(request.user, point, mots),
        "peut_changer": point.permet("modifier_point", request.user),
        "peut_imprimer": point.permet("imprimer_bulletins", request.user),
    }


def dossiers_proposes(compte: Compte, point: Point, mots: str) -> list[Dossier]:
    """Return the open dossiers found that this person may see and that are not at this point yet."""
    if not mots:
        return []
    ouverts = (
        Dossier.objects.visibles_par(compte)
        # A reserved dossier must not be shown to all the people of a séance.
        .filter(clos_le__isnull=True, ouvert_le__isnull=False, est_reserve=False)
        .exclude(liens_points__point=point)
    )
    return list(chercher(ouverts, mots).order_by("-rang", "-ouvert_le")[:DOSSIERS_MONTRES])


DOSSIERS_MONTRES = 10


def dire_ajout(seance: Seance) -> str:
    if seance.etat != Etat.PROGRAMMEE:
        return "Ce point sera montré comme « ajouté après la convocation »."
    return "Les dossiers et les pièces s’ajoutent à la page suivante."


def aller_a_l_ordre_du_jour(point: Point, _: object) -> str:
    return f"{point.seance.get_absolute_url()}#ordre-du-jour"


def dire_retrait(point: Point) -> str:
    if point.seance.etat != Etat.PROGRAMMEE:
        return "Ce point a été annoncé : il reste à l’ordre du jour, barré, avec la raison."
    return "Le point disparaît de l’ordre du jour. Ses dossiers ne changent pas."


class SeanceChamp(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A choice of one séance, shown with title and date."""

    def label_from_instance(self, obj: Seance) -> str:
        return f"{obj.titre}, {jour_texte(obj.jour, 'chiffres')}"


class PointForm(ActeForm):
    nature = champ_choix("Nature", Point.Nature.choices)
    titre = champ_ligne("Titre", maximum=200)
    note = champ_texte(
        "Note de présentation", "Envoyée avec la convocation.", requis=False, maximum=None, lignes=10
    )
    rapporteur = champ_ligne("Présenté par", maximum=160, requis=False)
    direction = champ_parmi(
        "Direction", Direction.objects.filter(est_active=True), requis=False, vide="Aucune"
    )
    duree = champ_nombre("Durée prévue, en minutes", minimum=1, maximum=600, initial=10)
    pv_de = SeanceChamp(
        label="Procès-verbal à approuver",
        queryset=Seance.objects.none(),
        required=False,
        empty_label="Aucun",
        help_text="Pour l’approbation d’un procès-verbal seulement.",
    )
    est_confidentiel = champ_case(
        "À huis clos", "Le point et ses pièces ne sont montrés qu’aux membres et aux agents.", requis=False
    )

    field_order = ("nature", "titre", "note", "rapporteur", "direction", "duree", "pv_de", "est_confidentiel")

    def preparer(self) -> None:
        seance = self.objet if isinstance(self.objet, Seance) else self.objet.seance
        finies = Seance.objects.filter(
            instance=seance.instance_id, etat__in=FINIES, nature__in=Seance.DELIBERANTES
        ).exclude(pk=seance.pk)
        # Those written and not yet approved, and the current choice.
        a_approuver = Q(proces_verbal__etat__in=A_L_ECRITURE)
        if isinstance(self.objet, Point) and self.objet.pv_de_id:
            a_approuver |= Q(pk=self.objet.pv_de_id)
        self.choisir("pv_de", finies.filter(a_approuver).order_by("-debut"))


@acte(
    Page[Seance](
        form=PointForm,
        consequence=dire_ajout,
        succes="Le point est à l’ordre du jour.",
        retour=lambda seance, point: (point or seance).get_absolute_url(),
    )
)
@transaction.atomic
def ajouter_point(
    seance: Seance, *, par: Compte | None, dossiers: Iterable[Dossier] = (), **champs: Any
) -> Point:
    """Add a point at the end of the agenda, with its dossiers. After the convocation, it is marked late."""
    pas = exiger(seance, "ajouter_point", par=par)
    point = Point(
        seance=seance,
        ordre=(seance.points.aggregate(dernier=Max("ordre"))["dernier"] or 0) + 1,
        est_tardif=seance.etat != Etat.PROGRAMMEE,
        **champs,
    )
    _nettoyer(point)
    point.save()
    for ordre, dossier in enumerate(dossiers, start=1):
        _lier(point, dossier, ordre)
    pas.avancer(fait=f"Point ajouté : {point.titre}", details={"point": point.pk, "tardif": point.est_tardif})
    return point


class ModifierPointForm(PointForm):
    def initiales(self) -> Mapping[str, Any]:
        return {champ: getattr(self.objet, champ) for champ in CHAMPS_POINT}


@acte(
    Page[Point](
        form=ModifierPointForm,
        titre=lambda point: f"Point : {point}",
        bouton="Enregistrer",
        succes="Le point est enregistré.",
        retour=lambda point, _: point.get_absolute_url(),
        gabarit="seances/ordre_du_jour/point.html",
        contexte=contexte_du_point,
    )
)
@transaction.atomic
def modifier_point(point: Point, *, par: Compte, **champs: Any) -> None:
    pas = exiger(point, "modifier_point", par=par)
    for champ, valeur in champs.items():
        setattr(point, champ, valeur)
    _nettoyer(point)
    point.save()
    pas.avancer(fait=f"Point modifié : {point.titre}", details={"point": point.pk})


@acte(
    Page[Point](
        retour=lambda point, _: f"{point.seance.get_absolute_url()}#point-{point.pk}", en_un_clic=True
    )
)
@transaction.atomic
def ordonner(
    point: Point,
    *,
    par: Compte,
    sens: Annotated[str, forms.ChoiceField(choices=(("monter", "monter"), ("descendre", "descendre")))],
) -> None:
    """Move a point one place up (« monter ») or down (« descendre »). At the end of the list, does nothing."""
    pas = exiger(point, "ordonner", par=par)
    points = list(point.seance.points.exclude(etat=EtatPoint.RETIRE).order_by("ordre", "pk"))
    place = next(rang for rang, autre in enumerate(points) if autre.pk == point.pk)
    voisin = place + (-1 if sens == "monter" else 1)
    if not 0 <= voisin < len(points):
        return
    autre = points[voisin]
    ordre = point.ordre
    Point.objects.filter(pk=point.pk).update(ordre=autre.ordre)
    Point.objects.filter(pk=autre.pk).update(ordre=ordre)
    point.refresh_from_db()
    pas.avancer(
        fait=f"Point déplacé dans l’ordre du jour : {point.titre}", details={"point": point.pk, "sens": sens}
    )


class RetirerPointForm(ActeForm):
    """Empty before the convocation; afterwards, a reason, and whether the point goes to another séance."""

    suite = champ_choix(
        "Ce point est",
        (("reporte", "reporté à une autre séance"), ("retire", "retiré")),
        boutons=True,
        initial="reporte",
    )
    motif = champ_ligne("Pourquoi", "Les personnes convoquées lisent cette raison.", maximum=200)

    def preparer(self) -> None:
        if self.objet.seance.etat == Etat.PROGRAMMEE:
            self.fields.clear()


@acte(
    Page[Point](
        form=RetirerPointForm,
        consequence=dire_retrait,
        succes="Le point est retiré.",
        retour=aller_a_l_ordre_du_jour,
    )
)
@transaction.atomic
def retirer_point(point: Point, *, par: Compte, motif: str = "", suite: str = "") -> None:
    """Take a point off the agenda.

    Before the convocation it is deleted. After it, the point stays with its reason (ValidationError on
    `motif` if empty): postponed if `suite` is « reporte », otherwise withdrawn.
    """
    pas = exiger(point, "retirer_point", par=par)
    seance, titre, numero, est_reporte = point.seance, point.titre, point.pk, suite == EtatPoint.REPORTE
    # A demand of members on this point becomes due again.
    DemandePoint.objects.filter(point=point).update(etat=DemandePoint.Etat.DUE, point=None)
    if seance.etat == Etat.PROGRAMMEE:
        for piece in point.pieces.all():
            # Keep the document, hidden: it is proof of what was shown.
            PieceSeance.objects.filter(pk=piece.pk).update(
                point=None, retiree_le=piece.retiree_le or timezone.now()
            )
        point.delete()
        for ordre, autre in enumerate(seance.points.order_by("ordre", "pk"), start=1):
            Point.objects.filter(pk=autre.pk).update(ordre=ordre)
        fait = f"Point retiré : {titre}"
    else:
        if not motif.strip():
            raise ValidationError(
                {"motif": "Ce point a été annoncé : dites pourquoi il est retiré ou reporté."}
            )
        if point.etat != EtatPoint.A_TRAITER:
            raise ActeInterdit(f"Ce point est « {point.get_etat_display()} » : il ne se retire plus.")
        point.etat = EtatPoint.REPORTE if est_reporte else EtatPoint.RETIRE
        point.motif = motif.strip()
        point.save(update_fields=["etat", "motif"])
        fait = f"Point {'reporté' if est_reporte else 'retiré'} : {titre}"
    pas.avancer(fait=fait, motif=motif, details={"point": numero})


@transaction.atomic
def ajouter_dossier(point: Point, dossier: Dossier, *, par: Compte) -> PointDossier:
    """Put a dossier on a point. Raises ValidationError (dossier closed, reserved, or already on the point)."""
    pas = exiger(point, "ajouter_dossier", par=par)
    lien = _lier(point, dossier, (point.liens_dossiers.aggregate(m=Max("ordre"))["m"] or 0) + 1)
    pas.avancer(
        fait=f"Dossier {dossier.reference or dossier.titre} mis au point « {point.titre} »",
        details={"point": point.pk, "dossier": dossier.pk},
    )
    return lien


@acte(
    Page[PointDossier](
        succes="Le dossier n’est plus à ce point.",
        retour=lambda lien, _: f"{lien.point.get_absolute_url()}#dossiers",
        en_un_clic=True,
    )
)
@transaction.atomic
def retirer_dossier(lien: PointDossier, *, par: Compte) -> Point:
    """Take a dossier off a point. Raises ActeInterdit if the séance has decided on it."""
    pas = exiger(lien, "retirer_dossier", par=par)
    point, dossier = lien.point, lien.dossier
    lien.delete()
    pas.avancer(
        fait=f"Dossier {dossier.reference or dossier.titre} retiré du point « {point.titre} »",
        details={"point": point.pk, "dossier": dossier.pk},
    )
    return point


def _lier(point: Point, dossier: Dossier, ordre: int) -> PointDossier:
    if dossier.clos_le is not None:
        raise ValidationError({"dossier": f"Le dossier {dossier.reference or dossier.titre} est clos."})
    # Lock the dossier: another act may make it reserved at the same moment.
    reserves = Dossier.objects.select_for_update(no_key=True).values_list("est_reserve", flat=True)
    if reserves.get(pk=dossier.pk):
        raise ValidationError(
            {"dossier": f"Le dossier {dossier.reference} est réservé : aucune séance ne le montre."}
        )
    return enregistrer(PointDossier(point=point, dossier_id=dossier.pk, ordre=ordre))


def _nettoyer(point: Point) -> None:
    if point.nature != Point.Nature.APPROBATION:
        point.pv_de = None
    elif point.pv_de is not None and point.pv_de.instance_id != point.seance.instance_id:
        raise ValidationError({"pv_de": "Ce procès-verbal est celui d’une autre instance."})
    point.full_clean(exclude=["ordre"])


CHAMPS_POINT = ("nature", "titre", "note", "rapporteur", "direction", "duree", "est_confidentiel", "pv_de")


class CopierOrdreDuJourForm(ActeForm):
    source = SeanceChamp(
        label="Reprendre les points de",
        queryset=Seance.objects.none(),
        required=False,
        empty_label="L’ordre du jour type de l’instance",
        help_text="Les titres, natures, durées et rapporteurs. Ni les dossiers ni les pièces.",
    )

    def preparer(self) -> None:
        autres = Seance.objects.filter(
            instance=self.objet.instance_id, nature__in=Seance.DELIBERANTES
        ).exclude(pk=self.objet.pk)
        self.choisir("source", autres.order_by("-debut"))


MINUTES = 10  # of a point copied from a model without duration


@acte(
    Page[Seance](
        form=CopierOrdreDuJourForm,
        consequence="Les points s’ajoutent à la suite de ceux qui y sont déjà.",
        succes="L’ordre du jour est repris : complétez-le.",
        retour="#ordre-du-jour",
    )
)
@transaction.atomic
def copier_ordre_du_jour(seance: Seance, *, par: Compte, source: Seance | None = None) -> int:
    """Add the points of another séance, or those of the instance's model. Return how many.

    Dossiers, documents and notes are not copied. Raises ValidationError if there is no point to copy.
    """
    pas = exiger(seance, "copier_ordre_du_jour", par=par)
    if source is not None:
        points = [
            Point(
                nature=point.nature,
                titre=point.titre,
                rapporteur=point.rapporteur,
                direction=point.direction,
                duree=point.duree,
                est_confidentiel=point.est_confidentiel,
            )
            for point in source.points.exclude(etat=EtatPoint.RETIRE)
            .exclude(nature=Point.Nature.APPROBATION)
            .order_by("ordre", "pk")
        ]
        dou = f"la séance du {jour_texte(source.debut)}"
    else:
        titres = [ligne.strip() for ligne in seance.instance.ordre_du_jour_type.splitlines() if ligne.strip()]
        points = [Point(titre=titre[:200], duree=MINUTES) for titre in titres]
        dou = "le modèle de l’instance"
    if not points:
        raise ValidationError({"source": "Il n’y a aucun point à reprendre : choisissez une autre séance."})
    rang = seance.points.count()
    for ordre, point in enumerate(points, start=rang + 1):
        point.seance, point.ordre = seance, ordre
        point.full_clean()
    Point.objects.bulk_create(points)
    pas.avancer(fait=f"{accorder(len(points), 'point repris', 'points repris')} : {dou}"[:160])
    return len(points)
