export const texts = {
  'help.title': 'Aide',
  'help.pages': 'Pages de l’aide',
  'help.page.advisor': 'Conseiller',
  'help.page.back-office': 'Back-office',
  'help.page.operator': 'Exploitation',
  'help.page.data-scientist': 'Data scientist',
  'help.page.glossary': 'Glossaire',
  'help.page.shortcuts': 'Clavier',
  'help.page.new': 'Nouveautés',
  'help.none': 'Aucune page de l’aide ne porte ce nom.',
  'help.keysOn': 'Les raccourcis d’une touche sont actifs',
};
