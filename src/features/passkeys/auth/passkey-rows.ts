/** The passkeys of a user, and the handle under which authenticators know the user. */
import { randomBytes } from 'node:crypto';
import { desc, eq } from 'drizzle-orm';
import type { OrmOrTransaction } from '../../../db/client.js';
import { passkey, passkeyUser } from '../tables.js';

type Row = typeof passkey.$inferSelect;

/** As BetterAuth's stock client lists it, without the key. */
export interface ShownPasskey extends Pick<
  Row,
  | 'id'
  | 'name'
  | 'userId'
  | 'deviceType'
  | 'backedUp'
  | 'transports'
  | 'aaguid'
  | 'createdAt'
  | 'lastUsedAt'
> {
  readonly credentialID: string;
}

export function shownPasskey({ credentialId, ...row }: Row): ShownPasskey {
  const { id, name, userId, deviceType, backedUp, transports } = row;
  const { aaguid, createdAt, lastUsedAt } = row;
  return {
    id,
    name,
    userId,
    credentialID: credentialId,
    deviceType,
    backedUp,
    transports,
    aaguid,
    createdAt,
    lastUsedAt,
  };
}

/** The newest first. */
export function listPasskeys(db: OrmOrTransaction, userId: string): Promise<Row[]> {
  const rows = db.select().from(passkey).where(eq(passkey.userId, userId));
  return rows.orderBy(desc(passkey.createdAt));
}

/** The user's passkeys for options, so that browsers offer only them, or none of them again. */
export async function describePasskeys(db: OrmOrTransaction, userId: string) {
  const rows = await listPasskeys(db, userId);
  return rows.map(({ credentialId, transports }) => ({
    id: credentialId,
    // Browsers ignore values that they do not know.
    transports: transports.split(',').filter(Boolean) as (
      'internal' | 'hybrid' | 'usb' | 'nfc' | 'ble'
    )[],
  }));
}

/** The user's handle, created with the first options: one for all passkeys, so that a new one replaces an old one on a device. */
export async function findOrCreateHandle(
  db: OrmOrTransaction,
  userId: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const handle = randomBytes(32).toString('base64url');
  await db.insert(passkeyUser).values({ userId, handle }).onConflictDoNothing();
  const [row] = await db.select().from(passkeyUser).where(eq(passkeyUser.userId, userId));
  return Uint8Array.from(Buffer.from(row?.handle ?? handle, 'base64url'));
}
