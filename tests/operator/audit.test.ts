/** What operators do with `npm run user` is in the audit trail. */
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createCommandTrail } from '../../src/features/create-feature-audit.js';
import { createLogger } from '../../src/log/logger.js';
import { recordCommands } from '../../src/operator/audit.js';
import { createUsers, type Users } from '../../src/operator/users.js';
import { storedEvents } from '../support/audit-events.js';
import { builtFrom } from '../support/spawned.js';
import type { TestService } from '../support/test-service.js';
import { useVisitor } from '../support/use-service.js';
import type { Visitor } from '../support/visitor.js';

const logger = createLogger('info', { write: () => undefined });
const now = () => new Date();

let service: TestService;
let visitor: Visitor;
useVisitor((started) => ({ service, visitor } = started));

function usersOf({ pool, orm }: TestService): Users {
  const trail = createCommandTrail({}, { database: { pool, orm }, now, logger });
  return createUsers(orm, 30 * 86_400, recordCommands(trail));
}

async function idOf({ email }: Visitor): Promise<string> {
  const rows = await service.database.query<{ id: string }>(
    'select id from "user" where email = $1',
    [email],
  );
  return rows[0]?.id ?? '';
}

const eventsOfOperators = async (id: string) =>
  (await storedEvents(service)).filter(
    ({ actor, user_id }) => actor === 'operator' && user_id === id,
  );

const operations: readonly [string, (users: Users, id: string) => Promise<unknown>, object][] = [
  ['password_set', (users, id) => users.setPassword(id, 'a hash'), {}],
  ['sessions_end', (users, id) => users.signOut(id), { details: { ended: 1 } }],
  ['user_lock', (users, id) => users.lock(id), {}],
  [
    'limits_lift',
    (users, id) => users.unlock(id, () => Promise.resolve(0)),
    { details: { limitsLifted: 0 } },
  ],
  ['account_deletion', (users, id) => users.remove(id), {}],
];

test.each(operations)('%s is recorded with the operator as actor', async (kind, run, details) => {
  const id = await idOf(visitor);
  await run(usersOf(service), id);
  const common = { outcome: 'success', user_id: id, actor: 'operator', actor_id: 'command' };
  expect(await eventsOfOperators(id)).toEqual([
    expect.objectContaining({ kind, ...common, network: null, ...details }),
  ]);
});

test('a locked user who is unlocked: both changes are recorded', async () => {
  const users = usersOf(service);
  const id = await idOf(visitor);
  await users.lock(id);
  await users.unlock(id, () => Promise.resolve(0));
  expect((await eventsOfOperators(id)).map(({ kind, details }) => [kind, details])).toEqual([
    ['user_lock', null],
    ['user_unlock', null],
    ['limits_lift', { limitsLifted: 0 }],
  ]);
});

test('removed factors are named, and none for a user without any', async () => {
  const users = usersOf(service);
  const id = await idOf(visitor);
  const notify = () => Promise.resolve();
  await users.removeFactors(id, notify);
  expect(await eventsOfOperators(id)).toEqual([]);
  await service.database.query(
    `insert into passkey (id, user_id, public_key, credential_id, counter, device_type, backed_up, transports, aaguid, created_at)
    values ('p', $1, 'key', 'credential', 0, 'singleDevice', false, '', '', now())`,
    [id],
  );
  await users.removeFactors(id, notify);
  expect((await eventsOfOperators(id)).map(({ kind }) => kind)).toEqual(['factor_remove']);
});

test('a change that fails has no event', async () => {
  const users = usersOf(service);
  const id = await idOf(visitor);
  await service.database.query('alter table verification rename to verification_away');
  await expect(users.setPassword(id, 'a hash')).rejects.toThrow();
  await service.database.query('alter table verification_away rename to verification');
  expect(await eventsOfOperators(id)).toEqual([]);
});

test(
  'AUDIT=off in the environment of the command: nothing is recorded',
  { timeout: 60_000 },
  async () => {
    const id = await idOf(visitor);
    const signOut = async (env: Record<string, string>) => {
      await promisify(execFile)(
        process.execPath,
        [builtFrom('operator/user.ts'), 'sign-out', visitor.email],
        {
          cwd: tmpdir(),
          env: { PATH: process.env.PATH, DATABASE_URL: service.database.url, ...env },
        },
      );
      return (await eventsOfOperators(id)).length;
    };
    expect(await signOut({ AUDIT: 'off' })).toBe(0);
    expect(await signOut({})).toBe(1);
  },
);
