/** Turns an event into a row: shortens what could identify a visitor, and bounds what a visitor chose. */
import { randomUUID } from 'node:crypto';
import type { AuditClient, AuditEvent } from '../../audit.js';
import { browserName } from '../../auth/browser-name.js';
import { maskText } from '../../log/mask.js';
import { networkOf } from '../../log/mask-address.js';
import type { RequestScope } from '../../request-scope.js';
import type { AuditSettings } from './feature.js';
import type { auditEvent } from './tables.js';

export type AuditRow = typeof auditEvent.$inferInsert;

type ClientColumns = Pick<AuditRow, 'device' | 'network' | 'site'>;

export function clientColumns(
  { address, userAgent, origin }: AuditClient,
  addressMode: AuditSettings['address'],
): ClientColumns {
  return {
    device: browserName(userAgent) ?? (userAgent === undefined ? null : 'other'),
    network: networkColumn(address, addressMode),
    site: origin === undefined ? null : bounded(maskText(origin)),
  };
}

function networkColumn(address: string | undefined, mode: AuditSettings['address']): string | null {
  if (address === undefined || mode === 'off') return null;
  return mode === 'full' ? bounded(address) : networkOf(address);
}

/** PostgreSQL stores no null character. */
export function bounded(text: string): string {
  return text.replaceAll('\0', '').slice(0, 200);
}

/** @param scope of the request that is being handled, for what the event does not say */
export function toRow(
  event: AuditEvent,
  request: Pick<RequestScope, 'requestId' | 'client' | 'accountFingerprint'>,
  { address }: Pick<AuditSettings, 'address'>,
  now: Date,
): AuditRow {
  const client = event.client ?? request.client;
  return {
    id: randomUUID(),
    at: now,
    kind: event.kind,
    outcome: event.outcome,
    reason: event.reason ?? null,
    userId: event.userId ?? null,
    // Also of a successful sign-in: the trail of an account that is deleted later is found by its address.
    account: event.account ?? request.accountFingerprint ?? null,
    session: event.session ?? null,
    requestId: event.requestId ?? request.requestId ?? null,
    actor: event.actor ?? 'user',
    actorId: event.actorId ?? null,
    ...clientColumns(client ?? {}, address),
    count: 1,
    details: event.details ?? null,
  };
}
