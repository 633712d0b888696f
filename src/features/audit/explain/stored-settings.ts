/** The settings that the service recorded at its start, for a command that runs without them. */
import { desc, inArray } from 'drizzle-orm';
import type { RateLimits } from '../../../config/rate-limits.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { auditEvent } from '../tables.js';
import { defaultExplainSettings, type ExplainSettings } from './settings.js';

/** @returns undefined if no start is recorded @throws what the driver throws */
export async function readStoredSettings(
  db: OrmOrTransaction,
): Promise<ExplainSettings | undefined> {
  const [latest] = await db
    .select({ details: auditEvent.details })
    .from(auditEvent)
    .where(inArray(auditEvent.kind, ['deployment', 'configuration_change']))
    .orderBy(desc(auditEvent.at))
    .limit(1);
  const lines: unknown = latest?.details?.settings;
  if (!Array.isArray(lines)) return undefined;
  const find = (name: string) => {
    const line = lines.find((one) => String(one).startsWith(`${name}=`)) as string | undefined;
    return line?.slice(name.length + 1);
  };
  const defaults = defaultExplainSettings();
  const limits = parseLimits(find('limits'));
  const days = Number(find('SESSION_ABSOLUTE_DAYS'));
  const domain = find('COOKIE_DOMAIN');
  return {
    pause: limits?.pause ?? defaults.pause,
    account: limits?.signInPerAccount ?? defaults.account,
    network: limits?.wrongPasswordsPerAddress ?? defaults.network,
    absoluteSeconds: days > 0 ? days * 86_400 : defaults.absoluteSeconds,
    isVerificationRequired: undefined,
    cookieDomain: domain === '' ? null : domain,
  };
}

function parseLimits(text = '{}'): Partial<RateLimits> | undefined {
  try {
    return JSON.parse(text) as Partial<RateLimits>;
  } catch {
    return undefined;
  }
}
