/**
 * The text of a reason, from the table that has it: those of session checks, of limits, of the features' flows, and of error
 * codes, which have a message for visitors. Only what no table has is worded here.
 */
import { errorTable, type ErrorEntry } from '../../../errors.js';
import { limitReasons } from '../../../limit-reasons.js';
import { fixFor, reasonTable, type Reason } from '../../../session/reasons.js';
import { flowReasons, providerCodePrefix } from '../../flow-reasons.js';
import { featureErrors, reasonFixes } from '../../reasons.js';
import type { StoryKind } from './story.js';

export interface ReasonText {
  /** A clause without a full stop. */
  readonly meaning: string;
  /** Empty if there is nothing to change. */
  readonly fix: string;
}

type Texts = Readonly<Record<string, ReasonText>>;

/** Reasons that only the audit trail has, because responses must not reveal who has an account. */
const trailReasons: Texts = {
  wrong_password: {
    meaning: 'the password was wrong',
    fix: 'the user resets the password, or npm run user -- set-password EMAIL',
  },
  unknown_account: {
    meaning: 'no account has this address',
    fix: 'compare the spelling of the address; if the account should exist, DATABASE_URL points to another database or branch',
  },
  address_taken: {
    meaning: 'an account has this address already',
    fix: 'the user signs in, or resets the password',
  },
};

/** What to change about error codes; the others are for the visitor, or for the developer of the caller. */
const codeFixes: Readonly<Record<string, string>> = {
  invalid_origin:
    'add the exact origin of the page to BETTER_AUTH_TRUSTED_ORIGINS: scheme, host and port',
  missing_or_null_origin:
    'call the service from a page of a trusted origin (BETTER_AUTH_TRUSTED_ORIGINS), not from a file or a sandboxed frame',
  user_locked: 'npm run user -- unlock EMAIL, if the user may sign in again',
  email_not_verified:
    'the user opens the link in the mail, or asks for a new one (EMAIL_VERIFICATION)',
  link_used: 'the user asks for a new link',
  link_expired: 'the user asks for a new link: each one is valid for ten minutes',
  link_replaced: 'the user opens the newest mail',
  link_unknown:
    'the user asks for a new link; if every link is unknown, DATABASE_URL points to another database than when it was mailed',
  link_wrong_browser: 'the user opens the link in the browser that asked for it',
  code_wrong: 'the user enters the code of the newest mail',
  code_used: 'the user asks for a new code',
  code_expired: 'the user asks for a new code',
  code_replaced: 'the user enters the code of the newest mail',
  code_unknown: 'the user asks for a new code',
  code_wrong_browser: 'the user enters the code in the browser that asked for it',
  code_tries_exceeded: 'the user asks for a new code in ten minutes',
  session_not_fresh: 'the page should step up: POST /api/auth/step-up',
  recent_sign_in_required: 'the page should step up: POST /api/auth/step-up',
  password_breached: 'the user chooses another password (BREACHED_PASSWORDS)',
  database_unavailable: 'DATABASE_URL: see `cause` in the log lines of that time',
  limits_unavailable: 'REDIS_URL: see `cause` in the log lines of that time',
  sign_in_busy: 'more CPU or more instances: too many passwords were hashed at once',
  service_busy: 'more CPU or more instances',
  unsupported_media_type: 'the page should send JSON',
  configuration_invalid: 'see the findings in the startup report',
};

/** Lower-case code → its public message. */
const codeTexts: Texts = Object.fromEntries(
  Object.entries<ErrorEntry>({ ...errorTable, ...featureErrors }).map(([code, { message }]) => {
    const reason = code.toLowerCase();
    return [reason, { meaning: clause(message), fix: codeFixes[reason] ?? '' }];
  }),
);

const sessionTexts: Texts = Object.fromEntries(
  Object.entries(reasonTable).map(([reason, { meaning }]) => [
    reason,
    { meaning, fix: fixFor(reason as Reason, reasonFixes) },
  ]),
);

const { mail, provider, factor, passkey, captcha, 'password lookup': lookup } = flowReasons;

/** Names that several tables have mean different things: what an event is about decides. */
const firstTables: Partial<Record<StoryKind, readonly Texts[]>> = {
  session_check: [sessionTexts],
  session_end: [sessionTexts],
  mail: [mail],
  provider_sign_in: [provider],
};

const tables: readonly Texts[] = [
  trailReasons,
  limitReasons,
  factor,
  passkey,
  captcha,
  codeTexts,
  sessionTexts,
  provider,
  mail,
  lookup,
];

/** @returns undefined for a reason that no table has, such as a code of BetterAuth */
export function reasonText(kind: StoryKind, reason: string): ReasonText | undefined {
  const order = [...(firstTables[kind] ?? []), ...tables];
  if (reason.startsWith(providerCodePrefix)) {
    const name = reason.slice(providerCodePrefix.length);
    if (Object.hasOwn(provider, name)) return provider[name as keyof typeof provider];
  }
  return order.find((table) => Object.hasOwn(table, reason))?.[reason];
}

/** Every reason of every table, by the kind of event that has it. For tests. */
export const allReasons: readonly (readonly [StoryKind, string])[] = [
  ...namesOf('session_check', sessionTexts),
  ...namesOf('mail', mail),
  ...namesOf('provider_sign_in', provider),
  ...[trailReasons, limitReasons, factor, passkey, captcha, codeTexts, lookup].flatMap((table) =>
    namesOf('sign_in', table),
  ),
];

function namesOf(kind: StoryKind, table: Texts) {
  return Object.keys(table).map((reason) => [kind, reason] as const);
}

function clause(sentence: string): string {
  const text = sentence.replace(/\.$/, '');
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}
