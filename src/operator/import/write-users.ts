/** Writes users in batches: a batch and all that belongs to it is written in one transaction, or not at all. */
import { randomBytes } from 'node:crypto';
import { and, eq, inArray, or } from 'drizzle-orm';
import type { Orm, OrmOrTransaction } from '../../db/client.js';
import { account, user } from '../../db/schema.js';
import type { ImportUser } from './check-user.js';
import type { SourceLogin } from './source-user.js';

type Written =
  /** @property takenLogins the number of logins that belong to another user */
  | { readonly outcome: 'imported'; readonly takenLogins: number }
  /** A user with this address exists: nothing of theirs is changed. */
  | { readonly outcome: 'exists' }
  | { readonly outcome: 'id_taken' };

type RecordImports = (tx: OrmOrTransaction, userIds: readonly string[]) => Promise<void>;

export interface WriteUsers {
  /** What `write` would do now. */
  plan(users: readonly ImportUser[]): Promise<Written[]>;
  write(users: readonly ImportUser[]): Promise<Written[]>;
}

/** @param record stores that these users were imported, in the transaction that creates them */
export function createWriteUsers(orm: Orm, record: RecordImports): WriteUsers {
  return {
    plan: (users) => findConflicts(orm, users),
    write: (users) =>
      orm.transaction(async (tx) => {
        const planned = await findConflicts(tx, users);
        const isNew = (index: number) => planned[index]?.outcome === 'imported';
        const created = await insertUsers(
          tx,
          users.filter((_user, index) => isNew(index)),
        );
        const linked = await insertAccounts(tx, users, created);
        await record(tx, [...created.values()]);
        return users.map((one, index): Written => {
          const plan = planned[index] ?? { outcome: 'exists' };
          if (plan.outcome !== 'imported') return plan;
          // Somebody may have signed up with the address since it was looked up.
          if (!created.has(one.email)) return { outcome: 'exists' };
          const takenLogins = one.logins.filter((login) => !linked.has(keyOf(login))).length;
          return { outcome: 'imported', takenLogins };
        });
      }),
  };
}

async function findConflicts(
  db: OrmOrTransaction,
  users: readonly ImportUser[],
): Promise<Written[]> {
  if (users.length === 0) return [];
  const emails = users.map(({ email }) => email);
  const ids = users.flatMap(({ id }) => id ?? []);
  const found = await db
    .select({ id: user.id, email: user.email })
    .from(user)
    .where(or(inArray(user.email, emails), inArray(user.id, ids)));
  const existing = new Set(found.map(({ email }) => email));
  const takenIds = new Set(found.map(({ id }) => id));
  const takenLogins = await findTakenLogins(
    db,
    users.flatMap(({ logins }) => logins),
  );
  return users.map(({ id, email, logins }): Written => {
    if (existing.has(email)) return { outcome: 'exists' };
    if (id !== undefined && takenIds.has(id)) return { outcome: 'id_taken' };
    const taken = logins.filter((login) => takenLogins.has(keyOf(login)));
    return { outcome: 'imported', takenLogins: taken.length };
  });
}

async function findTakenLogins(
  db: OrmOrTransaction,
  logins: readonly SourceLogin[],
): Promise<Set<string>> {
  if (logins.length === 0) return new Set();
  // One condition for each provider: hundreds of them would take long to plan.
  const subjects = new Map<string, string[]>();
  for (const { provider, subject } of logins)
    subjects.set(provider, [...(subjects.get(provider) ?? []), subject]);
  const isOneOf = [...subjects].map(([provider, ofProvider]) =>
    and(eq(account.providerId, provider), inArray(account.accountId, ofProvider)),
  );
  const found = await db
    .select({ provider: account.providerId, subject: account.accountId })
    .from(account)
    .where(or(...isOneOf));
  return new Set(found.map(keyOf));
}

/** @returns the ids of the created users by address */
async function insertUsers(
  tx: OrmOrTransaction,
  users: readonly ImportUser[],
): Promise<Map<string, string>> {
  if (users.length === 0) return new Map();
  const rows = users.map((one) => ({
    id: one.id ?? newId(),
    email: one.email,
    emailVerified: one.emailVerified,
    name: one.name,
    image: one.image ?? null,
    ...(one.createdAt && { createdAt: one.createdAt }),
    ...(one.profile && { profile: one.profile }),
  }));
  // In one order, so that of two imports at once none waits for a row of the other one that waits for its own.
  rows.sort((a, b) => (a.email < b.email ? -1 : 1));
  const created = await tx
    .insert(user)
    .values(rows)
    .onConflictDoNothing()
    .returning({ id: user.id, email: user.email });
  return new Map(created.map(({ id, email }) => [email, id]));
}

/** @returns the logins that were inserted */
async function insertAccounts(
  tx: OrmOrTransaction,
  users: readonly ImportUser[],
  created: ReadonlyMap<string, string>,
): Promise<Set<string>> {
  const rows = users.flatMap(({ email, hash, logins }) => {
    const userId = created.get(email);
    if (userId === undefined) return [];
    // The fields are as BetterAuth writes them.
    const credential = { accountId: userId, providerId: 'credential', password: hash ?? null };
    return [
      ...(hash === undefined ? [] : [credential]),
      ...logins.map(({ provider, subject }) => ({
        accountId: subject,
        providerId: provider,
        password: null,
      })),
    ].map((row) => ({ id: newId(), userId, ...row }));
  });
  if (rows.length === 0) return new Set();
  rows.sort((a, b) => (keyOfRow(a) < keyOfRow(b) ? -1 : 1));
  const inserted = await tx
    .insert(account)
    .values(rows)
    .onConflictDoNothing({ target: [account.providerId, account.accountId] })
    .returning({ provider: account.providerId, subject: account.accountId });
  return new Set(inserted.map(keyOf));
}

function keyOf({ provider, subject }: SourceLogin): string {
  return `${provider}\0${subject}`;
}

function keyOfRow({ providerId, accountId }: { providerId: string; accountId: string }): string {
  return keyOf({ provider: providerId, subject: accountId });
}

function newId(): string {
  return randomBytes(16).toString('hex');
}
