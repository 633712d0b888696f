/**
 * Whether a large audit trail slows sign-ins: alternately one to a service whose trail is empty and one to a service whose
 * trail has many events, over four months.
 */
import { readConfig } from '../../src/config/config.js';
import { createService } from '../../src/create-service.js';
import { listen } from '../../src/listen.js';
import { createLogger } from '../../src/log/logger.js';
import { run } from '../cluster.js';
import { clientIpHeader, origin } from '../contender.js';
import type { Context } from '../measures.js';
import { secret } from '../seed.js';
import { median } from '../statistics.js';
import type { Results } from '../targets.js';

const signInsPerRound = 60;
const warmUp = 40;
const months = 4;

export async function measureAuditSize({ cluster, options, rows }: Context): Promise<Results> {
  const { rounds, onProgress } = options;
  const urls = [
    await cluster.createDatabase('bench_empty_trail'),
    await cluster.createDatabase('bench_full_trail'),
  ] as const;
  const tookMs = performance.now();
  await fillTrail(urls[1], rows, onProgress);
  const fillSeconds = Math.round((performance.now() - tookMs) / 1000);
  const services = await Promise.all(urls.map(startService));
  const [empty, full] = services as [Running, Running];
  try {
    const ratios: number[] = [];
    const figures = {
      events: rows,
      'empty trail ms': NaN,
      'full trail ms': NaN,
      'fill s': fillSeconds,
    };
    const all: [number[], number[]] = [[], []];
    for (let round = 0; round <= rounds; round += 1) {
      const times: [number[], number[]] = [[], []];
      // The first round warms up.
      for (let each = 0; each < (round === 0 ? warmUp : signInsPerRound); each += 1) {
        for (const side of each % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
          times[side].push(await (side === 0 ? empty : full).signIn());
        }
      }
      if (round === 0) continue;
      onProgress(`round ${round} of ${rounds}`);
      times.forEach((values, side) => all[side]?.push(...values));
      ratios.push(median(times[0]) / median(times[1]));
    }
    figures['empty trail ms'] = median(all[0]);
    figures['full trail ms'] = median(all[1]);
    const measure = 'signInWithLargeTrail';
    return {
      measured: [{ measure, value: median(ratios), rounds: ratios, figures }],
      throughput: [],
    };
  } finally {
    await Promise.all(services.map((service) => service.stop()));
  }
}

/**
 * Each month is filled without indexes and then attached, which builds those that the trail has: many times faster than
 * to insert with them, and the result is the same.
 */
async function fillTrail(
  url: string,
  rows: number,
  onProgress: Context['options']['onProgress'],
): Promise<void> {
  const perMonth = Math.ceil(rows / months);
  const now = new Date();
  const startOf = (offset: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset)).toISOString();
  for (let offset = 1 - months; offset <= 0; offset += 1) {
    const [from, end] = [startOf(offset), startOf(offset + 1)];
    const name = `audit_event_${from.slice(0, 7).replace('-', '_')}`;
    const until = offset === 0 ? now.toISOString() : end;
    await run(
      url,
      `set maintenance_work_mem = '256MB'; set max_parallel_maintenance_workers = 2`,
      `drop table if exists ${name}`,
      `create table ${name} (like audit_event including defaults)`,
      fill(name, perMonth, from, until),
      `set maintenance_work_mem = '256MB';
       alter table audit_event attach partition ${name} for values from ('${from}') to ('${end}')`,
    );
    onProgress(`${perMonth.toLocaleString('en')} events of ${from.slice(0, 7)}`);
  }
  await run(url, 'vacuum analyze audit_event', 'checkpoint');
}

function fill(table: string, count: number, from: string, until: string): string {
  return `insert into ${table}
      (id, at, kind, outcome, reason, user_id, account, session, request_id, actor, device, network, site, count, details)
    select gen_random_uuid()::text,
      '${from}'::timestamptz + random() * ('${until}'::timestamptz - '${from}'::timestamptz),
      (array['sign_in', 'sign_in', 'session_check', 'sign_out'])[1 + n % 4],
      case when n % 4 = 2 then 'refused' else 'success' end, case when n % 4 = 2 then 'no_credential' end,
      md5('user-' || n % 100000), case when n % 4 < 2 then substr(md5('account-' || n % 100000), 1, 8) end,
      substr(md5(n::text || random()), 1, 8), gen_random_uuid()::text, 'user',
      'Firefox (Linux)', '203.0.' || n % 256 || '.0/24', 'https://docs.example.com', 1,
      '{"aal": 1, "methods": ["password"]}'
    from generate_series(1, ${count}) as n`;
}

type Running = Awaited<ReturnType<typeof startService>>;

async function startService(databaseUrl: string) {
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
