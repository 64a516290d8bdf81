"""A projet from draft to deposit: several authors, budget exact to the cent."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from contrat_ville.cadre import programmations
from contrat_ville.depot import actes as actes_depot
from contrat_ville.depot import brouillon as brouillon_du_depot
from contrat_ville.depot import budget, equipe
from contrat_ville.depot.budget import LigneSaisie
from contrat_ville.instruction.dossier import pieces_de
from contrat_ville.models import Axe, Equipier, Partenaire, Porteur, Projet, TypePiece
from contrat_ville.models.manques import manques_de_l_etape
from contrat_ville.workflow import Etat, EtatProgrammation
from participation.socle.actions.pieces import joindre
from participation.socle.erreurs import ErreurMetier, RoleInsuffisant
from participation.socle.models import Courriel, Quartier
from participation.socle.regles.versions import TexteDepasse, empreinte
from tests.contrat_ville.factories import PorteurFactory, ProgrammationFactory, ProjetFactory, invitee
from tests.outils import a_plusieurs, ensemble
from tests.socle.factories import CompteFactory, agent_de_direction

pytestmark = pytest.mark.django_db
SIRET = "73282932000074"


def remplir(projet, par):
    """Fill all that is required, as the team would."""
    financeur = Partenaire.objects.get(nom="Grenoble-Alpes Métropole")
    brouillon_du_depot.dire_porteur(
        projet,
        par=par,
        nature="collectif",
        nom="Collectif",
        siret=None,
        rna="",
        representant="Nora",
        courriel="collectif@example.org",
    )
    brouillon_du_depot.enregistrer_brouillon(
        projet,
        par=par,
        quartiers=[Quartier.objects.first()],
        axe=Axe.objects.first(),
        objet="Un banc.",
        description="Un banc fait ensemble.",
        objectifs="Se parler.",
        publics="Tout le monde.",
        participation_habitants="Ils décident.",
        date_debut=timezone.localdate(),
        date_fin=timezone.localdate() + timedelta(days=90),
        moyens_humains="Nous.",
        evaluation_prevue="On compte.",
    )
    budget.ecrire_budget(
        projet,
        par=par,
        lignes=[
            LigneSaisie("depense", "601", Decimal("1000.10")),
            LigneSaisie("recette", "74epci", Decimal("800.10"), "", financeur),
            LigneSaisie("recette", "756", Decimal("200")),
        ],
    )
    for type_piece in TypePiece.objects.filter(est_obligatoire=True):
        if type_piece.concerne("collectif"):
            brouillon_du_depot.joindre_au_projet(
                projet,
                par=par,
                type_piece=type_piece,
                fichier=SimpleUploadedFile("a.txt", type_piece.nom.encode()),
            )


def test_a_projet_that_is_complete_is_filed_and_its_team_is_told(brouillon, porteuse):
    remplir(brouillon, porteuse)

    actes_depot.deposer(brouillon, par=porteuse, engagement=True, exactitude=True)

    brouillon.refresh_from_db()
    assert brouillon.etat == Etat.DEPOSE
    assert brouillon.reference.startswith("CDV-")
    assert (brouillon.montant_total, brouillon.montant_demande) == (Decimal("1000.10"), Decimal("800.10"))
    assert brouillon.engagement_le is not None
    assert Courriel.objects.get(acte="contrat_ville/deposer").destinataires == [porteuse.courriel]
    assert brouillon.echeances.filter(cle="recevabilite").exists()


def test_what_is_missing_is_said_in_the_order_of_the_form(brouillon, porteuse):
    manques = brouillon.obstacles("deposer", porteuse)

    assert manques[0] == "Dites qui porte le projet."
    assert "Écrivez le budget." in manques
    with pytest.raises(ErreurMetier, match="Dites qui porte le projet"):
        actes_depot.deposer(brouillon, par=porteuse, engagement=True, exactitude=True)


@pytest.mark.parametrize("champ", ["engagement", "exactitude"])
def test_nothing_is_filed_without_each_commitment(brouillon, porteuse, champ):
    remplir(brouillon, porteuse)

    with pytest.raises(ValidationError) as erreur:
        actes_depot.deposer(brouillon, par=porteuse, **{"engagement": True, "exactitude": True, champ: False})

    assert set(erreur.value.error_dict) == {champ}


def test_a_budget_a_cent_apart_is_not_filed(brouillon, porteuse):
    remplir(brouillon, porteuse)
    budget.ecrire_budget(
        brouillon,
        par=porteuse,
        lignes=[
            LigneSaisie("depense", "601", Decimal("100.00")),
            LigneSaisie(
                "recette",
                "74epci",
                Decimal("99.99"),
                "",
                Partenaire.objects.filter(est_financeur=True).first(),
            ),
        ],
    )

    assert any("0,01" in phrase for phrase in brouillon.obstacles("deposer", porteuse))


def test_contributions_in_kind_are_balanced_apart(brouillon, porteuse):
    remplir(brouillon, porteuse)
    lignes = [
        LigneSaisie("depense", "601", Decimal(100)),
        LigneSaisie(
            "recette", "74epci", Decimal(100), "", Partenaire.objects.filter(est_financeur=True).first()
        ),
        LigneSaisie("depense", "864", Decimal(50)),
    ]
    budget.ecrire_budget(brouillon, par=porteuse, lignes=lignes)
    assert any("en nature" in phrase for phrase in brouillon.obstacles("deposer", porteuse))

    budget.ecrire_budget(
        brouillon, par=porteuse, lignes=[*lignes, LigneSaisie("recette", "870", Decimal(50))]
    )

    assert brouillon.obstacles("deposer", porteuse) == []


@pytest.mark.parametrize("montant", [Decimal("10.001"), Decimal("-1"), Decimal(10) ** 12])
def test_an_amount_that_cannot_be_loses_no_line_that_was_there(brouillon, porteuse, montant):
    remplir(brouillon, porteuse)

    with pytest.raises(ValidationError):
        budget.ecrire_budget(brouillon, par=porteuse, lignes=[LigneSaisie("depense", "601", montant)])

    assert brouillon.budget.count() == 3


def test_a_call_that_is_closed_takes_no_projet(porteuse):
    with pytest.raises(ErreurMetier, match="n’est pas ouvert"):
        brouillon_du_depot.commencer(
            par=porteuse, programmation=ProgrammationFactory(en_instruction=True), titre="Trop tard"
        )


def test_a_draft_begun_in_time_is_not_filed_late(brouillon, porteuse):
    remplir(brouillon, porteuse)
    programmation = brouillon.programmation
    programmation.date_cloture = timezone.localdate() - timedelta(days=1)
    programmation.save()

    assert "L’appel à projets n’est pas ouvert aujourd’hui." in brouillon.obstacles("deposer", porteuse)


def test_what_one_of_the_team_wrote_once_another_filed_is_given_back(client, brouillon, porteuse):
    remplir(brouillon, porteuse)
    actes_depot.deposer(brouillon, par=porteuse, engagement=True, exactitude=True)
    client.force_login(porteuse)
    adresse = reverse("contrat_ville:rediger", args=[brouillon.pk, "projet"])
    reponse = client.post(adresse, {"description": "Un second texte, écrit ailleurs."})
    assert (reponse.status_code, "Un second texte, écrit ailleurs." in reponse.content.decode()) == (
        409,
        True,
    )
    assert client.get(adresse).status_code == 302


def test_a_redacteur_writes_and_does_not_file(brouillon, porteuse):
    equipier = invitee(brouillon, porteuse)
    projet = Projet.objects.get(pk=brouillon.pk)

    brouillon_du_depot.enregistrer_brouillon(projet, par=equipier.compte, objet="Un banc bleu.")
    with pytest.raises(RoleInsuffisant):
        actes_depot.deposer(projet, par=equipier.compte, engagement=True, exactitude=True)

    assert Courriel.objects.get(acte="contrat_ville/inviter_equipier").destinataires == ["lea@example.org"]


def test_the_last_signataire_does_not_leave(brouillon, porteuse):
    (moi,) = brouillon.equipe.all()

    with pytest.raises(ErreurMetier, match="au moins un signataire"):
        equipe.retirer_equipier(moi, par=porteuse)


def test_a_redacteur_takes_nobody_out_and_may_leave(brouillon, porteuse):
    lea = invitee(brouillon, porteuse)
    moi = Equipier.objects.get(projet=brouillon, compte=porteuse)

    with pytest.raises(RoleInsuffisant):
        equipe.retirer_equipier(moi, par=lea.compte)
    equipe.retirer_equipier(lea, par=lea.compte)

    assert not Projet.objects.de_l_equipe(lea.compte).exists()
    assert not Courriel.objects.filter(acte="contrat_ville/retirer_equipier").exists()


def test_two_windows_on_one_text_lose_nothing(brouillon, porteuse):
    vu = empreinte(brouillon, ["objet"])
    brouillon_du_depot.enregistrer_brouillon(brouillon, par=porteuse, objet="Le mien.", vu=vu)

    with pytest.raises(TexteDepasse):
        brouillon_du_depot.enregistrer_brouillon(brouillon, par=porteuse, objet="L’autre.", vu=vu)

    brouillon.refresh_from_db()
    assert brouillon.objet == "Le mien."


def test_a_structure_known_by_its_siret_is_taken_as_it_is(brouillon, porteuse):
    connue = PorteurFactory(siret=SIRET, courriel="siege@example.org")
    ProjetFactory(porte_par=connue)

    brouillon_du_depot.dire_porteur(
        brouillon,
        par=porteuse,
        nature="association",
        nom="Autre nom",
        siret=SIRET,
        courriel="pirate@example.org",
    )

    connue.refresh_from_db()
    assert brouillon.porte_par == connue
    assert connue.courriel == "siege@example.org"


def test_a_siret_and_an_rna_that_do_not_exist_are_refused_in_one_answer(client, brouillon, porteuse):
    client.force_login(porteuse)
    adresse = reverse("contrat_ville:rediger", args=[brouillon.pk, "porteur"])
    saisie = {"nature": "association", "nom": "A", "siret": "73282932000075", "rna": "W12"}

    page = client.post(adresse, saisie).content.decode()

    assert "vérifiez les quatorze chiffres" in page
    assert "W suivi de neuf chiffres" in page
    assert not Porteur.objects.exists()
    with pytest.raises(ValidationError) as erreur:
        Porteur(nom="A", siret="73282932000075", rna="W12").full_clean()
    assert {"siret", "rna"} <= set(erreur.value.error_dict)

    client.post(adresse, {**saisie, "siret": SIRET, "rna": "w 123 456 789"})

    assert Porteur.objects.get().rna == "W123456789"


def test_what_a_structure_known_from_other_projets_lacks_closes_no_deposit(brouillon):
    connue = PorteurFactory(siret=SIRET, courriel="", representant="")
    Projet.objects.filter(pk=brouillon.pk).update(porte_par=connue)
    brouillon.refresh_from_db()
    assert len(manques_de_l_etape(brouillon, "porteur")) == 2

    ProjetFactory(porte_par=connue)

    assert manques_de_l_etape(brouillon, "porteur") == []


def test_what_another_team_said_of_a_structure_is_not_shown(client, brouillon, porteuse):
    ProjetFactory(porte_par=PorteurFactory(siret=SIRET, courriel="siege@example.org", telephone="0400000000"))
    client.force_login(porteuse)
    adresse = reverse("contrat_ville:rediger", args=[brouillon.pk, "porteur"])
    client.post(adresse, {"nature": "association", "nom": "A", "siret": SIRET})

    for page in (client.get(adresse), client.get(f"{adresse}?changer=oui")):
        assert "siege@example.org" not in page.content.decode()
        assert "0400000000" not in page.content.decode()


def test_a_second_projet_begins_with_the_structure_of_the_first(client, brouillon, porteuse):
    brouillon_du_depot.dire_porteur(
        brouillon, par=porteuse, nature="collectif", nom="Les Bancs", courriel="b@example.org"
    )
    suivant = brouillon_du_depot.commencer(
        par=porteuse, programmation=brouillon.programmation, titre="Deux bancs"
    )
    client.force_login(porteuse)
    form = client.get(reverse("contrat_ville:rediger", args=[suivant.pk, "porteur"])).context["form"]
    assert (form["nom"].value(), form["courriel"].value()) == ("Les Bancs", "b@example.org")


def lignes(sens, *valeurs):
    donnees = {f"{sens}-TOTAL_FORMS": str(len(valeurs)), f"{sens}-INITIAL_FORMS": "0"}
    for rang, (poste, montant) in enumerate(valeurs):
        donnees |= {f"{sens}-{rang}-poste": poste, f"{sens}-{rang}-montant": montant}
    return donnees


def test_the_budget_is_typed_as_it_is_written_in_french(client, brouillon, porteuse):
    client.force_login(porteuse)
    financeur = Partenaire.objects.filter(est_financeur=True).first()

    reponse = client.post(
        reverse("contrat_ville:rediger", args=[brouillon.pk, "budget"]),
        {
            **lignes("depense", ("601", "1 250,50"), ("", "")),
            **lignes("recette", (f"f:{financeur.pk}", "1250,50")),
        },
    )

    assert reponse.status_code == 302
    brouillon.refresh_from_db()
    assert (brouillon.montant_total, brouillon.montant_demande) == (Decimal("1250.50"), Decimal("1250.50"))
    assert brouillon.financements.get().financeur == financeur


@pytest.mark.parametrize(
    ("montant", "phrase"),
    [
        ("12,345", "deux chiffres après la virgule"),
        ("-5", "négatif"),
        ("1000000000000", "trop grand"),
        ("beaucoup", "n’est pas un montant"),
        ("NaN", "n’est pas un montant"),
        ("", "Écrivez le montant"),
    ],
)
def test_a_wrong_amount_has_its_sentence_and_what_was_typed_is_kept(
    client, brouillon, porteuse, montant, phrase
):
    client.force_login(porteuse)

    page = client.post(
        reverse("contrat_ville:rediger", args=[brouillon.pk, "budget"]),
        {**lignes("depense", ("601", montant)), **lignes("recette")},
    ).content.decode()

    assert phrase in page
    if montant:
        assert f'value="{montant}"' in page
    assert not brouillon.budget.exists()


def test_a_budget_changed_in_another_window_is_not_overwritten(client, brouillon, porteuse):
    client.force_login(porteuse)
    adresse = reverse("contrat_ville:rediger", args=[brouillon.pk, "budget"])
    vu = client.get(adresse).context["budget_form"].vu
    client.post(adresse, {"vu": vu, **lignes("depense", ("601", "10")), **lignes("recette")})

    page = client.post(adresse, {"vu": vu, **lignes("depense", ("601", "99")), **lignes("recette")})

    assert "a changé le budget" in page.content.decode()
    assert brouillon.budget.get().montant == 10


@pytest.mark.django_db(transaction=True)
def test_two_clicks_begin_it_and_file_it_once():
    porteuse, appel = CompteFactory(), ProgrammationFactory()
    projet, meme = a_plusieurs(
        2, lambda _: brouillon_du_depot.commencer(par=porteuse, programmation=appel, titre="Un banc")
    )
    assert projet == meme
    remplir(projet, porteuse)

    def deposer():
        lu = Projet.objects.get(pk=projet.pk)
        return lambda: actes_depot.deposer(lu, par=porteuse, engagement=True, exactitude=True)

    assert ensemble(deposer(), deposer()) == ["ActeInterdit", "fait"]
    assert Courriel.objects.filter(acte="contrat_ville/deposer").count() == 1


def test_a_paper_of_a_kind_replaces_the_one_before(brouillon, porteuse):
    type_piece = TypePiece.objects.get(code="statuts")
    for texte in (b"un", b"deux"):
        brouillon_du_depot.joindre_au_projet(
            brouillon, par=porteuse, type_piece=type_piece, fichier=SimpleUploadedFile("s.txt", texte)
        )

    assert brouillon.pieces.filter(retiree_le=None).count() == 1


def test_one_file_may_be_several_papers_until_each_has_its_own(brouillon, porteuse):
    statuts, rib, comptes = TypePiece.objects.order_by("pk")[:3]

    def joindre_(octets, type_piece, *aussi):
        return brouillon_du_depot.joindre_au_projet(
            brouillon,
            par=porteuse,
            type_piece=type_piece,
            aussi=aussi,
            fichier=SimpleUploadedFile("s.txt", octets),
        )

    def jointes():
        return {t: p for t, p in pieces_de(brouillon) if p is not None}

    tout = joindre_(b"tout", statuts, rib)
    assert joindre_(b"tout", comptes) == tout
    assert jointes() == {statuts: tout, rib: tout, comptes: tout}
    seul = joindre_(b"statuts", statuts)
    assert jointes() == {statuts: seul, rib: tout, comptes: tout}
    deux = joindre_(b"deux", rib, comptes)
    assert jointes() == {statuts: seul, rib: deux, comptes: deux}
    assert list(brouillon.pieces.filter(retiree_le=None).order_by("pk")) == [seul, deux]


def test_nobody_else_opens_a_draft(client, brouillon, porteuse):
    piece = joindre(brouillon, fichier=SimpleUploadedFile("a.txt", b"un"), titre="RIB", par=porteuse)
    for visiteur in (CompteFactory(), CompteFactory(agent=True)):
        client.force_login(visiteur)
        assert client.get(reverse("socle:piece", args=[piece.pk])).status_code == 404
        assert client.get(reverse("contrat_ville:rediger", args=[brouillon.pk, "projet"])).status_code == 404


def test_no_list_says_a_draft_to_others_nor_a_decision_before_its_letter(client):
    """The author is also an agent of a direction: lists must show no more than the page of the team."""
    elle = agent_de_direction()
    brouillon = brouillon_du_depot.commencer(
        par=elle, programmation=ProgrammationFactory(), titre="Un banc secret"
    )
    decide = ProjetFactory(refuse=True, auteur=elle, equipe=[elle], titre="Un jardin refusé")
    client.force_login(elle)

    def listes():
        tous = client.get(reverse("socle:dossiers")).content.decode()
        return tous + client.get(reverse("socle:recherche"), {"q": "Un jardin refusé"}).content.decode()

    assert "banc secret" not in listes()
    assert decide.get_absolute_url() not in listes()
    Projet.objects.filter(pk=decide.pk).update(notifie_le=timezone.now())
    assert decide.get_absolute_url() in listes()

    lea = invitee(brouillon, elle, role="signataire")
    (sienne,) = brouillon.equipe.filter(compte=elle)
    equipe.retirer_equipier(sienne, par=elle)

    brouillon.refresh_from_db()
    assert brouillon.auteur == lea.compte
    assert not Projet.objects.visibles_par(elle).filter(pk=brouillon.pk).exists()
    assert not Projet.objects.get(pk=brouillon.pk).permet("retirer", elle)


def test_a_call_closes_the_day_after_its_last():
    passee = ProgrammationFactory(date_cloture=timezone.localdate() - timedelta(days=1))
    aujourd_hui = ProgrammationFactory(date_cloture=timezone.localdate())

    assert programmations.clore_les_appels_passes() == 1

    passee.refresh_from_db()
    aujourd_hui.refresh_from_db()
    assert (passee.etat, aujourd_hui.etat) == (EtatProgrammation.INSTRUCTION, EtatProgrammation.OUVERTE)


def test_one_file_is_joined_as_several_papers_by_the_page_and_taken_away(client, brouillon, porteuse):
    statuts, rib = TypePiece.objects.order_by("pk")[:2]
    client.force_login(porteuse)
    url = reverse("contrat_ville:rediger", args=[brouillon.pk, "pieces"])
    fichier = SimpleUploadedFile("tout.txt", b"tout")

    page = client.post(url, {"type_piece": statuts.pk, "aussi": [rib.pk], "fichier": fichier}, follow=True)
    assert "La pièce est jointe." in page.content.decode()
    piece = brouillon.pieces.get()
    assert {t for t, jointe in pieces_de(brouillon) if jointe == piece} == {statuts, rib}

    du_service = joindre(
        brouillon, fichier=SimpleUploadedFile("a.txt", b"un"), titre="Note", par=CompteFactory(agent=True)
    )
    for numero in ("x", du_service.pk):
        assert client.post(url, {"retirer": numero}).status_code == 404
    client.post(url, {"retirer": piece.pk})
    piece.refresh_from_db()
    assert piece.retiree_le is not None
