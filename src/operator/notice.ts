/** Mails from operator commands, with the settings of the service where the command has them. */
import type { Config } from '../config/config.js';
import { readConfig } from '../config/config.js';
import type { Environment } from '../config/environment.js';
import { ConfigurationError } from '../config/finding.js';
import type { Database, OrmOrTransaction } from '../db/client.js';
import { activateFeatures } from '../features/active-features.js';
import { createCommandTrail } from '../features/create-feature-audit.js';
import { createFeatureMailer } from '../features/create-feature-mailer.js';
import type { Logger } from '../log/logger.js';
import { createRequestScopes } from '../request-scope.js';
import { describeTime } from '../auth/notice-details.js';

const dayMs = 86_400_000;

export interface Notices {
  /** Why no mail can be written; undefined if one can. */
  readonly obstacle: string | undefined;
  /** Writes the mail to the outbox, in the transaction of what it reports. */
  write(tx: OrmOrTransaction, userId: string, email: string): Promise<void>;
  /** Sends what was written. Never rejects: the running service retries what could not be sent. */
  close(): Promise<void>;
}

/**
 * @param template of a notice with the data `when` and `site`
 */
export function createNotices(
  template: string,
  env: Environment,
  database: Pick<Database, 'orm' | 'pool'>,
  logger: Logger,
): Notices {
  const now = () => new Date();
  const config = tryReadConfig(env, now());
  if (typeof config === 'string') return withoutMail(config);
  const features = activateFeatures(config.features);
  const hasTemplate = features.some(({ mailTemplates = [] }) =>
    mailTemplates.some(({ name }) => name === template),
  );
  if (!hasTemplate) return withoutMail('the feature that sends it is off');
  const sending: Promise<void>[] = [];
  const mailer = createFeatureMailer(features, {
    config,
    database,
    now,
    audit: createCommandTrail(env, { database, now, logger }),
    logger,
    count: () => undefined,
    scopes: createRequestScopes(),
    waitUntil: (work) => void sending.push(work),
  });
  if (mailer === undefined) return withoutMail('no mail transport is configured');
  return {
    obstacle: undefined,
    async write(tx, userId, email) {
      await mailer.enqueue(tx, {
        template,
        to: email,
        userId,
        data: { when: describeTime(now()), site: config.baseUrl },
        expiresAt: new Date(now().getTime() + dayMs),
      });
    },
    async close() {
      await Promise.all(sending);
      await mailer.close();
    },
  };
}

function withoutMail(obstacle: string): Notices {
  return { obstacle, write: () => Promise.resolve(), close: () => Promise.resolve() };
}

function tryReadConfig(env: Environment, now: Date): Config | string {
  try {
    return readConfig(env, now);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const faults = error.findings.filter(({ level }) => level === 'error');
    const names = faults.map(({ variable }) => variable);
    return `the settings of the service are incomplete here (${[...new Set(names)].join(', ')})`;
  }
}
