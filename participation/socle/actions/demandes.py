"""Demandes: ask somebody by a letter with a signed link, record the answer once, remind, cancel."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from participation.socle.actions.avancer import consigner, enregistrer
from participation.socle.actions.echeances import (
    annuler_echeance,
    faire_echeance,
    fixer_echeance,
    reprendre_horloge,
    suspendre_horloge,
)
from participation.socle.actions.pieces import joindre
from participation.socle.bd.verrous import verrou
from participation.socle.calendrier import debut_du_jour
from participation.socle.courriels import lettres as lettres_courriels
from participation.socle.courriels.retenue import due_le
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import a_qui, de, majuscule
from participation.socle.models import Commune, Compte, Demande, Direction, Dossier


@transaction.atomic
def demander(
    dossier: Dossier,
    *,
    par: Compte,
    nature: str,
    a: Direction | Commune | Compte,
    objet: str,
    texte: str,
    date_limite: date,
    suspend_le_delai: bool = False,
    proposition: str = "",
    avertir: Callable[[Demande], None] | None = None,
) -> Demande:
    """Open a demande: journal, échéance, letter with a signed link; stop the legal clock if asked.

    `avertir` is called in place of the common letter: for an answer given on a page of its own, or to write
    afterwards one letter for several demandes (`annoncer_demandes`).
    Raises ValidationError for a past `date_limite`, and ErreurMetier when `a` has no address.
    """
    if date_limite < timezone.localdate():
        raise ValidationError({"date_limite": "La date de réponse est déjà passée."})
    demande = Demande(
        dossier_id=dossier.pk,
        par=par,
        nature=nature,
        objet=objet,
        texte=texte,
        proposition=proposition,
        date_limite=date_limite,
        suspend_le_delai=suspend_le_delai,
        direction=a if isinstance(a, Direction) else None,
        commune=a if isinstance(a, Commune) else None,
        compte=a if isinstance(a, Compte) else None,
    )
    if not demande.adresses():
        raise _sans_adresse(a)
    enregistrer(demande)
    _fixer(dossier, demande)
    if suspend_le_delai:
        suspendre_horloge(dossier, motif=str(demande)[:160], demande=demande)
    consigner(
        dossier,
        f"demander_{nature}",
        par=par,
        fait=f"{majuscule(demande.get_nature_display())} adressée {a_qui(demande.destinataire_en_phrase)}"[
            :160
        ],
        motif=texte,
        details={"demande": demande.pk},
        nomme=[demande.compte] if demande.compte else [],
    )
    if avertir is not None:
        avertir(demande)
    else:
        annoncer_demandes([demande])
    return demande


LISTE_DU_MATIN = (
    "Qui a déjà reçu une demande d’avis aujourd’hui lit les suivantes demain matin, en une seule lettre."
)


def annoncer_demandes(demandes: Iterable[Demande]) -> None:
    """Write one letter to each addressee of demandes asked together, whatever their number.

    Opinions asked of who already had such a letter today are told the next morning, in one list, unless it
    would be too late.
    """
    # In one order: two agents who ask the same towns wait for each other, and never both.
    for siennes in sorted(_par_destinataire(demandes), key=lambda s: str(s[0].a_qui)):
        if _attendent_la_liste(siennes):
            Demande.objects.filter(pk__in=[d.pk for d in siennes]).update(attend_la_liste=True)
        else:
            _ecrire(siennes)


@transaction.atomic
def annoncer_la_liste() -> int:
    """Write to each addressee the list of the opinions asked since its last letter. Return the number of letters."""
    gardees = Demande.objects.filter(attend_la_liste=True).order_by("pk")
    ouvertes = gardees.filter(repondue_le=None, annulee_le=None, dossier__clos_le=None)
    groupes = _par_destinataire(ouvertes.select_related("dossier").select_for_update(of=("self",)))
    Demande.objects.filter(attend_la_liste=True).update(attend_la_liste=False)
    for siennes in groupes:
        with due_le(max(demande.ouverte_le for demande in siennes)):
            _ecrire(siennes)
    return len(groupes)


def _ecrire(siennes: list[Demande]) -> None:
    if len(siennes) > 1:
        lettres_courriels.demander_ensemble(siennes)
    else:
        lettres_courriels.demander(siennes[0], jeton=siennes[0].jeton())


def _par_destinataire(demandes: Iterable[Demande]) -> list[list[Demande]]:
    """Gather by addressee. What is reserved stays alone: a letter of several dossiers is read by every agent."""
    groupes = defaultdict(list)
    for demande in demandes:
        seule = demande.pk if demande.dossier.est_reserve else 0
        groupes[*demande.a_qui.values(), seule].append(demande)
    return list(groupes.values())


def _attendent_la_liste(siennes: list[Demande]) -> bool:
    demain = timezone.localdate() + timedelta(days=1)
    if any(
        d.nature != Demande.Nature.AVIS or d.dossier.est_reserve or d.date_limite <= demain for d in siennes
    ):
        return False
    verrou(
        f"liste:{siennes[0].a_qui}"
    )  # two agents who ask at once: the second reads the letter of the first
    ecrites = Demande.objects.filter(
        nature=Demande.Nature.AVIS, ouverte_le__gte=debut_du_jour(), attend_la_liste=False, **siennes[0].a_qui
    )
    return ecrites.exclude(pk__in=[demande.pk for demande in siennes]).exists()


def _fixer(dossier: Dossier, demande: Demande) -> None:
    fixer_echeance(
        dossier,
        f"demande-{demande.pk}",
        libelle=f"Répondre : {demande.objet}"[:160],
        date_limite=demande.date_limite,
        rappels=[7, 2],
        escalade=7,
        responsable=demande.compte,
        direction=demande.direction,
        demande=demande,
    )


@transaction.atomic
def repondre_demande(
    demande: Demande,
    *,
    reponse: str,
    par: Compte | None = None,
    nom: str = "",
    hors_ressort: bool = False,
    oriente_vers: str = "",
    fichier: UploadedFile | None = None,
    sens: str = "",
) -> None:
    """Record the answer, once: a second answer raises ActeInterdit, as does a closed dossier.

    Without an account, `nom` says who answers. `hors_ressort`: the matter is not theirs but that of
    `oriente_vers`. `fichier` is joined to the dossier, for readers in the back office only. `sens`: added to
    the line of the journal, « avis défavorable ». Raises ValidationError.
    """
    _verrouiller_ouverte(demande)
    if demande.dossier.clos_le is not None:
        raise ActeInterdit("Ce dossier est clos : la réponse n’est plus attendue.")
    demande.reponse, demande.repondue_le, demande.repondue_par = reponse, timezone.now(), nom or str(par)
    demande.est_hors_ressort, demande.oriente_vers = hors_ressort, oriente_vers if hors_ressort else ""
    if hors_ressort and not reponse:
        demande.reponse = f"Ce n’est pas de notre ressort. À demander à : {oriente_vers}."
    if fichier is not None:
        demande.piece = joindre(
            demande.dossier, fichier=fichier, titre=f"Réponse : {demande.objet}"[:160], par=par
        )
    enregistrer(demande)
    _clore(demande)
    faire_echeance(demande.dossier, f"demande-{demande.pk}")
    consigner(
        demande,
        "repondre_demande",
        par=par,
        fait=(
            f"Pas du ressort {de(demande.destinataire_en_phrase)}, à demander à : {oriente_vers}"
            if hors_ressort
            else f"Réponse {de(demande.destinataire_en_phrase)}{f', {sens}' if sens else ''} ({demande.objet})"
        )[:160],
        motif=demande.reponse,
        details={"demande": demande.pk},
        nomme=[demande.compte] if demande.compte else [],
    )
    lettres_courriels.repondre_demande(demande, sens=sens)


@transaction.atomic
def annuler_demande(demande: Demande, *, par: Compte | None, motif: str) -> None:
    _verrouiller_ouverte(demande)
    demande.annulee_le = timezone.now()
    demande.save(update_fields=["annulee_le"])
    _clore(demande)
    annuler_echeance(demande.dossier, f"demande-{demande.pk}")
    consigner(
        demande.dossier,
        "annuler_demande",
        par=par,
        fait=f"Demande {a_qui(demande.destinataire_en_phrase)} annulée"[:160],
        motif=motif,
        details={"demande": demande.pk},
        nomme=[demande.compte] if demande.compte else [],
    )
    if not demande.attend_la_liste:  # nothing was told yet
        lettres_courriels.annuler_demande(demande, motif=motif)


@transaction.atomic
def lever_demandes(dossier: Dossier, *, par: Compte | None, motif: str) -> None:
    """Cancel the demandes without an answer: the people asked are told, and get no more reminders."""
    for demande in dossier.demandes.filter(repondue_le=None, annulee_le=None):
        annuler_demande(demande, par=par, motif=motif)


@transaction.atomic
def relancer_demande(demande: Demande, *, par: Compte, mot: str = "") -> None:
    """Write again to the person asked, with the same link and a word of the agent.

    Raises ErreurMetier when a reminder already left today, or when there is no address.
    """
    _verrouiller_ouverte(demande)
    if demande.attend_la_liste:
        raise ErreurMetier("Sa lettre n’est pas encore partie : elle part avec la prochaine liste du matin.")
    if not demande.adresses():
        raise _sans_adresse(demande.destinataire)
    if not lettres_courriels.relancer_demande(demande, jeton=demande.jeton(), mot=mot):
        raise ErreurMetier("Une relance est déjà partie aujourd’hui pour cette demande.")
    consigner(
        demande.dossier,
        "relancer_demande",
        par=par,
        fait=f"{demande.destinataire} a été relancé ({demande.objet})"[:160],
        motif=mot,
        details={"demande": demande.pk},
        nomme=[demande.compte] if demande.compte else [],
    )


def _verrouiller_ouverte(demande: Demande) -> None:
    # The dossier is locked first, as in every act: an answer and a closure at the same time do not deadlock.
    Dossier.objects.select_for_update(no_key=True).get(pk=demande.dossier_id)
    demande.refresh_from_db(from_queryset=Demande.objects.select_for_update())
    if not demande.est_ouverte:
        raise ActeInterdit("Cette demande a déjà reçu sa réponse, ou elle est annulée.")


def _clore(demande: Demande) -> None:
    suspension = getattr(demande, "suspension", None)
    if suspension is not None:
        reprendre_horloge(suspension)


def _sans_adresse(a: Direction | Commune | Compte) -> ErreurMetier:
    if isinstance(a, Compte):
        return ErreurMetier(f"{a} n’a pas d’adresse électronique.")
    return ErreurMetier(a.sans_adresse(" avant d’écrire"))
