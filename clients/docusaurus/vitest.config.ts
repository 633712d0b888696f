import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // Docusaurus resolves these names when it bundles a site.
  resolve: {
    alias: [
      { find: 'docusaurus-plugin-auth-service/client', replacement: file('src/client/index.ts') },
      { find: '@theme/Layout', replacement: file('tests/support/layout.tsx') },
      { find: /^@theme\/(.*)$/, replacement: file('src/theme/$1.tsx') },
      { find: /^@docusaurus\/(.*)$/, replacement: file('tests/support/docusaurus/$1.tsx') },
    ],
  },
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    include: ['tests/**/*.test.{ts,tsx}'],
    maxWorkers: 2, // Docusaurus's builds take as long as all else, and leave a processor idle for a part of it
    testTimeout: 20_000,
    hookTimeout: 300_000,
  },
});
