"""What the pétitions show on shared pages: home page, menus, search, personal data."""

from collections import Counter
from datetime import date
from functools import partial

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from participation.socle import langues
from participation.socle.calendrier import debut_du_jour, jours_entre
from participation.socle.fichiers.jeux import JeuDeDonnees
from participation.socle.francais import INSECABLE, accorder, jour_texte, majuscule, nombre, pluriel
from participation.socle.journee import SectionJournee
from participation.socle.lectures.chiffres import des_douze_mois
from participation.socle.lectures.communes import VoixDesCommunes
from participation.socle.lectures.conservation import Delai, DemarcheEntiere, Elimination, Lot, Traitement
from participation.socle.lectures.langues import avec_titres_lus
from participation.socle.models import Compte, Echeance, ReglagePorte
from participation.socle.models.echeances import EcheanceQuerySet
from participation.socle.regles.adresses import canoniser
from participation.socle.regles.petits_nombres import plus_petit_montrable
from participation.socle.vitrine import (
    OUVERTS_MONTRES,
    Chiffre,
    ChiffresCles,
    Demarche,
    Echange,
    EntreeBureau,
    EntreePublique,
    Etape,
    GenreDePapier,
    Ouvert,
    PageDuPlan,
    Porte,
    Rattachable,
    Reglage,
    Resultat,
    Rubrique,
    SectionAccueil,
    Suivie,
    jours_restants,
)
from participation.socle.workflow import Role
from petitions import journee, oubli
from petitions.collecte import papier
from petitions.conseil.actes import ne_plus_recevoir
from petitions.models import DecompteCommune, MotifIrrecevabilite, Petition, ReglementPetition, Signature
from petitions.models.petition import siege_au_comite
from petitions.nouvelles import ne_plus_recevoir_auteur
from petitions.pseudonymisation import petitions_a_pseudonymiser, poursuivre_pseudonymisation, pseudonymiser
from petitions.public import donnees_ouvertes
from petitions.public.vues import ONGLETS
from petitions.seuils.lectures import Ligne, avec_comptes
from petitions.seuils.lectures import chiffres_du_quartier as _chiffres_du_quartier
from petitions.signatures import recherche
from petitions.workflow import TERMINAUX, Etat

REPONSES_MONTREES = 3


def section_accueil() -> SectionAccueil:
    """Pétitions to sign, answered ones, and figures of the last twelve months."""
    signables = avec_titres_lus(avec_comptes(Petition.objects.signables())).order_by(
        "date_fin_collecte", "pk"
    )
    combien = signables.count()
    repondues = Petition.objects.publiees().filter(repondue_le__isnull=False).prefetch_related("suites")
    url = reverse("petitions:liste")
    ouvertes = ngettext(
        "%(nombre)s pétition ouverte. Une minute, sans compte.",
        "%(nombre)s pétitions ouvertes. Une minute, sans compte.",
        combien,
    ) % {"nombre": langues.nombre(combien)}
    return SectionAccueil(
        app="petitions",
        porte=Porte(
            gettext("Signer une pétition"),
            url,
            ouvertes if combien else gettext("Lire les pétitions, en déposer une."),
            "signer",
        ),
        portes=[
            Porte(
                gettext("Déposer une pétition"),
                reverse("petitions:commencer"),
                gettext("Les règles en une page, l’aide pour écrire, un brouillon gardé."),
                "document",
            )
        ],
        ouverts=[_ouvert(petition) for petition in signables[:OUVERTS_MONTRES]],
        reponses=[_echange(p) for p in avec_comptes(repondues).order_by("-repondue_le")[:REPONSES_MONTREES]],
        resultats=_resultats(),
        voix=_voix(),
        url_ouverts=url,
        url_reponses=f"{url}?liste=repondues",
    )


def _ouvert(petition: Petition) -> Ouvert:
    ligne = Ligne.de(petition)
    jours = ligne.jours
    phrases = [
        ngettext("%(nombre)s signature.", "%(nombre)s signatures.", ligne.total)
        % {"nombre": langues.nombre(ligne.total)},
        ngettext(
            "Elles viennent de %(nombre)s commune.", "Elles viennent de %(nombre)s communes.", ligne.communes
        )
        % {"nombre": langues.nombre(ligne.communes)},
    ]
    if petition.date_conseil:
        phrases.append(
            gettext("Débat au conseil le %(jour)s.") % {"jour": langues.jour(petition.date_conseil)}
        )
    elif ligne.manque and ligne.prochain is not None:
        phrases.append(_il_manque(ligne.manque, panel=ligne.prochain.effet == "panel"))
    elif ligne.condition:
        phrases.append(
            f"Le nombre y est : {ligne.condition}."
            if langues.en_francais()
            else gettext("Le nombre est atteint, mais il faut encore des signatures d’autres communes.")
        )
    return Ouvert(
        genre=gettext("Pétition"),
        quand=jours_restants(jours),
        titre=langues.titre_lu(petition),
        url=petition.get_public_url(),
        phrase=" ".join(phrases),
        jauge=gettext("%(total)s sur %(requis)s")
        % {"total": langues.nombre(ligne.total), "requis": langues.nombre(ligne.requis)}
        if ligne.requis
        else "",
        proportion=ligne.part,
        repere=ligne.repere,
        fin=petition.date_fin_collecte,
    )


def _il_manque(signatures: int, *, panel: bool) -> str:
    dit = (
        ngettext(
            "Il manque %(nombre)s signature pour un panel citoyen.",
            "Il manque %(nombre)s signatures pour un panel citoyen.",
            signatures,
        )
        if panel
        else ngettext(
            "Il manque %(nombre)s signature pour un débat au conseil.",
            "Il manque %(nombre)s signatures pour un débat au conseil.",
            signatures,
        )
    )
    return dit % {"nombre": langues.nombre(signatures)}


def _echange(petition: Petition) -> Echange:
    ligne = Ligne.de(petition)
    suites = list(petition.suites.all())
    bilan = next((suite for suite in suites if not suite.est_ouverte), suites[0] if suites else None)
    repondue_le = petition.repondue_le or petition.modifie_le
    jours = jours_entre(petition.collecte_close_le or petition.deposee_le or repondue_le, repondue_le)
    return Echange(
        genre="Pétition",
        dit=petition.titre,
        qui=accorder(ligne.total, "signature", espace=INSECABLE),
        etat=majuscule(bilan.get_etat_display()) if bilan else "Répondue",
        couleur=str(bilan.apparence.couleur) if bilan else "succes",
        reponse=f"{petition.reponse[:220].rstrip()}…" if len(petition.reponse) > 220 else petition.reponse,
        precision=f"Répondu en {jours}{INSECABLE}jours." if jours > 1 else "",
        url=f"{petition.get_public_url()}#reponse",
        le=repondue_le,
    )


def _resultats() -> list[Resultat]:
    comptes = Petition.objects.publiees().aggregate(
        signatures=Sum("decompte__total", filter=des_douze_mois("collecte_ouverte_le")),
        debattues=Count("pk", filter=~Q(issue_debat="") & des_douze_mois("date_conseil", est_un_jour=True)),
    )
    signatures, debattues = comptes["signatures"] or 0, comptes["debattues"]
    if not signatures:
        return []
    return [
        Resultat(
            langues.nombre(signatures),
            ngettext(
                "signature vérifiée sur les pétitions ouvertes en douze mois",
                "signatures vérifiées sur les pétitions ouvertes en douze mois",
                signatures,
            ),
        ),
        Resultat(
            langues.nombre(debattues),
            ngettext(
                "pétition débattue au conseil en douze mois",
                "pétitions débattues au conseil en douze mois",
                debattues,
            ),
        ),
    ]


def voix_par_commune() -> VoixDesCommunes:
    return VoixDesCommunes(
        "petitions", "Pétitions", ("signature de pétition", "signatures de pétitions"), _voix()
    )


def _voix() -> dict[str, int | None]:
    """Signatures by commune of the pétitions opened in twelve months; small numbers are hidden (None)."""
    reglement = ReglementPetition.objects.en_vigueur()
    lignes = (
        DecompteCommune.objects.filter(
            des_douze_mois("petition__collecte_ouverte_le"), petition__est_publie=True
        )
        .order_by()
        .values_list("commune")
        .annotate(n=Sum("nombre"))
    )
    nombres = Counter(dict(lignes))
    montrable = plus_petit_montrable(nombres, reglement.secret_statistique if reglement else 5)
    return {code: n if n >= montrable else None for code, n in nombres.items() if n}


def demarches(annee: int) -> list[Demarche]:
    """The pétitions published whose signatures were open in the year."""
    lues = (
        Petition.objects.publiees()
        .filter(collecte_ouverte_le__lt=debut_du_jour(date(annee + 1, 1, 1)))
        .filter(Q(collecte_close_le=None) | Q(collecte_close_le__gte=debut_du_jour(date(annee, 1, 1))))
        .select_related("decompte")
        .only("titre", "slug", "decompte__total")
    )
    return [
        Demarche("petition", p.pk, "Pétition", p.titre, p.get_public_url(), p.decompte.total)
        for p in lues
        if hasattr(p, "decompte") and p.decompte.total
    ]


def chiffres_cles() -> ChiffresCles:
    """One figure for each tab of the public list, linked to it, and the number of signatures."""
    publiees = Petition.objects.publiees()
    comptes = publiees.order_by().aggregate(
        signatures=Sum("decompte__total"),
        **{nom: Count("pk", filter=choix) for nom, choix in ONGLETS.items()},
    )
    signatures = comptes["signatures"] or 0
    liste = reverse("petitions:liste")

    def chiffre(onglet: str, un: str, plusieurs: str = "") -> Chiffre:
        combien = comptes[onglet]
        mots = accorder(combien, un, plusieurs).partition(" ")[2]
        return Chiffre(nombre(combien), mots, f"{liste}?liste={onglet}")

    return ChiffresCles(
        "petitions",
        "Pétitions",
        [
            chiffre("toutes", "pétition publiée"),
            Chiffre(
                nombre(signatures),
                f"signature{pluriel(signatures)} vérifiée{pluriel(signatures)}",
                f"{liste}?liste=toutes&tri=signees",
            ),
            chiffre("ouvertes", "pétition ouverte ou suspendue", "pétitions ouvertes ou suspendues"),
            chiffre("conseil", "pétition devant le conseil", "pétitions devant le conseil"),
            chiffre("repondues", "pétition avec une réponse", "pétitions avec une réponse"),
            chiffre(
                "closes", "pétition close ou retirée sans débat", "pétitions closes ou retirées sans débat"
            ),
            chiffre(
                "refusees",
                "pétition non recevable ou transmise à une autre autorité",
                "pétitions non recevables ou transmises à une autre autorité",
            ),
        ],
        "Depuis l’ouverture du service. Une signature est vérifiée quand la personne a ouvert le lien reçu par courriel, ou quand un "
        "agent a saisi sa feuille de papier et qu’un autre en a contrôlé une partie, tirée au sort.",
    )


def menu_public() -> list[EntreePublique]:
    return [EntreePublique(Rubrique.AGIR, gettext("Pétitions"), reverse("petitions:liste"))]


def plan_du_site() -> list[PageDuPlan]:
    pages = [PageDuPlan(reverse(f"petitions:{nom}")) for nom in ("liste", "commencer", "reglement")]
    for petition in Petition.objects.publiees().order_by("-pk").iterator():
        pages.append(PageDuPlan(petition.get_public_url()))
        if petition.est_en_facile and not petition.texte_masque:
            pages.append(PageDuPlan(reverse("socle:facile", args=[petition.pk])))
    return pages


def menu_bureau(compte: Compte) -> list[EntreeBureau]:
    """The queue with its échéances; the figures, for agents and élus; the data to erase."""
    entrees = []
    if siege_au_comite(compte) or compte.roles & {Role.AGENT, Role.AGENT_DIRECTION, Role.AGENT_COMMUNE}:
        siennes = partial(_echeances_de, compte)
        entrees.append(
            EntreeBureau(
                "Pétitions",
                reverse("petitions:tableau"),
                app="petitions",
                nombre=lambda: Petition.objects.filter(
                    Q(pk__in=siennes().values("dossier")), ~Q(etat__in=TERMINAUX | {Etat.BROUILLON})
                ),
                retards=lambda: siennes().en_retard().values("dossier").distinct(),
            )
        )
    if compte.roles & {Role.AGENT, Role.ELU}:
        entrees.append(
            EntreeBureau("Indicateurs des pétitions", reverse("petitions:indicateurs"), icone="graphique")
        )
    if compte.est_agent:
        entrees.append(EntreeBureau("Données à effacer", reverse("petitions:conservation"), icone="horloge"))
    return entrees


def _echeances_de(compte: Compte) -> EcheanceQuerySet:
    return Echeance.objects.de(compte).actives().filter(dossier__nature="petition")


def section_journee(compte: Compte) -> list[SectionJournee]:
    return journee.sections(compte)


CONSERVATION = (
    Delai(ReglementPetition, "conservation_mois", "après la réponse"),
    Delai(ReglementPetition, "conservation_sans_seuil_mois", "si le seuil n’est pas atteint"),
)


def eliminations() -> Elimination:
    """Names and addresses of who signed. The text, its avis, the debate and the counts stay."""
    return Elimination(
        "petitions.signatures",
        "Signataires et co-pétitionnaires",
        CONSERVATION,
        "le texte, la réponse, les nombres par commune et par jour",
        lambda: [
            Lot(
                p.pk,
                f"{p.reference}, {p.titre}",
                p.signatures.count(),
                p.get_absolute_url(),
                timezone.localdate(p.collecte_ouverte_le) if p.collecte_ouverte_le else None,
                p.conservation_jusqu_au,
            )
            for p in petitions_a_pseudonymiser()
        ],
        _eliminer_signatures,
    )


def _eliminer_signatures(numero: int, par: Compte) -> int:
    petition = Petition.objects.get(pk=numero)
    pseudonymiser(petition, par=par)
    poursuivre_pseudonymisation(numero)
    return petition.signatures.count()


def demarches_entieres() -> DemarcheEntiere:
    return DemarcheEntiere(
        "petitions.entiere",
        "Une pétition entière\u00a0: signataires, auteurs, lettres, abonnements",
        CONSERVATION,
        "le texte, les réponses, les nombres",
        oubli.finies,
        oubli.tient,
        oubli.oublier_la_demarche,
        par_lots=lambda petition: poursuivre_pseudonymisation(petition.pk),
    )


def suivies(courriel: str) -> list[Suivie]:
    """What this address asked for when it signed: the news of the pétition, and the messages of its author."""
    signatures = Signature.objects.valables().filter(
        # Named, for the indexes of this long table begin with the pétition.
        petition__in=list(Petition.objects.values_list("pk", flat=True)),
        courriel_canonique=canoniser(courriel),
        courriel__iexact=courriel,
    )
    return [
        Suivie(
            f"{genre}-{signature.pk}",
            libelle,
            signature.petition.titre,
            f"Pétition {signature.petition.reference}, signée le {jour_texte(signature.confirmee_le)}",
            partial(arreter, signature),
            signature.petition.get_public_url(),
            signature.langue,
        )
        for signature in signatures.select_related("petition").order_by("pk")
        for genre, libelle, veut, arreter in (
            ("petition", "Les nouvelles d’une pétition signée", signature.accord_nouvelles, ne_plus_recevoir),
            (
                "auteur",
                "Les messages de l’auteur d’une pétition signée",
                signature.accord_auteur,
                ne_plus_recevoir_auteur,
            ),
        )
        if veut
    ]


def traitements() -> list[Traitement]:
    """Data of petitioners and signers, with the delays of the règlement in force."""
    reglement = ReglementPetition.objects.en_vigueur()
    if reglement is None:
        return []
    return [
        Traitement(
            cle="petitions-signer",
            titre="Signer une pétition",
            personnes="Les signataires.",
            donnees="Prénom, nom, commune, adresse électronique, qualité (habitant ou contribuable). L’adresse du réseau est gardée sous une forme chiffrée qu’on ne peut pas relire.",
            finalite="Compter chaque personne une fois, et vérifier les seuils par commune.",
            base_legale="Mission d’intérêt public (article 6.1.e du RGPD). Les nouvelles par courriel sont envoyées avec votre accord, séparé de la signature.",
            destinataires="Les agents du service participation. Les noms ne sont jamais publiés ni donnés aux auteurs de la pétition.",
            tables=("petitions.Signature",),
            delais=(
                *CONSERVATION,
                Delai(ReglementPetition, "purge_jours", "pour une signature non confirmée"),
            ),
        ),
        Traitement(
            cle="petitions-deposer",
            titre="Déposer une pétition",
            personnes="L’auteur et les co-pétitionnaires.",
            donnees="Nom, commune et adresse électronique de l’auteur et des co-pétitionnaires.",
            finalite="Vérifier que la pétition peut être déposée, écrire à ses auteurs, publier le nom public de l’auteur.",
            base_legale="Mission d’intérêt public (article 6.1.e du RGPD).",
            destinataires="Les agents du service et les membres du comité de recevabilité. Le nom public de l’auteur est visible de tous.",
            tables=("petitions.CoPetitionnaire",),
            delais=CONSERVATION,
            duree=(
                "Un brouillon reste à son auteur, qui peut l’effacer. "
                f"De chaque invitation et de chaque refus, une empreinte chiffrée reste {ReglagePorte.actuel().memoire_jours} jours."
            ),
        ),
    ]


# Figures on the page of a quartier.
chiffres_du_quartier = _chiffres_du_quartier
personnes_trouvees = recherche.personnes_trouvees


def jeux_de_donnees() -> list[JeuDeDonnees]:
    return [donnees_ouvertes.JEU]


def mise_en_place() -> list[Reglage]:
    return [
        Reglage(
            Etape.REGLES,
            "Écrire le règlement des pétitions",
            "" if ReglementPetition.objects.en_vigueur() else "Aucune version n’est en vigueur.",
            "Aucune pétition ne peut être déposée.",
            reverse("admin:petitions_reglementpetition_changelist"),
            aux_tables=True,
        ),
        Reglage(
            Etape.REGLES,
            "Donner les motifs d’irrecevabilité",
            "" if MotifIrrecevabilite.objects.exists() else "Aucun motif n’est écrit.",
            "Une pétition ne peut pas être déclarée irrecevable.",
            reverse("admin:petitions_motifirrecevabilite_changelist"),
            aux_tables=True,
        ),
    ]


def papiers() -> GenreDePapier:
    """Signatures of numbered sheets: another agent checks each sheet before they count."""
    return GenreDePapier(
        "signature",
        "Signatures d’une pétition",
        lambda: (
            (petition.pk, f"{petition.reference}, {petition.titre}")
            for petition in Petition.objects.filter(etat__in=Petition.acte("imprimer_feuilles").de).order_by(
                "reference"
            )
        ),
        lambda cible, reponses, par: papier.LigneDeLotForm(Petition.objects.get(pk=cible), reponses),
        lambda cible, form, par, cle: papier.saisir_du_lot(form, par=par),
    )


def rattachables() -> Rattachable:
    return Rattachable(
        Petition,
        lambda: Petition.objects.filter(ouvert_le__isnull=False, clos_le=None).order_by("-ouvert_le", "-pk"),
        "toutes les pétitions",
    )
