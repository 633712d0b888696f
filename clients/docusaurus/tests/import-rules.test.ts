/** `.dependency-cruiser.cjs`: each rule reports a project that breaks it. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const client = fileURLToPath(new URL('..', import.meta.url));

/** What `npm run check:imports` reports in a folder, as `rule: importing file → imported file`. */
async function violationsIn(folder: string): Promise<string[]> {
  const program = join(client, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(client, '.dependency-cruiser.cjs');
  const args = [program, 'src', '--config', config, '--output-type', 'json'];
  const failed = (error: { stdout?: string }) => ({ stdout: error.stdout ?? '' });
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder }).catch(
    failed,
  );
  const { summary } = JSON.parse(stdout) as {
    summary: { violations: { from: string; to: string; rule: { name: string } }[] };
  };
  // A package is found behind the link to this client's.
  const short = (path: string) => path.replace(/^.*node_modules\//, '');
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${short(to)}`);
}

const files = {
  'tsconfig.json': '{}',
  'src/index.ts': "import './client/fetcher.js';",
  'src/options.ts': "import 'node:fs';\nexport interface Options { x: 1 }",
  'src/client/index.ts': '',
  'src/client/auth-client.ts': "export { createAuthClient } from 'better-auth/react';",
  'src/client/fetcher.ts': "export type { createAuthClient } from 'better-auth/react';",
  'src/client/factors/webauthn.ts': "export const load = () => import('@simplewebauthn/browser');",
  'src/client/captcha/solve-altcha.ts': "export { solveChallenge } from 'altcha-lib';",
  'src/client/captcha-user.ts': "export { solveChallenge } from 'altcha-lib';",
  'src/client/passkey-user.ts': "export { startRegistration } from '@simplewebauthn/browser';",
  'src/client/plugin-user.ts': "import '../index.js';",
  'src/client/options-user.ts':
    "import type { Options } from '../options.js';\nexport type O = Options;",
  'src/client/a.ts': "import type { B } from './b.js';\nexport interface A { b: B }",
  'src/client/b.ts': "import type { A } from './a.js';\nexport interface B { a: A }",
  'src/theme/Button.tsx': "import '../client/a.js';",
  'src/theme/Link.tsx': "import '../client/index.js';",
};

test('a project that breaks every rule is reported, and its permitted imports are not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'import-rules-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    await symlink(join(client, 'node_modules'), join(folder, 'node_modules'));
    expect((await violationsIn(folder)).sort()).toEqual([
      'browser-code-never-imports-node: src/options.ts → fs',
      'browser-code-never-imports-the-plugin: src/client/plugin-user.ts → src/index.ts',
      'components-use-the-public-entry: src/theme/Button.tsx → src/client/a.ts',
      'no-cycles: src/client/a.ts → src/client/b.ts',
      'one-importer-of-altcha: src/client/captcha-user.ts → altcha-lib',
      'one-importer-of-better-auth: src/client/fetcher.ts → better-auth/react',
      'one-importer-of-simplewebauthn: src/client/passkey-user.ts → @simplewebauthn/browser/script/index.js',
      'the-plugin-never-imports-browser-code: src/index.ts → src/client/fetcher.ts',
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
