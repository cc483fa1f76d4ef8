"""The words of the letter, in both languages."""

from typing import Any

TEXTS: dict[str, dict[str, Any]] = {
    "fr": {
        "title": "Réponse à votre demande de crédit",
        "references": "Demande {applicant} · Décision {decision}",
        "no_id": "sans numéro",
        "outcome_accept": "Madame, Monsieur, nous avons le plaisir d’accepter votre demande.",
        "outcome_refuse": "Madame, Monsieur, nous ne pouvons pas accepter votre demande.",
        "draft": "Projet : rien n’est encore décidé.",
        "offer": "Le crédit que nous vous proposons : {amount}, remboursé par échéances de "
        "{annuity}.",
        "how": "Un calcul statistique a estimé le risque que le crédit ne soit pas remboursé ; un "
        "conseiller a pris la décision.",
        "how_override": "Un calcul statistique a estimé le risque que le crédit ne soit pas "
        "remboursé ; un conseiller a examiné votre dossier et a décidé autrement que lui.",
        "reasons_title": "Les raisons principales",
        "no_reason": "Ce que nous savons de votre dossier, dans son ensemble, ne suffit pas à "
        "l’accepter.",
        "missing_title": "Ce qui nous manque, et que vous pouvez apporter",
        "own_reason": "Appréciation du conseiller : {reason}",
        "rights_title": "Vos droits",
        "rights": [
            "Demander qu’une personne réexamine votre demande, et lui dire votre point de vue.",
            "Contester cette décision, et obtenir une explication claire de l’évaluation.",
            "Consulter les données qui ont servi, et faire corriger celles qui sont inexactes ; "
            "la demande est alors évaluée de nouveau.",
            "Vous adresser à l’autorité de protection des données ou au médiateur du crédit.",
        ],
        "contact": "Pour exercer ces droits, adressez-vous à {contact}, avec ces références.",
        "branch": "votre agence",
        "closing": "Avec nos salutations distinguées,",
        "date": "Le {day} {month} {year}",
        "months": [
            "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
            "octobre", "novembre", "décembre",
        ],
    },
    "en": {
        "title": "Our answer to your credit application",
        "references": "Application {applicant} · Decision {decision}",
        "no_id": "without a number",
        "outcome_accept": "Dear applicant, we are pleased to accept your application.",
        "outcome_refuse": "Dear applicant, we are not able to accept your application.",
        "draft": "Draft: nothing is decided yet.",
        "offer": "The loan that we offer you: {amount}, repaid by instalments of {annuity}.",
        "how": "A statistical calculation estimated the risk that the loan is not repaid; an "
        "advisor took the decision.",
        "how_override": "A statistical calculation estimated the risk that the loan is not "
        "repaid; an advisor examined your file and decided otherwise.",
        "reasons_title": "The principal reasons",
        "no_reason": "All that is known of your file together does not suffice to accept your "
        "application.",
        "missing_title": "What we lack, and what you can bring",
        "own_reason": "The advisor’s assessment: {reason}",
        "rights_title": "Your rights",
        "rights": [
            "To have a person examine your application again, and to tell that person your view.",
            "To contest this decision, and to be given a clear explanation of the assessment.",
            "To see the data that were used and have wrong ones corrected; the application is "
            "then assessed anew.",
            "To turn to the data protection authority or the credit ombudsman.",
        ],
        "contact": "To use these rights, turn to {contact} and give these references.",
        "branch": "your branch",
        "closing": "Yours sincerely,",
        "date": "{day} {month} {year}",
        "months": [
            "January", "February", "March", "April", "May", "June", "July", "August", "September",
            "October", "November", "December",
        ],
    },
}  # fmt: skip
