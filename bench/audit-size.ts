/**
 * Whether a large audit trail slows sign-ins: alternately one to a service whose trail is empty and one to a service whose
 * trail has many events, over four months. `node --import tsx bench/audit-size.ts [events]`, ten million by default.
 */
import { performance } from 'node:perf_hooks';
import { readConfig } from '../src/config/config.js';
import { createService } from '../src/create-service.js';
import { listen } from '../src/listen.js';
import { createLogger } from '../src/log/logger.js';
import { run, startCluster } from './cluster.js';
import { clientIpHeader, origin } from './contender.js';
import { secret } from './seed.js';

const rounds = 300;
const warmUpRounds = 30;
const events = Number(process.argv[2] ?? 10_000_000);
const batch = 1_000_000;

const cluster = await startCluster();
try {
  const [empty, full] = [
    await cluster.createDatabase('empty_trail'),
    await cluster.createDatabase('full_trail'),
  ];
  const months = [-3, -2, -1].map(
    (
      offset,
    ) => `do $$ declare first date := date_trunc('month', now() at time zone 'UTC') + interval '${offset} month';
      begin execute format('create table if not exists audit_event_%s partition of audit_event for values from (%L) to (%L)',
        to_char(first, 'YYYY_MM'), first || ' 00:00:00+00', (first + interval '1 month')::date || ' 00:00:00+00'); end $$`,
  );
  await run(full, ...months);
  for (let from = 0; from < events; from += batch)
    await run(full, fill(Math.min(batch, events - from)));
  await run(full, 'analyze audit_event');
  const services = [await start(empty), await start(full)] as const;
  const times: [number[], number[]] = [[], []];
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    for (const index of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const took = await services[index].signIn();
      if (round >= 0) times[index].push(took);
    }
  }
  for (const { stop } of services) await stop();
  const [ofEmpty, ofFull] = times.map(median) as [number, number];
  const ratio = (ofEmpty / ofFull).toFixed(3);
  process.stdout.write(
    `${events} events: a sign-in takes ${ofFull.toFixed(2)} ms, with an empty trail ${ofEmpty.toFixed(2)} ms; ratio ${ratio}\n`,
  );
} finally {
  await cluster.stop();
}

function fill(count: number): string {
  return `insert into audit_event
      (id, at, kind, outcome, reason, user_id, account, session, request_id, actor, device, network, site, details)
    select gen_random_uuid()::text, now() - random() * interval '90 days',
      (array['sign_in', 'sign_in', 'session_check', 'sign_out'])[1 + n % 4],
      case when n % 4 = 2 then 'refused' else 'success' end, case when n % 4 = 2 then 'no_cookie' end,
      'user-' || n % 100000, null, substr(md5(n::text || random()), 1, 8), gen_random_uuid()::text, 'user',
      'Firefox (Linux)', '203.0.113.0/24', 'https://docs.example.com', '{"aal": 1, "methods": ["password"]}'
    from generate_series(1, ${count}) as n`;
}

async function start(databaseUrl: string) {
  const now = () => new Date();
  const config = readConfig(
    {
      DATABASE_URL: databaseUrl,
      NODE_ENV: 'production',
      BETTER_AUTH_SECRET: secret,
      BETTER_AUTH_URL: 'http://localhost:3001',
      BETTER_AUTH_TRUSTED_ORIGINS: origin,
      CLIENT_IP_HEADER: clientIpHeader,
    },
    now(),
  );
  const service = createService({
    config,
    logger: createLogger('fatal', { write: () => undefined }),
    now,
    // The hash would hide the database.
    passwordCost: { memoryCost: 8, timeCost: 1, parallelism: 1 },
  });
  await service.warmUp();
  const server = await listen(service.app, 0);
  let requests = 0;
  async function post(path: string, body: object): Promise<void> {
    requests += 1;
    const response = await fetch(`http://127.0.0.1:${server.port}/api/auth${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin,
        [clientIpHeader]: `10.0.${requests >> 8}.${requests & 255}`,
      },
      body: JSON.stringify(body),
    });
    if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
    await response.text();
  }
  const password = 'quiet harbour seventeen lamps';
  const emailOf = (user: number) => `user-${user}@example.com`;
  let user = 0;
  for (let each = 0; each < 50; each += 1) {
    await post('/sign-up/email', { name: 'A', email: emailOf(each), password });
  }
  return {
    /** @returns milliseconds */
    async signIn(): Promise<number> {
      const email = emailOf((user += 1) % 50);
      const startedAt = performance.now();
      await post('/sign-in/email', { email, password });
      return performance.now() - startedAt;
    },
    async stop() {
      await server.stop();
      await service.database.close();
    },
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
