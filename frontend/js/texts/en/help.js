export const texts = {
  'help.title': 'Help',
  'help.pages': 'Pages of the help',
  'help.page.advisor': 'Advisor',
  'help.page.back-office': 'Back office',
  'help.page.operator': 'Operator',
  'help.page.data-scientist': 'Data scientist',
  'help.page.glossary': 'Glossary',
  'help.page.shortcuts': 'Keyboard',
  'help.page.new': 'What is new',
  'help.none': 'No page of the help has this name.',
  'help.keysOn': 'Shortcuts of one key are on',
};
