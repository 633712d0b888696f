/** From the start of a process to its first answered `/session`, for the files that `vercel build` emits. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildForVercel,
  findVercelNode,
  serveFunction,
  type VercelBuild,
} from '../../tests/vercel/vercel-build.js';
import type { Measured, MeasureName } from '../targets.js';
import { origin } from '../contender.js';
import { secret, signedIn, type SessionSeed } from '../seed.js';
import { median, ratiosOf } from '../statistics.js';
import { takeTurns, type RoundOptions } from './rounds.js';

const starts = 15;

/**
 * Three processes take turns: the service without a cookie (401), with one (200, so with a connection to the
 * database), and an Express hello-world that was built the same way.
 * @throws where Vercel's CLI cannot be fetched or does not build
 */
export async function measureColdStart(
  databaseUrl: string,
  seed: SessionSeed,
  onProgress: RoundOptions['onProgress'],
): Promise<Measured[]> {
  const node = await findVercelNode();
  const [{ cookie } = { cookie: '' }] = signedIn(seed, 1);
  const env = {
    VERCEL: '1',
    VERCEL_ENV: 'production',
    DATABASE_URL: databaseUrl,
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
        const answer = await fetch(`${served.url}/session`, { headers });
        await answer.arrayBuffer();
        const elapsedMs = performance.now() - startedAt;
        await served.stop();
        if (answer.status !== status) throw new Error(`/session answered ${answer.status}`);
        return elapsedMs;
      };
    const ms = await takeTurns(
      {
        'signed out': start(ours, 401),
        'signed in': start(ours, 200, { cookie }),
        'bare Express': start(bare, 200),
      },
      { rounds: starts, secondsPerRound: 0, warmUpSeconds: 0, onProgress },
    );
    const against = (measure: MeasureName, name: 'signed out' | 'signed in'): Measured => {
      const bareMs = ms['bare Express'];
      const rounds = ratiosOf(ms[name], bareMs);
      const figures = {
        [`${name} ms`]: median(ms[name]),
        'bare Express ms': median(bareMs),
        // What others do on the machine only adds: the fastest start of many is the nearest to the truth.
        'fastest against fastest': Math.min(...ms[name]) / Math.min(...bareMs),
      };
      return { measure, value: median(rounds), rounds, figures };
    };
    return [against('coldStartSignedOut', 'signed out'), against('coldStartSignedIn', 'signed in')];
  } finally {
    for (const built of builds) await built.remove();
  }
}

async function entryOf({ functionFolder }: VercelBuild): Promise<string> {
  const text = await readFile(join(functionFolder, '.vc-config.json'), 'utf8');
  return join(functionFolder, (JSON.parse(text) as { handler: string }).handler);
}

async function writeHelloWorld(folder: string): Promise<void> {
  const { dependencies } = JSON.parse(await readFile('package.json', 'utf8')) as {
    dependencies: { express: string };
  };
  const { express } = dependencies;
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
