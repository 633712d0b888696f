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
import { writeNotice } from './write-notice.js';

export interface Notices {
  /**
   * Writes the mail to the outbox, in the transaction of what it reports.
   * @returns why it will not be sent; undefined if it will
   */
  write(
    tx: OrmOrTransaction,
    owner: { readonly id: string; readonly email: string },
  ): Promise<string | undefined>;
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
    afterResponse: (work) => void sending.push(work()),
  });
  if (mailer === undefined) return withoutMail('no mail transport is configured');
  return {
    async write(tx, owner) {
      const occasion = { now: now(), site: config.baseUrl };
      const isSent = await writeNotice(mailer, tx, template, owner, occasion);
      return isSent ? undefined : 'they got too many in a short time';
    },
    async close() {
      await Promise.all(sending);
      await mailer.close();
    },
  };
}

function withoutMail(obstacle: string): Notices {
  return { write: () => Promise.resolve(obstacle), close: () => Promise.resolve() };
}

/** @returns why the configuration cannot be read */
export function tryReadConfig(env: Environment, now: Date): Config | string {
  try {
    return readConfig(env, now);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const faults = error.findings.filter(({ level }) => level === 'error');
    const names = faults.map(({ variable }) => variable);
    return `the settings of the service are incomplete here (${[...new Set(names)].join(', ')})`;
  }
}
