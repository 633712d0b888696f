/** Time from the start of a process to its first response to `/session`, for the output of `vercel build`. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildForVercel,
  findVercelNode,
  serveFunction,
  type VercelBuild,
} from '../../tests/vercel/vercel-build.js';
import { origin } from '../contender.js';
import type { Context } from '../measures.js';
import { secret, signedIn } from '../seed.js';
import { median } from '../statistics.js';
import type { MeasureName, Results } from '../targets.js';
import { takeTurns, valuesOf } from './rounds.js';
import { compare } from './throughput.js';

const starts = 15;

/**
 * Three processes take turns: the service without a cookie (401), with one (200, which needs a database connection),
 * and an Express hello-world app built the same way.
 * @throws if Vercel's CLI cannot be downloaded or the build fails
 */
export async function measureColdStart({ smallDatabase, options }: Context): Promise<Results> {
  const { url, seed } = await smallDatabase();
  const node = await findVercelNode();
  const [{ cookie } = { cookie: '' }] = signedIn(seed, 1);
  const env = {
    VERCEL: '1',
    VERCEL_ENV: 'production',
    DATABASE_URL: url,
    BETTER_AUTH_SECRET: secret,
    BETTER_AUTH_URL: origin,
  };
  const builds: VercelBuild[] = [];
  try {
    const build = async (fill?: (folder: string) => Promise<void>) => {
      const built = await buildForVercel(fill);
      builds.push(built);
      return entryOf(built);
    };
    const ours = await build();
    const bare = await build(writeHelloWorld);
    const start = (entry: string, status: number, headers: Record<string, string> = {}) =>
      async function coldStart() {
        const startedAt = performance.now();
        const served = await serveFunction(entry, env, node);
        const response = await fetch(`${served.url}/session`, { headers });
        await response.arrayBuffer();
        const elapsedMs = performance.now() - startedAt;
        await served.stop();
        if (response.status !== status) throw new Error(`/session returned ${response.status}`);
        return { value: elapsedMs };
      };
    const ms = await takeTurns(
      {
        'signed out': start(ours, 401),
        'signed in': start(ours, 200, { cookie }),
        'bare Express': start(bare, 200),
      },
      { ...options, rounds: starts },
    );
    const against = (measure: MeasureName, name: 'signed out' | 'signed in') => {
      const ourMs = valuesOf(ms[name]);
      const bareMs = valuesOf(ms['bare Express']);
      const figures = {
        [`${name} ms`]: median(ourMs),
        'bare Express ms': median(bareMs),
        // Other load on the machine only adds time, so the fastest start is the most accurate one.
        'fastest against fastest': Math.min(...ourMs) / Math.min(...bareMs),
      };
      return compare(measure, ms[name], ms['bare Express']).map((each) => ({ ...each, figures }));
    };
    return {
      measured: [
        ...against('coldStartSignedOut', 'signed out'),
        ...against('coldStartSignedIn', 'signed in'),
      ],
      throughput: [],
    };
  } finally {
    for (const built of builds) await built.remove();
  }
}

async function entryOf({ functionFolder }: VercelBuild): Promise<string> {
  const text = await readFile(join(functionFolder, '.vc-config.json'), 'utf8');
  return join(functionFolder, (JSON.parse(text) as { handler: string }).handler);
}

async function writeHelloWorld(folder: string): Promise<void> {
  const { devDependencies } = JSON.parse(await readFile('package.json', 'utf8')) as {
    devDependencies: { express: string };
  };
  const { express } = devDependencies;
  const manifest = { name: 'hello', private: true, type: 'module', dependencies: { express } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await mkdir(join(folder, 'src'));
  await writeFile(
    join(folder, 'src/app.js'),
    `import express from 'express';
const app = express();
app.get('/session', (_req, res) => res.json({ hello: 'world' }));
export default app;
`,
  );
}
