/** Turns rows into the lines of a story. */
import type { AuditOutcome } from '../../../audit-kinds.js';
import { actionFor } from './actions.js';
import type { Change } from './changes.js';
import { detailsOf, purposeText } from './event-details.js';
import { clock } from './clock.js';
import { timeOf, type EventRow, type Facts, type LinkRow, type MailRow } from './facts.js';
import type { ActiveLimit } from './limits.js';
import { mailOfLink } from './mail-of-link.js';
import { isSeenUser } from './probable-events.js';
import { reasonText } from './reason-texts.js';
import { clauseFor, sentence } from './sentences.js';
import type { Ending } from './sessions.js';
import type { StoryEvent, StoryKind } from './story.js';

/** @returns the lines, the newest first */
export function describeFacts(facts: Facts, now: Date): StoryEvent[] {
  const { events, probable, endings, mails, links, limits, changes } = facts;
  const ofMails = events.filter(({ kind }) => kind === 'mail');
  const mailed = new Set(ofMails.flatMap(({ details }) => details?.mailId ?? []));
  const lines = [
    // Those of all users are among the changes.
    ...events
      .filter(({ kind }) => kind !== 'configuration_change')
      .map((event) => describeEvent(event, remarkAbout(event, facts))),
    ...probable.map((event) => describeEvent(event, 'probably of this user')),
    ...[...endings].map(([fingerprint, ending]) => describeEnding(fingerprint, ending)),
    ...mails.filter(({ id }) => !mailed.has(id)).map(describeMail),
    ...links.map((link) => describeLink(link, now)),
    ...limits.map((limit) => describeLimit(limit, now)),
    ...changes.map(describeChange),
  ];
  return lines.sort((a, b) => b.at.getTime() - a.at.getTime());
}

export function describeEvent(event: EventRow, remark?: string): StoryEvent {
  const { kind, outcome, reason, actor, session, details } = event;
  const text = reason === null ? undefined : reasonText(kind, reason);
  const because = reason === null ? '' : `: ${text?.meaning ?? `the reason is ${reason}`}`;
  const facts = [
    ...detailsOf(event),
    operatorOf(event),
    origin(event),
    session === null ? '' : `session ${session}`,
    times(event),
    remark ?? '',
  ].filter((part) => part !== '');
  const suffix = facts.length === 0 ? '' : ` (${facts.join('; ')})`;
  return {
    at: timeOf(event),
    kind,
    outcome,
    reason,
    sentence: sentence(`${clauseFor(kind, outcome, actor, details)}${because}${suffix}`),
    fix: (reason && actionFor(kind, reason, text?.fix)) || null,
  };
}

/** Which operator it was: the id of a user, or a command on the server, which knows no name. */
function operatorOf({ actor, actorId }: EventRow): string {
  if (actor !== 'operator' || actorId === null) return '';
  return actorId === 'command' ? 'by a command' : `operator ${actorId}`;
}

/** Scanners of mail servers open links, and so do previews. */
function remarkAbout(event: EventRow, facts: Facts): string | undefined {
  const { kind, device, network } = event;
  if (kind !== 'link_open') return undefined;
  const isKnown = facts.events.some(
    (one) =>
      isSeenUser(one) &&
      one.outcome === 'success' &&
      one.device === device &&
      one.network === network,
  );
  const who = isKnown ? '' : 'the user was not seen there: perhaps a program that scans mails';
  return [mailOfLink(event, facts), who].filter((part) => part !== '').join('; ');
}

function origin({ device, network, site, details }: EventRow): string {
  const parts = [
    device === null || device === 'other' ? '' : `from ${device}`,
    details?.caller === 'server' ? 'from a server' : '',
    network === null ? '' : `network ${network}`,
    site === null ? '' : `on ${site}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function times({ count, firstAt, lastAt }: EventRow): string {
  if (count === 1 || firstAt === null || lastAt === null) return '';
  return `${count} times from ${clock(firstAt)} to ${clock(lastAt)}`;
}

function describeEnding(
  fingerprint: string,
  { reason, at, device, bySession }: Ending,
): StoryEvent {
  const text = reasonText('session_end', reason);
  const by = [
    device === null ? '' : `from ${device}`,
    bySession === null ? '' : `by session ${bySession}`,
  ];
  const details = [`session ${fingerprint}`, ...by].filter((part) => part !== '').join('; ');
  const meaning = text?.meaning ?? `the reason is ${reason}`;
  return line(
    at,
    'session_end',
    'success',
    reason,
    `a session ended: ${meaning} (${details})`,
    text?.fix,
  );
}

const mailOutcomes: Readonly<Record<string, AuditOutcome>> = {
  sent: 'success',
  pending: 'pending',
  limited: 'refused',
};

function describeMail({
  id,
  template,
  state,
  reason,
  attempts,
  createdAt,
  sentAt,
}: MailRow): StoryEvent {
  const text = reason === null ? undefined : reasonText('mail', reason);
  const states: Readonly<Record<string, string>> = {
    sent: 'was accepted by the mail server',
    pending:
      attempts === 0 ? 'waits to be sent' : `was not sent in ${attempts} attempts, and is retried`,
    limited: 'was not sent',
  };
  const because = text === undefined ? '' : `: ${text.meaning}`;
  const what = `the mail ${template} ${states[state] ?? 'was not sent'}${because} (mail ${id})`;
  return line(
    sentAt ?? createdAt,
    'mail',
    mailOutcomes[state] ?? 'failed',
    reason,
    what,
    text?.fix,
  );
}

function describeLink(
  { purpose, expiresAt, usedAt, replacedAt, createdAt }: LinkRow,
  now: Date,
): StoryEvent {
  const name = `a mailed link or code ${purposeText(purpose)}`;
  if (usedAt !== null) return line(usedAt, 'mailed_link', 'success', null, `${name} was used`);
  if (replacedAt !== null)
    return line(
      replacedAt,
      'mailed_link',
      'refused',
      'link_replaced',
      `${name} was replaced by a newer one or another change`,
    );
  if (expiresAt <= now)
    return line(expiresAt, 'mailed_link', 'refused', 'link_expired', `${name} expired unused`);
  return line(
    createdAt,
    'mailed_link',
    'pending',
    null,
    `${name} was created, and can be used until ${clock(expiresAt)}`,
  );
}

const limitNames: Readonly<Record<ActiveLimit['name'], string>> = {
  pause: 'wrong passwords from a network or browser',
  total: 'wrong passwords from networks and browsers that the account is not known from',
  known: 'wrong passwords from known networks and browsers',
  factor: 'wrong second factors',
};

function describeLimit({ name, until, isOwnNetwork }: ActiveLimit, now: Date): StoryEvent {
  const whose =
    isOwnNetwork === undefined
      ? ''
      : isOwnNetwork
        ? ' (a network of the user)'
        : ' (another network)';
  const what = `a limit holds until ${clock(until)}: ${limitNames[name]}${whose}`;
  return line(
    now,
    'limit',
    'refused',
    'limit_account',
    what,
    reasonText('limit', 'limit_account')?.fix,
  );
}

function describeChange({ at, variables }: Change): StoryEvent {
  const what = `the service started with other settings: ${variables.join(', ')}`;
  return line(at, 'configuration_change', 'success', null, what);
}

function line(
  at: Date,
  kind: StoryKind,
  outcome: AuditOutcome,
  reason: string | null,
  text: string,
  fix = '',
): StoryEvent {
  return { at, kind, outcome, reason, sentence: sentence(text), fix: fix === '' ? null : fix };
}
