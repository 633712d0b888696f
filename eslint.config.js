import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** @type {import('eslint').Rule.RuleModule} */
const beginsWithPurpose = {
  meta: {
    schema: [],
    messages: { missing: 'Begin with a comment that says what this file is for.' },
  },
  create: (context) => ({
    Program(node) {
      const isThere = /^(?:#!.*\n)?\/\*\*\s+(?:\*\s+)?(?:\p{Lu}|`).{20,}/u.test(
        context.sourceCode.text,
      );
      if (!isThere) context.report({ node, messageId: 'missing' });
    },
  }),
};

export default defineConfig(
  globalIgnores([
    '**/dist/',
    '.data/',
    '.vercel/',
    'drizzle/',
    'clients/docusaurus/',
    'clients/fastapi/',
    'examples/textbook/site/',
    '.dependency-cruiser.cjs',
  ]),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.js'] } },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { local: { rules: { 'begins-with-purpose': beginsWithPurpose } } },
    rules: {
      'local/begins-with-purpose': 'error',
      'max-lines': ['error', 250],
    },
  },
);
