/**
 * `GET /api/auth/reference` of `npm run dev`: docs/openapi.json, displayed by Scalar. Scalar's script is one file of a
 * package with 300 dependencies that it does not need in a browser. So it is no dependency of this project: the first
 * request downloads that file from the package registry, verifies it and keeps it in DATA_DIR.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import type { RequestListener, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { authBasePath } from '../auth/auth-names.js';

export const referencePath = `${authBasePath}/reference`;

const version = '1.46.4';
const scriptInPackage = 'package/dist/browser/standalone.js';
const scriptSha256 = '81b8d2bdab4a42ab81465386441b9a0f928b68631364360f00e8cce620cc1efb';

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <link rel="icon" href="data:," />
    <title>auth-service: API reference</title>
  </head>
  <body>
    <div id="app"></div>
    <script src="${referencePath}/scalar.js"></script>
    <script>
      Scalar.createApiReference('#app', {
        url: '${referencePath}/openapi.json',
        withDefaultFonts: false,
        telemetry: false,
        agent: { disabled: true },
        showDeveloperTools: 'never',
        hideClientButton: true,
      });
    </script>
  </body>
</html>
`;

/** Nothing is loaded from, or sent to, another host. */
const contentSecurityPolicy =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:";

export interface ApiReferenceOptions {
  readonly baseUrl: string;
  readonly dataDirectory: string;
  /** Returns Scalar's script. @throws when it cannot be downloaded, or is not the expected file */
  readonly loadScript?: (dataDirectory: string) => Promise<Buffer>;
}

/** The app with the reference in front of it. */
export function withApiReference(
  app: RequestListener,
  { baseUrl, dataDirectory, loadScript = loadScalar }: ApiReferenceOptions,
): RequestListener {
  const files: Record<string, () => Promise<readonly [type: string, content: string | Buffer]>> = {
    async [referencePath]() {
      await loadScript(dataDirectory); // here, so that a failure is shown instead of an empty page
      return ['text/html', page];
    },
    [`${referencePath}/scalar.js`]: async () => [
      'text/javascript',
      await loadScript(dataDirectory),
    ],
    [`${referencePath}/openapi.json`]: async () => [
      'application/json',
      await readDocument(baseUrl),
    ],
  };

  return function serveApiReference(req, res) {
    const [path = ''] = (req.url ?? '').split('?');
    const read = req.method === 'GET' && Object.hasOwn(files, path) ? files[path] : undefined;
    if (read === undefined) {
      app(req, res);
      return;
    }
    read().then(
      ([type, content]) => send(res, 200, type, content),
      (error: unknown) => send(res, 503, 'text/plain', `No API reference: ${String(error)}\n`),
    );
  };
}

function send(res: ServerResponse, status: number, type: string, content: string | Buffer): void {
  res.writeHead(status, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Security-Policy': contentSecurityPolicy,
  });
  res.end(content);
}

async function readDocument(baseUrl: string): Promise<string> {
  const text = await readFile(new URL('../../docs/openapi.json', import.meta.url), 'utf8');
  return JSON.stringify({ ...(JSON.parse(text) as object), servers: [{ url: baseUrl }] });
}

async function loadScalar(dataDirectory: string): Promise<Buffer> {
  const file = join(dataDirectory, `scalar-${version}.js`);
  const kept = await readFile(file).catch(() => undefined);
  if (kept !== undefined && isExpected(kept)) return kept;
  await mkdir(dataDirectory, { recursive: true });
  const folder = await mkdtemp(join(dataDirectory, 'scalar-'));
  try {
    const spec = `@scalar/api-reference@${version}`;
    const run = promisify(execFile);
    const { stdout } = await run('npm', ['pack', spec, '--silent', '--pack-destination', folder]);
    await run('tar', ['-xzf', join(folder, stdout.trim()), '-C', folder, scriptInPackage]);
    const script = await readFile(join(folder, scriptInPackage));
    if (!isExpected(script)) throw new Error(`${spec} is not the expected file`);
    await rename(join(folder, scriptInPackage), file);
    return script;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function isExpected(script: Buffer): boolean {
  return createHash('sha256').update(script).digest('hex') === scriptSha256;
}
