/**
 * The page's code as its syntax tree tells it: what each module imports and which texts it asks for.
 *
 * @typedef {{named: {key: string, line: number}[], patterns: string[], unknown: string[],
 *   statics: string[], later: {path: string, texts: string[]}[],
 *   calls: {key: string, values: number, line: number}[]}} Facts
 *   named : texts whose whole key stands in the code; patterns : keys put together, `*` for what is put in
 *   unknown : what is asked for in a way that no test can follow
 *   later : modules fetched when they are needed, with the texts that are fetched beside them
 */
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = fileURLToPath(new URL('../js/', import.meta.url));
const ASKING = ['t', 'hasText'];

/** @returns {Promise<string[]>} every module of the page, the texts aside */
export async function allModules() {
  const files = await readdir(ROOT, { recursive: true });
  return files.filter((file) => file.endsWith('.js') && !file.startsWith('texts/')).sort();
}

/** @param {string} file under js/ @param {Set<string>} keys of all texts @returns {Promise<Facts>} */
export async function factsOf(file, keys) {
  const code = await readFile(join(ROOT, file), 'utf8');
  const tree = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
  const firsts = new Set([...keys].map((key) => key.split('.')[0]));
  const lineOf = (node) => tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  /** @type {Facts} */
  const facts = { named: [], patterns: [], unknown: [], statics: [], later: [], calls: [] };
  const resolved = (specifier) => relative(ROOT, join(ROOT, dirname(file), specifier));

  function visit(node) {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      if (node.moduleSpecifier.text.startsWith('.')) facts.statics.push(resolved(node.moduleSpecifier.text));
      return;
    }
    if (ts.isCallExpression(node)) visitCall(node);
    if (ts.isStringLiteralLike(node) && keys.has(node.text))
      facts.named.push({ key: node.text, line: lineOf(node) });
    // Handed on as a property: word="batch.repairedBy"
    if (ts.isTemplateLiteralToken(node))
      for (const [, key] of node.text.matchAll(/="([\w.]+)"/g))
        if (keys.has(key)) facts.named.push({ key, line: lineOf(node) });
    if (ts.isTemplateExpression(node)) {
      const pattern = patternOf(node);
      if (firsts.has(pattern.split('.')[0]) && /^\w+\.[\w.*]*$/.test(pattern)) facts.patterns.push(pattern);
    }
    ts.forEachChild(node, visit);
  }

  function visitCall(node) {
    const { expression: called, arguments: given } = node;
    if (called.kind === ts.SyntaxKind.ImportKeyword) {
      if (given[0].text.startsWith('.'))
        facts.later.push({ path: resolved(given[0].text), texts: textsBeside(node) });
    } else if (called.getText() === 'wordFor') {
      facts.patterns.push(`${given[0].text}.*`);
    } else if (ASKING.includes(called.getText()))
      for (const asked of branchesOf(given[0])) {
        if (ts.isStringLiteralLike(asked)) {
          if (!keys.has(asked.text)) facts.unknown.push(asked.text);
          else if (called.getText() === 't' && !given.some(ts.isSpreadElement))
            facts.calls.push({ key: asked.text, values: given.length - 1, line: lineOf(asked) });
        } else if (ts.isTemplateExpression(asked) && !/^\w+\.[\w.*]*$/.test(patternOf(asked)))
          facts.unknown.push(asked.getText());
      }
  }

  visit(tree);
  return facts;
}

/** `error.${kind}Help` -> error.*Help */
function patternOf(template) {
  return template.head.text + template.templateSpans.map(({ literal }) => `*${literal.text}`).join('');
}

/** What `a ? b : c` may be: b or c. */
function branchesOf(node) {
  if (ts.isParenthesizedExpression(node)) return branchesOf(node.expression);
  if (ts.isConditionalExpression(node)) return [...branchesOf(node.whenTrue), ...branchesOf(node.whenFalse)];
  return [node];
}

/** The sections that the same function fetches by name. */
function textsBeside(node) {
  const around = ts.findAncestor(
    node,
    (parent) => ts.isFunctionLike(parent) && /needTexts/.test(parent.getText()),
  );
  return around ? [...around.getText().matchAll(/needTexts\('(\w+)'\)/g)].map(([, name]) => name) : [];
}
