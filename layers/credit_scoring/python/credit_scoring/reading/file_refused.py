"""Why a file as a whole cannot be scored, in the words of who sent it."""

from credit_scoring.errors import DatasetError

# Code -> what is wrong and what to do, in both languages.
TEXTS = {
    "archive_in_archive": (
        "il y a une archive dans l’archive : envoyez le CSV seul dans une archive",
        "there is an archive inside the archive: send the CSV in one alone",
    ),
    "archive_of_many": (
        "l’archive contient {count} fichiers : envoyez un seul CSV par archive",
        "the archive holds {count} files: send one CSV in each archive",
    ),
    "archive_too_long": (
        "l’archive liste trop de fichiers : envoyez un seul CSV par archive",
        "the archive lists too many files: send one CSV in each archive",
    ),
    "bomb": (
        "l’archive décompressée dépasse de loin la taille d’un tableau : envoyez le CSV lui-même",
        "the archive unpacks to far more than a table would: send the CSV itself",
    ),
    "columns_missing": (
        "l’en-tête n’a pas {names} : ajoutez ce qui est obligatoire",
        "the header lacks {names}: add what is required",
    ),
    "columns_twice": (
        "l’en-tête nomme deux fois {names} : gardez une seule colonne de chaque",
        "the header names {names} twice: keep one column of each",
    ),
    "column_unlike": (
        "l’en-tête nomme {name} ; vouliez-vous dire {meant} ? Renommez la colonne, ou enlevez-la",
        "the header names {name}; did you mean {meant}? Rename the column, or leave it out",
    ),
    "damaged": (
        "le fichier {kind} est abîmé ou incomplet : compressez-le et envoyez-le de nouveau",
        "the {kind} file is damaged or incomplete: pack and upload it again",
    ),
    "deleted": (
        "le fichier a été supprimé avant d’être traité : envoyez-le de nouveau",
        "the file was deleted before it was scored: upload it again",
    ),
    "empty": (
        "le fichier est vide : exportez-le de nouveau",
        "the file is empty: export it again",
    ),
    "encrypted": (
        "l’archive est chiffrée : envoyez-la sans mot de passe",
        "the archive is encrypted: send it without a password",
    ),
    "header_broken": (
        "l’en-tête, ligne {line}, a un guillemet en trop ou est trop long : corrigez-le",
        "the header on line {line} has a stray quotation mark or is too long: repair it",
    ),
    "header_only": (
        "le fichier a un en-tête mais aucune ligne : rien n’a été évalué",
        "the file has a header but no row: nothing was scored",
    ),
    "header_torn": (
        "l’en-tête de la ligne {line} continue sur une autre ligne : {meant} est coupé",
        "the header on line {line} goes on in another line: {meant} is torn",
    ),
    "header_without_id": (
        "l’en-tête de la ligne {line} n’a pas de colonne {id} : il doit nommer ainsi le numéro de "
        "la demande",
        "the header on line {line} has no column {id}: it must name the applicant's id so",
    ),
    "line_too_long": (
        "la ligne {line} dépasse {limit} Kio : ce n’est pas un tableau ; exportez de nouveau le "
        "fichier",
        "line {line} is longer than {limit} KiB: this is no table; export the file again",
    ),
    "no_header": (
        "il n’y a pas de colonne {id} : la première ligne doit nommer les colonnes (les {lines} "
        "premières lignes ont été lues)",
        "there is no column {id}: the first line must name the columns (the first {lines} lines "
        "were looked at)",
    ),
    "no_table": (
        "{misfits} lignes n’ont pas les {columns} champs de l’en-tête : ce n’est pas un tableau ; "
        "exportez de nouveau le fichier",
        "{misfits} lines do not have the {columns} fields of the header: this is no table; export "
        "the file again",
    ),
    "no_text": (
        "ce fichier n’est pas du texte : exportez le tableau en CSV",
        "the file is not text: export the table as CSV",
    ),
    "other_kind": (
        "ce fichier n’est pas un CSV ({kind}) : exportez le tableau en CSV",
        "the file is not CSV ({kind}): export the table as CSV",
    ),
    "too_large": (
        "le fichier fait {size} Go ; {limit} Go au plus sont traités à la fois : divisez-le",
        "the file has {size} GB; at most {limit} GB are scored at once: split it",
    ),
    "too_many_columns": (
        "la ligne {line} nomme {columns} colonnes ; {limit} au plus peuvent être lues",
        "line {line} names {columns} columns; at most {limit} can be read",
    ),
    "unusual_archive": (
        "l’archive est compressée d’une façon inhabituelle : prenez celle de zip, ou gzip",
        "the archive is packed in an unusual way: use zip's default, or gzip",
    ),
    "workbook": (
        "ce fichier est un classeur de tableur : enregistrez-le en CSV",
        "the file is a spreadsheet workbook: save it as CSV",
    ),
}


class FileRefused(DatasetError):
    """code : of TEXTS; texts : by language"""

    def __init__(self, code: str, **facts: object) -> None:
        fr, en = (text.format(**facts) for text in TEXTS[code])
        self.code, self.texts = code, {"fr": fr, "en": en}
        super().__init__(en)
