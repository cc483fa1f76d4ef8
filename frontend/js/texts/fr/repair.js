export const texts = {
  'repair.title': 'Corriger les lignes rejetées',
  'repair.lead':
    'Corrigez d’un coup toutes les lignes d’une même cause, ou champ par champ. Les lignes corrigées repartent en un seul fichier et complètent le résultat du premier.',
  'repair.reading': 'Lecture des lignes rejetées…',
  'repair.nothing': 'Aucune ligne rejetée de ce fichier ne reste à corriger.',
  'repair.toFile': 'Revenir au résultat du fichier',
  'repair.progressTitle': 'Avancement',
  'repair.progress': (done, all) => `${done} lignes corrigées sur ${all}`,
  'repair.openRows': (n, text) =>
    n < 2
      ? `${text} ligne est encore fausse : elle n’est pas envoyée.`
      : `${text} lignes sont encore fausses : elles ne sont pas envoyées.`,
  'repair.noneOpen': 'Plus aucune ligne n’est fausse.',
  'repair.leftRows': (n, text) =>
    n < 2
      ? `${text} ligne est écartée volontairement : elle reste rejetée.`
      : `${text} lignes sont écartées volontairement : elles restent rejetées.`,
  'repair.send': (n, text) =>
    n === 1
      ? `Envoyer ${text} ligne corrigée`
      : n === 0
        ? 'Envoyer les lignes corrigées'
        : `Envoyer ${text} lignes corrigées`,
  'repair.undo': 'Annuler la dernière correction',
  'repair.undone': 'Correction annulée.',
  'repair.groups': 'Causes',
  'repair.moreGroups': (n) => `Afficher plus de causes (${n})`,
  'repair.group': (n, text, fault, column) =>
    n < 2 ? `${text} ligne : ${fault} dans ${column}` : `${text} lignes : ${fault} dans ${column}`,
  'repair.groupDone': 'Il ne reste rien à faire ici.',
  'repair.stillOpen': (n, text) => (n < 2 ? `${text} est encore fausse.` : `${text} sont encore fausses.`),
  'repair.examples': 'Par exemple',
  'repair.corrected': (n, text) => (n < 2 ? `${text} ligne corrigée.` : `${text} lignes corrigées.`),
  'repair.leftOut': (n, text) => (n < 2 ? `${text} ligne écartée.` : `${text} lignes écartées.`),
  'repair.confirm': 'Juste telle quelle',
  'repair.leave': 'Écarter ces lignes',
  'repair.leaveOne': 'Écarter',
  'repair.takeBack': 'Reprendre',
  'repair.showRows': 'Afficher les lignes',
  'repair.setAll': 'Appliquer à toutes',
  'repair.rows': 'Champs à corriger',
  'repair.show': 'Afficher',
  'repair.state.open': 'À corriger',
  'repair.state.repaired': 'Corrigés',
  'repair.state.left': 'Écartés',
  'repair.state.all': 'Tous',
  'repair.one.open': 'à corriger',
  'repair.one.repaired': 'corrigé',
  'repair.one.left': 'écarté',
  'repair.allGroups': 'Afficher toutes les causes',
  'repair.noRows': 'Aucun champ ici.',
  'repair.line': 'Ligne',
  'repair.column': 'Colonne',
  'repair.sent': 'Reçu',
  'repair.correction': 'Correction',
  'repair.stateTitle': 'État',
  'repair.empty': 'vide',
  'repair.pages': 'Pages',
  'repair.before': 'Page précédente',
  'repair.next': 'Page suivante',
  'repair.page': (here, pages, fields) => `Page ${here} sur ${pages} (${fields} champs)`,
  'repair.rewrite': 'Reprendre cette ligne',
  'repair.fields': (n) => `La ligne doit avoir exactement ${n} champs, comme l’en-tête.`,
  'repair.onItsWay': 'Les lignes corrigées sont en cours d’évaluation',
  'repair.done': 'Les lignes corrigées ont été évaluées',
  'repair.firstOpen': (n, text) =>
    n < 2
      ? `${text} ligne du premier fichier reste à corriger.`
      : `${text} lignes du premier fichier restent à corriger.`,
  'repair.again': 'Corriger ce qui a encore été rejeté',
  'repair.rest': 'Corriger ce qui reste',
  'fix.toPoint': 'Virgule décimale → point',
  'fix.toComma': 'Point décimal → virgule',
  'fix.thousands': 'La marque sépare les milliers',
  'fix.decimals': 'La marque sépare les décimales',
  'fix.dates': 'Dates (jour/mois/année) → jours',
  'fix.sign': 'Mettre un signe moins devant',
  'fix.by100': 'Diviser par 100',
  'fix.by1000': 'Diviser par 1 000',
  'fix.times100': 'Multiplier par 100',
  'fix.times1000': 'Multiplier par 1 000',
  'fix.whole': 'Arrondir à un nombre entier',
  'fix.empty': 'Laisser le champ vide',
  'fix.category': (label) => `Remplacer par « ${label} »`,
};
