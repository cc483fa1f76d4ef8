/** What the formatter does not see: mistakes. Types are checked by tsc (tsconfig.json). */
import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['dist/', 'types/'] },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: 'error',
      'no-implicit-coercion': 'error',
      'no-promise-executor-return': 'error',
      'no-self-compare': 'error',
      'no-template-curly-in-string': 'error',
      'no-unmodified-loop-condition': 'error',
      'no-use-before-define': ['error', { functions: false, variables: false }],
      'no-var': 'error',
      'prefer-const': 'error',
      'require-atomic-updates': 'error',
    },
  },
  { files: ['js/**'], languageOptions: { globals: globals.browser } },
  { files: ['tools/**', 'test/**', '*.js'], languageOptions: { globals: globals.nodeBuiltin } },
];
