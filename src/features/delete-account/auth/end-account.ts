/** Ends an account: deletes it, or locks it and schedules its deletion. One transaction with the mail that says so. */
import { eq } from 'drizzle-orm';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { endSessionsAndLinks } from '../../../auth/end-access.js';
import { endSessionsByRequest } from '../../../auth/ended-by-request.js';
import type { MailedLinks } from '../../../auth/mailed-links.js';
import { describeTime, siteOf } from '../../../auth/notice-details.js';
import {
  deleteUserIfPasswordUnchanged,
  isCurrentPassword,
  wrongPassword,
} from '../../../auth/verified-password.js';
import { refuseLastAdmin } from '../../../auth/refuse-last-admin.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { mailedLink, user, verification } from '../../../db/schema.js';
import { sessionsOf } from '../../../db/session-endings.js';

const dayMs = 86_400_000;

/** As the response says it. BetterAuth's clients know the first message. */
export type Ended =
  | { readonly success: true; readonly message: 'User deleted' }
  | { readonly success: true; readonly message: 'Deletion scheduled'; readonly deleteAfter: Date };

interface Owner {
  readonly id: string;
  readonly email: string;
}

export function createAccountEnding(
  graceDays: number,
  links: Pick<MailedLinks, 'mailOrigin'>,
  dependencies: AuthDependencies,
) {
  const { config, scopes, mailer, audit } = dependencies;

  async function deleteNow(tx: OrmOrTransaction, owner: Owner, headers: Headers | undefined) {
    const { verified } = scopes.getStore() ?? {};
    await endSessionsByRequest(tx, dependencies, sessionsOf(owner.id), 'user_deleted');
    // Of two concurrent requests one deletes, and only that one sends a mail.
    if (!(await deleteUserIfPasswordUnchanged(tx, owner.id, verified))) return;
    // These have no foreign key. A link may hold an address.
    await tx.delete(mailedLink).where(eq(mailedLink.userId, owner.id));
    await tx.delete(verification).where(eq(verification.value, owner.id));
    await audit?.record(tx, { kind: 'account_deletion', outcome: 'success', userId: owner.id });
    await mailer?.enqueue(tx, {
      ...links.mailOrigin(headers),
      template: 'account-deleted',
      to: owner.email,
      data: { when: describeTime(new Date()), site: siteOf(config, headers) },
      expiresAt: new Date(Date.now() + dayMs),
    });
  }

  async function schedule(
    tx: OrmOrTransaction,
    owner: Owner,
    deleteAfter: Date,
    headers: Headers | undefined,
  ) {
    await tx.update(user).set({ deleteAfter }).where(eq(user.id, owner.id));
    const { verified } = scopes.getStore() ?? {};
    if (verified && !(await isCurrentPassword(tx, owner.id, verified))) throw wrongPassword();
    await endSessionsAndLinks(tx, dependencies, owner.id, 'user_deleted');
    await audit?.record(tx, {
      kind: 'account_deletion_request',
      outcome: 'success',
      userId: owner.id,
      details: { step: 'scheduled', deleteAfter: deleteAfter.toISOString() },
    });
    await mailer?.enqueue(tx, {
      ...links.mailOrigin(headers),
      template: 'account-deletion-scheduled',
      to: owner.email,
      userId: owner.id,
      data: { until: describeTime(deleteAfter), site: siteOf(config, headers) },
      expiresAt: new Date(Date.now() + dayMs),
    });
  }

  /**
   * If the request verified a password, only while it is unchanged.
   * The transaction has locked the user.
   * @throws APIError 400, as for a wrong password; 409 for the last operator
   */
  return async function endAccount(
    tx: OrmOrTransaction,
    owner: Owner,
    headers: Headers | undefined,
  ): Promise<Ended> {
    await refuseLastAdmin(tx, owner.id);
    if (graceDays === 0) {
      await deleteNow(tx, owner, headers);
      return { success: true, message: 'User deleted' };
    }
    const deleteAfter = new Date(Date.now() + graceDays * dayMs);
    await schedule(tx, owner, deleteAfter, headers);
    const scope = scopes.getStore();
    if (scope !== undefined) scope.deletion = 'deletion_scheduled';
    return { success: true, message: 'Deletion scheduled', deleteAfter };
  };
}

export type EndAccount = ReturnType<typeof createAccountEnding>;
