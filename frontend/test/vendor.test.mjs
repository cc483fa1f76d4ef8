import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rewriteImports } from '../tools/vendor.mjs';

test('bare imports become files beside the module', () => {
  const code =
    'import{h}from"preact";import{useState as s}from\'preact/hooks\';export*from"@preact/signals-core";';
  assert.equal(
    rewriteImports(code, 'a.mjs').trim(),
    'import{h}from"./preact.js";import{useState as s}from\'./preact-hooks.js\';export*from"./signals-core.js";',
  );
});

test('an import that nobody planned stops the build with its name', () => {
  assert.throws(() => rewriteImports('import"left-pad";', 'a.mjs'), /a\.mjs imports left-pad/);
});

test('the map of a minified file is not promised', () => {
  assert.equal(rewriteImports('a();\n//# sourceMappingURL=a.mjs.map\n', 'a.mjs'), 'a();\n');
});
