"""The cadre of a démarche: written, attached, announced, checked, stopped; its pages and its open data."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.cadres.evaluations import resultats
from participation.cadres.models import Attente, Cadre, Condition, Evaluateur, Rattachement, ReglementCadres
from participation.cadres.trouver import cadre_du_bureau
from participation.cadres.workflow import EtatCadre, Niveau, Tenue
from participation.socle import vitrine
from participation.socle.actions import avancer, enregistrer, exiger, ouvrir
from participation.socle.actions.echeances import annuler_echeance, faire_echeance, fixer_echeance
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_jour, champ_ligne, champ_texte
from participation.socle.francais import accorder, jour_texte, majuscule
from participation.socle.http.decorateurs import ROLES_BUREAU, gardable, publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Dossier
from participation.socle.regles.changements import changements
from participation.socle.views.dossier import boutons_de, ou_se_lit, page_dossier
from participation.socle.views.pages import Page, acte
from participation.socle.workflow import Role

MONTRES = 60  # of each kind, the last first


def cadre_de(objet: Model) -> Cadre | None:
    """Return the published cadre of this object, its own before that of its kind. One query, two when there is one."""
    siens = Rattachement.objects.filter(genre=objet._meta.label_lower, cadre__est_publie=True)
    trouve = (
        siens.filter(Q(numero=objet.pk) | Q(numero=None))
        .select_related("cadre")
        .prefetch_related("cadre__attentes")
        .order_by("numero")  # NULL last
        .first()
    )
    return trouve.cadre if trouve is not None else None


def rattachables() -> Sequence[vitrine.Rattachable]:
    return list(vitrine.recueillir("rattachables"))


def a_rattacher() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield (kind, choices) of what has no cadre yet; the value of a choice is « petitions.petition:12 »."""
    pris = set(Rattachement.objects.values_list("genre", "numero"))
    for genre in rattachables():
        cle = genre.modele._meta.label_lower
        choix = [(f"{cle}:", majuscule(genre.tous))] if genre.tous and (cle, None) not in pris else []
        choix += [
            (f"{cle}:{objet.pk}", titre_de(objet))
            for objet in genre.objets()[:MONTRES]
            if (cle, objet.pk) not in pris
        ]
        if choix:
            yield majuscule(str(genre.modele._meta.verbose_name_plural)), choix


def titre_de(objet: Any) -> str:
    reference = getattr(objet, "reference", "")
    return f"{reference} · {objet.titre}" if reference else str(objet)


def publics() -> Any:
    """Return the published cadres: those under way first, by their end."""
    return Cadre.objects.filter(est_publie=True).order_by("clos_le", "date_fin", "pk")


def en_retard(cadre: Cadre) -> bool:
    return not cadre.est_fini and cadre.date_fin < timezone.localdate()


ECHEANCE = "verifier"
NIVEAUX = [(n.value, majuscule(n.label)) for n in Niveau]
TENUES = [(t.value, majuscule(t.label)) for t in Tenue]


class EcrireForm(ActeForm):
    titre = champ_ligne("Nom de la démarche", maximum=160, erreur="Nommez la démarche.")
    niveau = champ_choix(
        "Niveau",
        NIVEAUX,
        "Chaque niveau doit ses conditions, que tout le monde lit avant, et qui sont vérifiées après.",
        boutons=True,
        erreur="Dites le niveau.",
    )
    objet: Any = champ_texte("Ce qui se décide", "Public.", maximum=2000, lignes=3)
    ouvert = champ_texte(
        "Ce qui peut encore changer",
        "Demandé pour annoncer, sauf pour informer.",
        maximum=3000,
        lignes=4,
        requis=False,
    )
    ferme = champ_texte(
        "Ce qui ne changera pas", "Ce qui est déjà décidé, ou que la loi impose.", maximum=3000, lignes=4, requis=False
    )  # fmt: skip
    qui_decide = champ_ligne(
        "Qui décide, et quand", "Par exemple « le conseil, en juin ».", maximum=300, erreur="Dites qui décide."
    )  # fmt: skip
    date_debut = champ_jour("Début", "La grille d’évaluation « avant » se remplit jusqu’à ce jour, compris.")
    date_fin = champ_jour("Fin prévue", "Ce jour-là, le service dit ce qui a été tenu.")


class ModifierForm(EcrireForm):
    ACTUELS = ("titre", "niveau", "objet", "ouvert", "ferme", "qui_decide", "date_debut", "date_fin")

    raison = champ_ligne("Pourquoi ce changement", "Public, dans l’histoire de la démarche.", maximum=300)

    def preparer(self) -> None:
        if self.objet.etat == EtatCadre.BROUILLON:
            del self.fields["raison"]
        else:  # what was announced is what is checked
            del self.fields["niveau"]
            self.fields["ouvert"].required = self.objet.niveau != Niveau.INFORMER


class RattacherForm(ActeForm):
    quoi = champ_choix("Page qui montre le cadre", [], erreur="Choisissez une page.")

    def preparer(self) -> None:
        champ: Any = self.fields["quoi"]
        champ.choices = [("", "Choisissez"), *a_rattacher()]


class ConstaterForm(ActeForm):
    ACTUELS = ("tenue", "constat")

    tenue = champ_choix("Ce qui était annoncé est", TENUES, boutons=True, erreur="Dites ce qui a été tenu.")
    constat = champ_texte(
        "Ce qui le montre", "Public : un lien, un compte rendu, un nombre.", maximum=2000, lignes=4
    )


@acte(
    Page[Cadre](ouvre=True, form=EcrireForm, consequence="Il reste au service tant qu’il n’est pas annoncé.")
)
@transaction.atomic
def ecrire_cadre(cadre: Cadre, *, par: Compte, **champs: Any) -> Cadre:
    ouvrir(cadre, "ecrire_cadre", par=par, champs=champs)
    return cadre


@acte(
    Page[Cadre](
        form=ModifierForm,
        consequence=lambda c: (
            "L’histoire publique garde ce qui était écrit avant, avec la raison."
            if c.est_publie
            else "Il n’est pas encore public."
        ),
    )
)
@transaction.atomic
def modifier_cadre(cadre: Cadre, *, par: Compte, raison: str = "", **champs: Any) -> None:
    pas = exiger(cadre, "modifier_cadre", par=par)
    pas.avancer(
        champs=champs,
        motif=raison,
        details={"changes": changements(cadre, champs)},
        est_publique=cadre.est_publie,
    )
    if cadre.est_publie:
        _fixer(cadre)
        _renouveler(cadre)


@acte(
    Page[Cadre](
        form=RattacherForm,
        consequence=lambda c: (
            "La page choisie montre aussitôt ce qui peut être attendu."
            if c.est_publie
            else "La page choisie le montrera une fois le cadre annoncé."
        ),
        retour="#pages",
    )
)
@transaction.atomic
def rattacher(cadre: Cadre, *, par: Compte, quoi: str) -> Rattachement:
    """`quoi`: « petitions.petition:12 », or « petitions.petition: » for all."""
    pas = exiger(cadre, "rattacher", par=par)
    dits = {valeur: mots for _, choix in a_rattacher() for valeur, mots in choix}
    if quoi not in dits:
        raise ValidationError({"quoi": "Cette page a déjà son cadre."})
    genre, numero = quoi.split(":")
    rattachement = enregistrer(
        Rattachement(cadre=cadre, genre=genre, numero=int(numero) if numero else None, titre=dits[quoi][:200])
    )
    pas.avancer(fait=f"Page rattachée : {rattachement}")
    if cadre.est_publie:
        _renouveler(cadre)
    return rattachement


@acte(Page[Rattachement](consequence="Cette page ne montre plus le cadre.", retour="#pages"))
@transaction.atomic
def detacher(rattachement: Rattachement, *, par: Compte) -> None:
    """Raises ValidationError for the last page of what is announced."""
    pas = exiger(rattachement, "detacher", par=par)
    cadre, titre = rattachement.cadre, rattachement.titre
    if cadre.est_publie and cadre.rattachements.count() == 1:
        raise ValidationError("C’est la seule page qui le montre : rattachez-en d’abord une autre.")
    _renouveler(cadre)
    Rattachement.objects.filter(pk=rattachement.pk).delete()
    pas.avancer(fait=f"Page détachée : {titre}")


def dire_l_annonce(cadre: Cadre) -> str:
    combien = Condition.objects.du(cadre.niveau, timezone.localdate()).count()
    return (
        f"Ses pages montrent le niveau et {accorder(combien, 'attente')}, telles qu’elles sont écrites aujourd’hui. Le "
        f"{jour_texte(cadre.date_fin)}, vous direz ce qui a été tenu."
    )


@acte(Page[Cadre](consequence=dire_l_annonce))
@transaction.atomic
def annoncer_cadre(cadre: Cadre, *, par: Compte) -> None:
    """Copy the conditions of the level in force today: a later change is not owed."""
    avancer(cadre, "annoncer_cadre", par=par, champs={"est_publie": True})
    Attente.objects.bulk_create(
        Attente(cadre=cadre, condition=condition, ordre=rang, texte=condition.attente)
        for rang, condition in enumerate(Condition.objects.du(cadre.niveau, timezone.localdate()), 1)
    )
    _fixer(cadre)
    _renouveler(cadre)


def _fixer(cadre: Cadre) -> None:
    reglement = ReglementCadres.actuel()
    fixer_echeance(
        cadre,
        ECHEANCE,
        libelle="Dire ce qui a été tenu de la démarche",
        date_limite=cadre.date_fin,
        rappels=reglement.rappels,
        relances=reglement.relances,
        responsable=cadre.agent,
    )


def _renouveler(cadre: Cadre) -> None:
    """Say that the pages that show the cadre changed: caches make them again."""
    for genre, numero in cadre.rattachements.order_by("pk").values_list("genre", "numero"):
        modele: Any = apps.get_model(genre)
        if issubclass(modele, Dossier):
            siens = modele.objects.filter(est_publie=True)
            siens = siens if numero is None else siens.filter(pk=numero)
            Dossier.objects.filter(pk__in=siens.order_by().values("pk")).update(modifie_le=timezone.now())


@acte(
    Page[Attente](
        form=ConstaterForm,
        titre=lambda a: a.texte,
        bouton="Enregistrer",
        consequence=lambda a: f"{a.condition.constat} Public quand vous direz ce qui a été tenu.",
        retour="#attentes",
    )
)
def constater_attente(attente: Attente, *, par: Compte, tenue: str, constat: str) -> None:
    avancer(
        attente,
        "constater_attente",
        par=par,
        fait=f"{majuscule(Tenue(tenue).label)} : {attente.texte.rstrip('.')}",
        champs={"tenue": tenue, "constat": constat},
    )


@acte(
    Page[Cadre](
        consequence="Public, sur la page de la démarche et sur celles qui la montrent : ce qui a été tenu, et ce qui ne l’a pas été."
    )
)
def verifier_cadre(
    cadre: Cadre,
    *,
    par: Compte,
    bilan: Annotated[
        str, champ_texte("Ce que la démarche a changé", "Ce qui a été décidé, et ce qui vient de qui a participé.", maximum=6000, lignes=6)
    ],
) -> None:  # fmt: skip
    _finir(cadre, "verifier_cadre", par=par, bilan=bilan)


@acte(Page[Cadre](consequence="Elle reste publique si elle était annoncée, avec la raison."))
def arreter_cadre(
    cadre: Cadre, *, par: Compte, bilan: Annotated[str, champ_texte("Pourquoi elle s’arrête", maximum=6000)]
) -> None:
    _finir(cadre, "arreter_cadre", par=par, bilan=bilan)


@transaction.atomic
def _finir(cadre: Cadre, nom: str, *, par: Compte, bilan: str) -> None:
    avancer(
        cadre,
        nom,
        par=par,
        motif=bilan,
        est_publique=cadre.est_publie,
        champs={"bilan": bilan, "clos_le": timezone.now()},
    )
    (faire_echeance if nom == "verifier_cadre" else annuler_echeance)(cadre, ECHEANCE)
    _renouveler(cadre)


@publique
@require_safe
@gardable(300)
def demarches(request: HttpRequest) -> HttpResponse:
    return render(request, "cadres/demarches.html", {"cadres": publics().prefetch_related("attentes")})


@publique
@require_safe
@gardable(300)
def demarche(request: HttpRequest, reference: str) -> HttpResponse:
    """The level, what may be expected, what was kept, the pages where it happens, every change."""
    cadre: Cadre = get_object_or_404(publics(), reference=reference)
    return render(
        request,
        "cadres/demarche.html",
        {
            "cadre": cadre,
            "dossier": cadre,
            "est_en_retard": en_retard(cadre),
            "resultats": resultats(cadre) if cadre.est_fini else [],
            "pages": [(page, page.url) for page in cadre.rattachements.all()],
            "histoire": cadre.journal.filter(est_publique=True).order_by("-le", "-pk"),
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def cadres(request: RequeteConnectee) -> HttpResponse:
    tous: Any = Cadre.objects.visibles_par(request.user).order_by("clos_le", "date_fin", "pk")
    return render(request, "cadres/cadres.html", {"cadres": [(cadre, en_retard(cadre)) for cadre in tous]})


@reserve_a(*ROLES_BUREAU)
@require_safe
def cadre(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = cadre_du_bureau(request, pk)
    if not request.user.est_agent:
        return ou_se_lit(trouve)
    pages = trouve.rattachements.select_related("cadre")
    attentes = trouve.attentes.select_related("cadre", "condition")
    return page_dossier(
        request,
        trouve,
        "cadres/cadre.html",
        {
            "pages": [(page, page.url, boutons_de(page, request.user)) for page in pages],
            "evaluateurs": [
                (e, boutons_de(e, request.user))
                for e in Evaluateur.objects.filter(cadre=trouve).select_related("cadre")
            ],
            "resultats": resultats(trouve),
            "attentes": [(attente, boutons_de(attente, request.user)) for attente in attentes],
        },
    )
