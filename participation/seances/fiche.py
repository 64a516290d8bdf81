"""The list of séances, and the page of one: what comes next, who was chosen or invited beside the rule."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import django_filters
from django import forms
from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from participation.seances.convocation import lettres as lettres_convocation
from participation.seances.convocation.lectures import compter, conflits, convies_de, lignes_envois
from participation.seances.convocation.vues import est_du_jour
from participation.seances.ecrans.vues.animer import ecran_animateur
from participation.seances.models import (
    Convie,
    DemandePoint,
    Inscription,
    Instance,
    Invite,
    Membre,
    Point,
    Seance,
)
from participation.seances.ordre_du_jour.demandes import requis_pour
from participation.seances.ordre_du_jour.lectures import deja_decides, lignes_points
from participation.seances.ordre_du_jour.pieces import pieces_de
from participation.seances.proces_verbaux.lectures import a_faire
from participation.seances.trouver import trouver_seance
from participation.seances.workflow import A_VENIR, Etat, EtatPoint, EtatPV
from participation.socle.actions import enregistrer, exiger
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_courriel, champ_ligne, champ_parmi
from participation.socle.forms.filters import ParmiFilter
from participation.socle.francais import accorder, au_plus_tard, heure, jour_texte
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Combien, Compte
from participation.socle.views.colonnes import Cellule, Colonne
from participation.socle.views.dossier import (
    Boutons,
    avec_actes,
    boutons_de,
    ligne_courrier,
    pages_du_journal,
)
from participation.socle.views.listes import Liste, page_liste
from participation.socle.views.pages import Page, acte
from participation.socle.vitrine import recueillir
from participation.socle.workflow import Role


def demandes_a_inscrire(seance: Seance) -> list[DemandePoint]:
    """Return what members asked for and no agenda has yet, while this one can still take it. Each has `nombre`: of those who support it."""
    if not seance.est_deliberante or seance.etat not in A_VENIR:
        return []
    demandes = DemandePoint.objects.filter(
        instance=seance.instance_id, etat__in=[DemandePoint.Etat.OUVERTE, DemandePoint.Etat.DUE]
    )
    return list(
        demandes.select_related("auteur__compte", "instance", "mandature")
        .annotate(nombre=Count("soutiens"))
        .order_by("-etat", "-creee_le")
    )


SUITES_DU_PV: dict[str, tuple[str, str]] = {
    EtatPV.BROUILLON: (
        "le procès-verbal s’écrit, puis il est approuvé à la séance suivante.",
        "[relisez le procès-verbal]({pv}), puis soumettez-le aux membres.",
    ),
    EtatPV.SOUMIS: (
        "les membres lisent le procès-verbal ; il est approuvé à la séance suivante.",
        "inscrivez son approbation à l’ordre du jour de la prochaine séance.",
    ),
    EtatPV.APPROUVE: ("le procès-verbal est approuvé, tout est écrit.", ""),
}


def phrases(seance: Seance, compte: Compte | None) -> tuple[str, str]:
    """Return two sentences: what happens next, and what the reader has to do."""
    mots = {
        "limite": au_plus_tard(seance.date_limite),
        "debut": f"{jour_texte(seance.debut, 'long')} à {heure(seance.debut)}",
        "pv": reverse("seances:proces_verbal", args=[seance.pk]),
    }
    apparence = seance.apparence
    roles = seance.roles_de(compte)
    pour = next((phrase for role, phrase in apparence.pour.items() if role in roles), "")
    suite = apparence.ensuite.format(**mots)
    seconde = getattr(seance, "seconde", None)
    if seance.etat == Etat.REPORTEE and (seconde is not None or not seance.points_a_reprendre()):
        suite = (
            f"la seconde convocation est partie, pour le {jour_texte(seconde.debut)}."
            if seconde is not None
            else "tous ses points ont été traités avant que le quorum manque : il n’y a pas de seconde convocation."
        )
        pour = "[écrivez le procès-verbal]({pv}) de cette séance." if pour and seance.pv is None else ""
    elif seance.etat == Etat.LEVEE and seance.pv is not None:
        # After the end, the next step is that of the procès-verbal.
        suite, pour_agent = SUITES_DU_PV[seance.pv.etat]
        pour = a_faire(seance.pv, pour_agent) if pour else ""
    if (
        seance.etat == Etat.PROGRAMMEE
        and seance.est_deliberante
        and seance.date_limite < timezone.localdate()
    ):
        suite = "les membres sont convoqués hors délai, ou la séance change de jour."
        agent = "[convoquez](convoquer) en disant pourquoi, ou [modifiez la date](modifier)."
        if seance.debut <= timezone.now():
            suite = "personne n’a été convoqué et l’heure est passée : la séance change de jour, ou elle est annulée."
            agent = "[modifiez la date](modifier), ou [annulez la séance](annuler)."
        pour = agent if pour else ""
    return suite, pour.format(**mots)


class ParticipantsForm(ActeForm):
    membres = forms.ModelMultipleChoiceField(
        label="Qui prend part à cette séance ?",
        queryset=Membre.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Personne de coché : tous les membres titulaires sont convoqués. Le quorum se compte sur les personnes choisies.",
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"membres": list(self.objet.participants.all())}

    def preparer(self) -> None:
        self.choisir(
            "membres",
            Membre.objects.filter(college__mandature=self.objet.mandature_id)
            .titulaires()
            .en_fonction(self.objet.jour.date())
            .select_related("compte", "college")
            .order_by("college__ordre", "compte__nom", "compte__prenom"),
        )


class InviterForm(ActeForm):
    nom = champ_ligne("Prénom et nom", maximum=160, erreur="Dites qui est invité.")
    qualite = champ_ligne(
        "Qualité", "Direction, expert, délégataire… Lue au procès-verbal.", maximum=160, requis=False
    )
    courriel = champ_courriel(
        "Adresse électronique", "Pour recevoir l’invitation et le rendez-vous.", requis=False
    )
    adresse_postale = champ_ligne(
        "Adresse postale",
        "Pour qui n’a pas d’adresse électronique : l’invitation va dans « Courriers à poster ». Sans aucune adresse, vous prévenez la personne vous-même.",
        maximum=240,
        requis=False,
    )
    point = champ_parmi("Entendue au point", Point.objects.none(), requis=False, vide="Toute la séance")

    def preparer(self) -> None:
        self.choisir("point", self.objet.points.exclude(etat="retire").order_by("ordre"))


class NoterInviteForm(ActeForm):
    est_venu = forms.TypedChoiceField(
        choices=(("oui", "présence"), ("non", "absence")), coerce=lambda valeur: valeur == "oui"
    )


@acte(
    Page[Seance](
        form=ParticipantsForm,
        consequence="Seules ces personnes seront convoquées. Tant que personne ne l’est, le choix peut changer.",
        succes="Les participants sont choisis.",
    )
)
@transaction.atomic
def choisir_participants(seance: Seance, *, par: Compte, membres: Iterable[Membre]) -> None:
    """Convene only these titulaires; if none is chosen, convene all. Refused for a plenary (`manques`)."""
    pas = exiger(seance, "choisir_participants", par=par)
    choisis = list(membres)
    seance.participants.set(choisis)
    dit = (
        accorder(len(choisis), "participant choisi", "participants choisis")
        if choisis
        else "Tous les membres"
    )
    pas.avancer(fait=dit)


@acte(
    Page[Seance](
        form=InviterForm,
        consequence="La personne reçoit l’invitation avec les membres, ou aussitôt s’ils sont déjà convoqués. Elle est entendue, sans voix.",
        succes="La personne est invitée.",
        retour="#invites",
    )
)
@transaction.atomic
def inviter(
    seance: Seance,
    *,
    par: Compte,
    nom: str,
    qualite: str = "",
    courriel: str = "",
    adresse_postale: str = "",
    point: Point | None = None,
) -> Invite:
    """Invite a person without a seat. The letter leaves with the convocation, or at once after it."""
    pas = exiger(seance, "inviter", par=par)
    invite = enregistrer(
        Invite(
            seance=seance,
            nom=nom.strip(),
            qualite=qualite.strip(),
            courriel=courriel,
            adresse_postale=adresse_postale,
            point=point,
        )
    )
    pas.avancer(fait=f"{invite.en_journal} : invitation"[:160], details={"invite": invite.pk})
    derniere = seance.convocations.exclude(envoyee_le=None).first()
    if derniere is not None:
        lettres_convocation.inviter(derniere, invite)
    return invite


@acte(
    Page[Invite](
        consequence="Si l’invitation est partie, la personne est prévenue de la même façon ; par courriel, son agenda efface le rendez-vous. Une lettre pas encore postée est retirée des courriers à poster.",
        succes="La personne n’est plus invitée.",
        retour="#invites",
    )
)
@transaction.atomic
def desinviter(invite: Invite, *, par: Compte) -> None:
    """Withdraw an invitation. If it was sent or posted, the person gets a letter and, by mail, a cancelled calendar event."""
    pas = exiger(invite, "desinviter", par=par)
    pas.avancer(champs={"retire_le": timezone.now()}, fait=f"{invite.en_journal} : invitation retirée"[:160])
    lettres_convocation.desinviter(invite)


@acte(
    Page(
        form=NoterInviteForm,
        retour="#invites",
        en_un_clic=True,
        # The same button is on the facilitator's screen, in the list of arrivals.
        ecran=lambda request, invite: ecran_animateur(request, invite.seance_id, partiel=True),
    )
)
@transaction.atomic
def noter_invite(invite: Invite, *, par: Compte, est_venu: bool) -> None:
    """Note whether an invited person came, for the procès-verbal. The same answer again writes nothing."""
    pas = exiger(invite, "noter_invite", par=par)
    invite.refresh_from_db(fields=["est_venu"])
    if bool(invite.est_venu) == est_venu:
        return
    pas.avancer(
        champs={"est_venu": est_venu},
        fait=f"{invite.en_journal} : {'présence' if est_venu else 'absence'}"[:160],
    )


class SeanceFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(
        label="Titre, lieu ou point", method="chercher", widget=forms.TextInput(attrs={"type": "search"})
    )
    instance = ParmiFilter(
        label="Instance", queryset=Instance.objects.all(), to_field_name="cle", empty_label="Toutes"
    )
    etat = django_filters.ChoiceFilter(label="État", choices=Etat.choices, empty_label="Tous")
    nature = django_filters.ChoiceFilter(label="Nature", choices=Seance.Nature.choices, empty_label="Toutes")
    annee = django_filters.ChoiceFilter(
        label="Année", choices=lambda: annees(), empty_label="Toutes", method="par_annee"
    )

    class Meta:
        model = Seance
        fields: list[str] = []

    def chercher(self, seances: QuerySet[Seance], nom: str, mots: str) -> QuerySet[Seance]:
        return seances.filter(
            Q(titre__icontains=mots)
            | Q(lieu__icontains=mots)
            | Q(pk__in=Seance.objects.filter(points__titre__icontains=mots).values("pk"))
        )

    def par_annee(self, seances: QuerySet[Seance], nom: str, annee: str) -> QuerySet[Seance]:
        return seances.filter(debut__year=int(annee))


def annees() -> list[tuple[str, str]]:
    """Return the years that have a séance, the latest first."""
    trouvees = Seance.objects.annotate(an=ExtractYear("debut")).order_by("-an").values_list("an", flat=True)
    return [(str(an), str(an)) for an in dict.fromkeys(trouvees.distinct())]


LIGNES_JOURNAL = 50


# Acts at the top of the page: the one that is due, then the others in the order of the table.
DUS = ("convoquer", "informer", "seconde_convocation")


EN_TETE = frozenset({*DUS, "relancer_reponses", "deplacer", "modifier", "annuler"})


COLONNES = [
    Colonne(
        "titre",
        "Séance",
        lambda s: Cellule(s.titre, sous=f"{s.instance.sigle}, {s.get_nature_display()}"),
        export=lambda s: s.titre,
        tri="titre",
    ),
    Colonne("instance", "Instance", lambda s: s.instance.nom, tri="instance__nom", a_l_ecran=False),
    Colonne(
        "debut",
        "Date",
        lambda s: Cellule(s.debut, sous=f"{heure(s.debut)}, {s.get_tenue_display()}"),
        export=lambda s: s.debut,
        tri="debut",
    ),
    Colonne(
        "etat",
        "État",
        lambda s: Cellule(
            capfirst(s.get_etat_display()), couleur=s.apparence.couleur, icone=s.apparence.icone
        ),
        export=lambda s: s.get_etat_display(),
        tri="etat",
    ),
    Colonne("points", "Points", lambda s: s.nombre_points, nombre=True, tri="nombre_points"),
    Colonne(
        "reponses",
        "Réponses",
        lambda s: (
            f"{s.nombre_reponses} sur {s.nombre_convies}" if s.est_deliberante and s.nombre_convies else None
        ),
        nombre=True,
    ),
]


@reserve_a(Role.AGENT)
@require_safe
def seances(request: RequeteConnectee) -> HttpResponseBase:
    """List all séances, the latest date first."""
    convies = Convie.objects.filter(seance=OuterRef("pk"), retire_le=None)
    return page_liste(
        request,
        Liste(
            cle="seances:seances",
            titre="Séances",
            objets=Seance.objects.avec_instance().annotate(
                nombre_points=Combien(
                    Point.objects.filter(seance=OuterRef("pk")).exclude(etat=EtatPoint.RETIRE)
                ),
                nombre_convies=Combien(convies),
                nombre_reponses=Combien(convies.exclude(reponse="")),
            ),
            filtres=SeanceFilter,
            colonnes=COLONNES,
            tri="-debut",
            singulier="séance",
            pluriel="séances",
            vide="Les séances de toutes les instances s’affichent ici, avec leurs réponses. Programmez la première.",
        ),
        "seances/seances.html",
    )


@reserve_a(Role.AGENT)
@require_safe
def seance(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = trouver_seance(request, pk)
    convies = convies_de(trouvee)
    demandes = demandes_a_inscrire(trouvee)
    ensuite, pour_vous = phrases(trouvee, request.user)
    pieces = pieces_de(trouvee)
    return render(
        request,
        "seances/seance.html",
        {
            "seance": trouvee,
            "app": trouvee.instance.app,
            "ensuite": ensuite,
            "page_publique": trouvee.get_public_url() if trouvee.a_une_page_publique else "",
            "pour_vous": avec_actes(trouvee, request.user, pour_vous),
            "boutons": boutons(trouvee, request.user),
            "points": lignes_points(trouvee, pieces),
            "deja_decides": deja_decides(trouvee),
            "pieces": [piece for piece in pieces if piece.point_id is None],
            "envois": lignes_envois(trouvee),
            "convies": convies,
            "comptes": compter(convies),
            "pouvoirs": [convie for convie in convies if convie.pouvoir_a_id],
            "inscriptions": {
                "inscrits": trouvee.inscriptions.filter(etat=Inscription.Etat.INSCRIT).count(),
                "attente": trouvee.inscriptions.filter(etat=Inscription.Etat.ATTENTE).count(),
            }
            if not trouvee.est_deliberante
            else {},
            "oubliees": trouvee.membres_oublies(),
            "a_change": trouvee.ordre_du_jour_a_change,
            "avertissement": trouvee.avertissement() if trouvee.etat == Etat.PROGRAMMEE else "",
            "demandes": demandes,
            "requis": requis_pour(demandes[0]) if demandes else 0,
            "invites": trouvee.invites.filter(retire_le=None).select_related("point"),
            "peut_inviter": trouvee.permet("inviter", request.user),
            "peut_noter": trouvee.etat not in A_VENIR,
            "est_du_jour": est_du_jour(trouvee),
            "participants": trouvee.participants.count() if trouvee.se_choisit else 0,
            "conflits": [*conflits(trouvee), *recueillir("jours_pris", trouvee.jour.date())]
            if trouvee.etat in A_VENIR
            else [],
            "peut_joindre": trouvee.permet("joindre_piece", request.user),
            "peut_changer": trouvee.permet("ajouter_point", request.user),
            "seconde": getattr(trouvee, "seconde", None),
            "journal": pages_du_journal(request, trouvee, LIGNES_JOURNAL),
            "courriers": [
                ligne_courrier(c) for c in trouvee.courriers.avec_dossiers().order_by("-ecrit_le", "-pk")
            ],
        },
    )


def boutons(seance: Seance, compte: Compte) -> Boutons:
    """Return the act that is due, the other acts, and the dangerous ones. Those of the agenda are beside it."""
    offerts = {bouton.acte: bouton for bouton in boutons_de(seance, compte) if bouton.acte in EN_TETE}
    if seance.etat == Etat.PROGRAMMEE:
        offerts.pop("deplacer", None)  # nobody was told of the day: `modifier` is enough
    if not seance.est_deliberante:
        offerts.pop("relancer_reponses", None)
        if "convoquer" in offerts:
            offerts["convoquer"] = replace(offerts["convoquer"], libelle="Inviter les membres")
    principal = next((offerts.pop(acte) for acte in DUS if acte in offerts), None)
    autres = [bouton for bouton in offerts.values() if bouton.est_dangereux]
    return Boutons(principal, [b for b in offerts.values() if b not in autres], autres)
