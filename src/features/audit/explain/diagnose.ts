/**
 * The diagnosis: what keeps the user out now. First the state of the account, which no event can outweigh; then the events,
 * the newest first, until one of them decides.
 */
import { clock } from './clock.js';
import { diagnoseEvent } from './diagnose-event.js';
import { diagnoseMail, isAwaited } from './diagnose-mail.js';
import { diagnosis } from './diagnosis.js';
import { createsSession, isSignIn, timeOf, type EventRow, type Facts } from './facts.js';
import { diagnoseLostCookie } from './lost-cookie.js';
import type { Diagnosis, ExplainOptions, Subject } from './story.js';

export function diagnose(
  facts: Facts,
  subject: Subject,
  options: Pick<ExplainOptions, 'now' | 'settings'>,
): Diagnosis {
  return (
    diagnoseAccount(facts, subject, options.now) ??
    diagnoseHistory(facts, options) ??
    diagnosis('able_to_sign_in', { details: [waysIn(facts)] })
  );
}

function diagnoseAccount(facts: Facts, subject: Subject, now: Date): Diagnosis | undefined {
  const { user, userId, events, probable } = facts;
  if (user === undefined) {
    const hasTrail = userId !== undefined && events.some((one) => one.userId === userId);
    if (hasTrail) return diagnoseDeleted(facts);
    if ('email' in subject) return diagnosis('no_account', { details: [attempts(events)] });
    return events.length + probable.length + facts.mails.length === 0
      ? diagnosis('nothing_found')
      : undefined;
  }
  if (user.lockedAt !== null) {
    return diagnosis('user_locked', {
      details: [`since ${user.lockedAt.toISOString().slice(0, 10)} ${clock(user.lockedAt)}`],
    });
  }
  return diagnoseLimits(facts, now);
}

function diagnoseDeleted({ events }: Facts): Diagnosis {
  const deleted = events.find(
    ({ kind, outcome }) => kind === 'account_deletion' && outcome === 'success',
  );
  const by = deleted?.actor === 'user' ? 'by the user' : deleted && `by the ${deleted.actor}`;
  return diagnosis('account_deleted', {
    details: [
      deleted &&
        `at ${deleted.at.toISOString().slice(0, 10)} ${clock(deleted.at)} ${by ?? ''}`.trim(),
    ],
  });
}

function attempts(events: readonly EventRow[]): string | undefined {
  const [latest] = events;
  if (latest === undefined) return undefined;
  const count = events.reduce((sum, event) => sum + event.count, 0);
  return `${count} attempts to sign in with it are recorded, the last one at ${timeOf(latest).toISOString().slice(0, 10)} ${clock(timeOf(latest))}`;
}

function diagnoseLimits({ limits, events, sessions }: Facts, now: Date): Diagnosis | undefined {
  const latest = events.find(({ kind }) => kind === 'sign_in' || kind === 'second_factor');
  const isIn = latest?.outcome === 'success' && sessions.some(({ due }) => due === null);
  if (isIn || limits.length === 0) return undefined;
  const find = (name: string) => limits.find((limit) => limit.name === name);
  const until = ({ until: end }: { readonly until: Date }) => ({
    details: [`until ${clock(end)}, in ${Math.ceil((end.getTime() - now.getTime()) / 60_000)} min`],
  });
  const factor = find('factor');
  if (factor !== undefined) return diagnosis('limited_second_factor', until(factor));
  const refused = events.find(
    ({ reason }) => reason === 'wrong_password' || reason === 'limit_account',
  );
  const isOwn = refused === undefined || isFromKnownPlace(refused, events);
  const total = find('total');
  if (total !== undefined && (!isOwn || hasGuesses(events)))
    return diagnosis('limited_by_others', until(total));
  const own = find('known') ?? limits.find(({ isOwnNetwork }) => isOwnNetwork === true) ?? total;
  if (own !== undefined) return diagnosis('limited_account', until(own));
  // A pause of a network or browser that is not known as the user's: it holds back only that one.
  const [pause] = limits;
  const mayBeUser = sessions.length === 0 && !events.some(isSignIn);
  return pause !== undefined && (mayBeUser || isOwn)
    ? diagnosis('limited_account', until(pause))
    : undefined;
}

function isFromKnownPlace({ network }: EventRow, events: readonly EventRow[]): boolean {
  return events.some((one) => isSignIn(one) && one.network === network);
}

/** Whether most wrong passwords come from where the user has never signed in. */
function hasGuesses(events: readonly EventRow[]): boolean {
  const wrong = events.filter(({ reason }) => reason === 'wrong_password');
  const elsewhere = wrong.filter((event) => !isFromKnownPlace(event, events));
  return events.some(isSignIn) && elsewhere.length * 2 > wrong.length;
}

function diagnoseHistory(
  facts: Facts,
  options: Pick<ExplainOptions, 'now' | 'settings'>,
): Diagnosis | undefined {
  const { events, probable, mails, user } = facts;
  const steps: { readonly at: Date; readonly decide: () => Diagnosis | undefined }[] = [
    ...events.map((event) => ({
      at: timeOf(event),
      decide: () => found(diagnoseEvent(event, facts, options), event),
    })),
    // Checks without a cookie are considered with the sign-in before them.
    ...probable
      .filter(({ reason }) => reason !== 'no_credential')
      .map((event) => ({
        at: timeOf(event),
        decide: () => probably(diagnoseEvent(event, facts, options)),
      })),
    ...mails.filter(isAwaited).map((mail) => ({
      at: mail.createdAt,
      decide: () => diagnoseMail(mail, facts, options.now),
    })),
  ];

  /** A live session is of no use to a browser that does not send its cookie. */
  function found(result: Diagnosis | undefined, event: EventRow): Diagnosis | undefined {
    if (result?.code !== 'signed_in' || !createsSession(event)) return result;
    return diagnoseLostCookie(facts, options.settings) ?? result;
  }

  for (const { decide } of steps.sort((a, b) => b.at.getTime() - a.at.getTime())) {
    const result = decide();
    if (result !== undefined) return result;
  }
  return user?.deleteAfter ? diagnosis('deletion_scheduled') : undefined;
}

function probably(result: Diagnosis | undefined): Diagnosis | undefined {
  if (result === undefined) return undefined;
  const text = result.sentence.slice(0, -1);
  return { ...result, sentence: `${text}; by browser and network, this is probably the user.` };
}

function waysIn({ hasPassword, providers, secondFactors, user }: Facts): string | undefined {
  if (user === undefined) return undefined;
  const ways = [...(hasPassword ? ['a password'] : []), ...providers, ...secondFactors];
  return ways.length === 0
    ? 'the account has no password and no login'
    : `it signs in with ${ways.join(', ')}`;
}
