"""What is wrong with a record, in the words of the branch's language."""

import re

from credit_scoring.contract.columns import INPUTS, Column
from credit_scoring.errors import PROBLEM_CAUSES, Problem

# What would leave no doubt of a number, or of a row that comes back as it was.
ONE_MARK = "one mark for decimals in the whole file, and none between thousands"
CONFIRM = "other values, or yes in reject_confirm"
_MOST_TOLD = 5
_FRENCH_CAUSES = {
    "missing": "est obligatoire",
    "wrong_type": "n'est pas du bon type",
    "not_finite": "n'est pas un nombre fini",
    "out_of_range": "est hors limites",
    "not_integer": "n'est pas un nombre entier",
    "unknown_category": "n'est pas une catégorie connue",
    "unknown_field": "n'est pas un champ de la demande",
    "not_actionable": "ne peut pas être modifié",
    "wrong_field_count": "la ligne n'a pas le bon nombre de champs",
    "doubtful_number": "peut vouloir dire deux nombres, et le fichier ne dit pas lequel",
    "duplicate_id": "figure plusieurs fois dans le fichier",
    "bad_quotes": "la ligne contient un guillemet isolé",
    "too_long": "la ligne est trop longue",
    "torn": "la ligne est peut-être coupée : une ligne voisine pourrait finir une valeur",
    "preamble": "la ligne précède l'en-tête",
    "repeated_header": "la ligne répète l'en-tête",
    "other_table": "la ligne appartient à un autre tableau",
}
# Of records as a whole; {} is the number that the problem names.
_FRENCH_ALLOWED = {
    "wrong_field_count": "{} champs",
    "doubtful_number": "une marque de décimales dans tout le fichier, aucune entre les milliers",
    "duplicate_id": "une seule ligne ; voir la ligne {}",
    "bad_quotes": 'des champs comme "ceci", avec "" pour un guillemet à l\'intérieur',
    "too_long": "{} octets",
    "torn": "une ligne par demande ; voir la ligne {}",
    "preamble": "l'en-tête d'abord",
    "repeated_header": "un seul en-tête",
    "other_table": "un seul tableau par fichier",
}
_FRENCH_TYPES = {
    "id": "1 à 32 lettres sans accent, chiffres, traits d'union ou de soulignement ; ni mot pour "
    "rien, ni total, ni date",
    "flag": "0 ou 1",
    "integer": "un nombre entier",
    "number": "un nombre",
}
_LAST_NUMBER = re.compile(r"(\d+)\D*\Z")


def tell(problems: list[Problem], language: str) -> str:
    """The first few problems of a record in one line; language : fr or en"""
    told = [_in_french(p) if language == "fr" else p.message for p in problems[:_MOST_TOLD]]
    more = len(problems) - len(told)
    if more:
        told.append(f"et {more} de plus" if language == "fr" else f"and {more} more")
    return "; ".join(told)


def _in_french(problem: Problem) -> str:
    subject = f"{problem.field} : " if problem.field else ""
    shown = f" ({problem.value!r})" if problem.value else ""
    cause = _FRENCH_CAUSES.get(problem.cause, PROBLEM_CAUSES[problem.cause])
    return f"{subject}{cause}{shown} ; valeurs admises : {_allowed_in_french(problem)}"


def _allowed_in_french(problem: Problem) -> str:
    if problem.allowed == CONFIRM:
        return "d'autres valeurs, ou oui dans reject_confirm"
    if problem.cause in _FRENCH_ALLOWED:
        number = _LAST_NUMBER.search(problem.allowed)
        return _FRENCH_ALLOWED[problem.cause].format(number[1] if number else "")
    column = INPUTS.get(problem.field)
    return _column_in_french(column) if column else problem.allowed


def _column_in_french(column: Column) -> str:
    if column.is_category:
        return column.allowed
    limits = column.allowed.removeprefix("a whole number").removeprefix("a number")
    words = {" from ": " à partir de ", " up to ": " jusqu'à ", ", or ": ", ou ",
             "where it does not apply": "si sans objet"}  # fmt: skip
    for english, french in words.items():
        limits = limits.replace(english, french)
    return _FRENCH_TYPES[column.type] + (limits if column.type in ("number", "integer") else "")
