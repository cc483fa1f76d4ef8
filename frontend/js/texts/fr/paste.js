export const texts = {
  'paste.title': 'Coller des lignes d’un tableur',
  'paste.lead':
    'Copiez les lignes dans votre tableur et collez-les ici. Chacune est évaluée aussitôt ; rien n’est conservé.',
  'paste.field': 'Lignes',
  'paste.hint': (columns, most) =>
    `Avec leur en-tête, ou les ${columns} colonnes dans l’ordre du fichier d’exemple. Au plus ${most} lignes.`,
  'paste.score': (n) => (n === 1 ? 'Évaluer 1 ligne' : `Évaluer ${n} lignes`),
  'paste.scoring': 'Évaluation…',
  'paste.summary': (scored, rejected) => `Évaluées : ${scored} ; rejetées : ${rejected}`,
  'paste.nothingKept':
    'Ces résultats ne sont nulle part ailleurs que sur cette page. Ce que le service sait d’un demandeur a complété sa ligne.',
  'paste.application': 'Demande',
  'paste.line': 'Ligne',
  'paste.column': 'Colonne',
  'paste.sent': 'Collé',
  'paste.fault': (column, fault) => `${column} : ${fault}`,
  'paste.and': ' ; ',
  'paste.why': 'Cause',
  'paste.verdict': 'Avis',
  'paste.pd': 'Risque de défaut',
  'paste.band': 'Risque',
  'paste.faults': (n, text) =>
    n < 2
      ? `${text} ligne est fausse et ne sera pas évaluée`
      : `${text} lignes sont fausses et ne seront pas évaluées`,
  'paste.moreFaults': (text) => `Et ${text} de plus.`,
  'paste.tooMuch': (most) =>
    `C’est plus qu’un appel n’accepte (${most} lignes, 3 Mo). Un fichier n’a pas cette contrainte : chaque ligne revient, évaluée ou rejetée.`,
  'paste.asFile': 'L’envoyer comme fichier',
  'paste.file': 'collage.csv',
};
