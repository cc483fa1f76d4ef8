export const texts = {
  'paste.title': 'Paste rows from a spreadsheet',
  'paste.lead':
    'Copy the rows in your spreadsheet and paste them here. Each is scored at once; nothing is kept.',
  'paste.field': 'Rows',
  'paste.hint': (columns, most) =>
    `With their header, or all ${columns} columns in the order of the sample file. At most ${most} rows.`,
  'paste.score': (n) => (n === 1 ? 'Score 1 row' : `Score ${n} rows`),
  'paste.scoring': 'Scoring…',
  'paste.summary': (scored, rejected) => `${scored} scored, ${rejected} rejected`,
  'paste.nothingKept':
    'These results are nowhere but on this page. What the service knows of an applicant completed their row.',
  'paste.application': 'Application',
  'paste.line': 'Line',
  'paste.column': 'Column',
  'paste.sent': 'Pasted',
  'paste.fault': (column, fault) => `${column}: ${fault}`,
  'paste.and': '; ',
  'paste.why': 'Cause',
  'paste.verdict': 'Verdict',
  'paste.pd': 'Risk of default',
  'paste.band': 'Risk',
  'paste.faults': (n, text) =>
    n === 1 ? `${text} row is wrong and will not be scored` : `${text} rows are wrong and will not be scored`,
  'paste.moreFaults': (text) => `And ${text} more.`,
  'paste.tooMuch': (most) =>
    `That is more than one call takes (${most} rows, 3 MB). As a file there is no such bound: every row comes back, scored or rejected.`,
  'paste.asFile': 'Send it as a file',
  'paste.file': 'pasted.csv',
};
