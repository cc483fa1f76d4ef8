export const texts = {
  'repair.title': 'Correct the rejected rows',
  'repair.lead':
    'Correct all rows of a cause at once, or field by field. The corrected rows go back as one file and complete the result of the first.',
  'repair.reading': 'Reading the rejected rows…',
  'repair.nothing': 'No rejected row of this file is left to correct.',
  'repair.toFile': 'Back to the result of the file',
  'repair.progressTitle': 'Progress',
  'repair.progress': (done, all) => `${done} of ${all} rows corrected`,
  'repair.openRows': (n, text) =>
    n === 1
      ? `${text} row is still wrong: it is not sent.`
      : `${text} rows are still wrong: they are not sent.`,
  'repair.noneOpen': 'No row is wrong any more.',
  'repair.leftRows': (n, text) =>
    n === 1
      ? `${text} row is left out on purpose: it stays rejected.`
      : `${text} rows are left out on purpose: they stay rejected.`,
  'repair.send': (n, text) =>
    n === 1
      ? `Send ${text} corrected row`
      : n === 0
        ? 'Send the corrected rows'
        : `Send ${text} corrected rows`,
  'repair.undo': 'Undo',
  'repair.undone': 'Undone.',
  'repair.groups': 'Causes',
  'repair.moreGroups': (n) => `Show more causes (${n})`,
  'repair.group': (n, text, fault, column) =>
    n === 1 ? `${text} row: ${fault} in ${column}` : `${text} rows: ${fault} in ${column}`,
  'repair.groupDone': 'Nothing is left to do here.',
  'repair.stillOpen': (n, text) =>
    n === 1 ? `${text} of them is still wrong.` : `${text} of them are still wrong.`,
  'repair.examples': 'For example',
  'repair.corrected': (n, text) => (n === 1 ? `${text} row corrected.` : `${text} rows corrected.`),
  'repair.leftOut': (n, text) => (n === 1 ? `${text} row left out.` : `${text} rows left out.`),
  'repair.confirm': 'Right as it is',
  'repair.leave': 'Leave these rows out',
  'repair.leaveOne': 'Leave out',
  'repair.takeBack': 'Take back in',
  'repair.showRows': 'Show the rows',
  'repair.setAll': 'Set for all',
  'repair.rows': 'Fields to correct',
  'repair.show': 'Show',
  'repair.state.open': 'To correct',
  'repair.state.repaired': 'Corrected',
  'repair.state.left': 'Left out',
  'repair.state.all': 'All',
  'repair.one.open': 'to correct',
  'repair.one.repaired': 'corrected',
  'repair.one.left': 'left out',
  'repair.allGroups': 'Show every cause',
  'repair.noRows': 'No field here.',
  'repair.line': 'Line',
  'repair.column': 'Column',
  'repair.sent': 'Sent',
  'repair.correction': 'Correction',
  'repair.stateTitle': 'State',
  'repair.empty': 'empty',
  'repair.pages': 'Pages',
  'repair.before': 'Previous page',
  'repair.next': 'Next page',
  'repair.page': (here, pages, fields) => `Page ${here} of ${pages} (${fields} fields)`,
  'repair.rewrite': 'Take this line',
  'repair.fields': (n) => `The line needs exactly ${n} fields, as the header has.`,
  'repair.onItsWay': 'The corrected rows are being scored',
  'repair.done': 'The corrected rows were scored',
  'repair.firstOpen': (n, text) =>
    n === 1
      ? `${text} row of the first file is left to correct.`
      : `${text} rows of the first file are left to correct.`,
  'repair.again': 'Correct what was rejected again',
  'repair.rest': 'Correct what is left',
  'fix.toPoint': 'Decimal comma → point',
  'fix.toComma': 'Decimal point → comma',
  'fix.thousands': 'The mark parts thousands',
  'fix.decimals': 'The mark parts decimals',
  'fix.dates': 'Dates (day/month/year) → days',
  'fix.sign': 'Put a minus sign before',
  'fix.by100': 'Divide by 100',
  'fix.by1000': 'Divide by 1,000',
  'fix.times100': 'Multiply by 100',
  'fix.times1000': 'Multiply by 1,000',
  'fix.whole': 'Round to a whole number',
  'fix.empty': 'Leave the field empty',
  'fix.category': (label) => `Replace by “${label}”`,
};
