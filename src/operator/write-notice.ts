/** Writes the mail to a user about what an operator did to the account: one place for commands and the console. */
import { describeTime } from '../auth/notice-details.js';
import type { OrmOrTransaction } from '../db/client.js';
import type { Mailer } from '../mailer.js';

const dayMs = 86_400_000;

interface Occasion {
  readonly now: Date;
  /** As the mail names it: the URL of the service. */
  readonly site: string;
  /** Undefined for a command. */
  readonly requestId?: string | undefined;
}

/**
 * @param tx the transaction of what it reports
 * @param template of a notice with the data `when` and `site`
 * @returns whether it will be sent: false if the user got too many notices
 * @throws what the driver throws
 */
export async function writeNotice(
  mailer: Mailer,
  tx: OrmOrTransaction,
  template: string,
  owner: { readonly id: string; readonly email: string },
  { now, site, requestId }: Occasion,
): Promise<boolean> {
  let isLimited = false;
  await mailer.enqueue(tx, {
    template,
    to: owner.email,
    userId: owner.id,
    requestId,
    data: { when: describeTime(now), site },
    expiresAt: new Date(now.getTime() + dayMs),
    whenLimited: () => {
      isLimited = true;
      return Promise.resolve();
    },
  });
  return !isLimited;
}
