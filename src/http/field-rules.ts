/** The one table of what a field may hold, at whichever endpoint it stands, and the 400 that names field and bound. */
import { z } from 'zod';
import { isStorable, type Fields } from './body-shape.js';

/** Why a field is refused: `field` and the bound in `message`; the code is BetterAuth's own where it has one. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  /** Of several faulty fields inside one: what each must be. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** A feature's check of a body sent to this path; undefined where it holds. */
export type InputRule = (path: string, fields: Fields) => Refusal | undefined;

/** Control characters of every kind, line and paragraph separators, and those that turn the direction of what follows (CVE-2021-42574). */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
const isPrintable = (text: string) => !unprintable.test(text);
const notWhole = 'must not have halves of characters';
const notStorable = 'must not have NUL characters or halves of characters';
const noControls = 'must not have control characters';

const atMost = (length: number) => `must have at most ${length} characters`;
/** Not `max`: Zod 4 asks it of whatever has a `length`, an object that cannot be compared among it, and throws. */
const text = (length: number) =>
  z
    .string()
    .refine((value) => value.length <= length, atMost(length))
    .refine(isStorable, notStorable);
const line = (length: number) => text(length).refine(isPrintable, noControls);

/** RFC 5321 4.5.3.1.3 leaves 254 characters to an address. */
const address = line(254);
/** ASVS 6.2.9 asks for 64 at least; a bound keeps hashing affordable. */
const password = z
  .string()
  .refine((value) => value.length <= 128, atMost(128))
  // It is hashed and never stored, so a NUL is a character like any other; a half of one has no bytes to hash.
  .refine((value) => !/\p{Surrogate}/u.test(value), notWhole);
const url = text(2_048);

const displayName = z
  .string()
  .refine((name) => Array.from(name).length <= 200, atMost(200))
  .refine(isPrintable, noControls);

const image = line(2_048).refine(isWebUrl, 'must be an http or https URL').nullable();

interface Rule {
  readonly schema: z.ZodType;
  /** Of a value that has the right type and breaks the bound. */
  readonly code: string;
}

const ruled = (schema: z.ZodType, code = 'INVALID_FIELD'): Rule => ({ schema, code });

/** Field → rule. */
const fieldRules = {
  email: ruled(address, 'INVALID_EMAIL'),
  newEmail: ruled(address, 'INVALID_EMAIL'),
  name: ruled(displayName),
  image: ruled(image),
  password: ruled(password, 'PASSWORD_TOO_LONG'),
  currentPassword: ruled(password, 'PASSWORD_TOO_LONG'),
  newPassword: ruled(password, 'PASSWORD_TOO_LONG'),
  token: ruled(line(4_096)),
  callbackURL: ruled(url),
  errorCallbackURL: ruled(url),
  newUserCallbackURL: ruled(url),
  redirectTo: ruled(url),
  provider: ruled(line(100)),
  providerId: ruled(line(100)),
  accountId: ruled(line(255)),
  userId: ruled(line(255)),
  state: ruled(line(2_048)),
  rememberMe: ruled(z.boolean()),
  revokeOtherSessions: ruled(z.boolean()),
  disableRedirect: ruled(z.boolean()),
  requestSignUp: ruled(z.boolean()),
  useAccountCookie: ruled(z.boolean()),
} as const satisfies Record<string, Rule>;

/** For what is not listed, and for what stands deeper. An ID token of a provider may be that long. */
const otherText = ruled(text(8_192));

/** The first field that breaks its rule; undefined where all hold. */
export function findRefusal(fields: Fields): Refusal | undefined {
  return Object.entries(fields)
    .map(([field, value]) => {
      const known =
        Object.hasOwn(fieldRules, field) && fieldRules[field as keyof typeof fieldRules];
      return known ? refusalOf(field, value, known) : refusalInside(field, value);
    })
    .find((refusal) => refusal !== undefined);
}

/** Of any text below the field; body-shape.ts has bounded how deep and how many they are. */
function refusalInside(field: string, value: unknown): Refusal | undefined {
  if (typeof value === 'string') return refusalOf(field, value, otherText);
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.values(value)
    .map((inner) => refusalInside(field, inner))
    .find((refusal) => refusal !== undefined);
}

function refusalOf(field: string, value: unknown, rule: Rule): Refusal | undefined {
  const issue = rule.schema.safeParse(value).error?.issues[0];
  if (issue === undefined) return undefined;
  if (issue.code === 'invalid_type') {
    // As BetterAuth says it, of the fields that it checks.
    const message = `[body.${field}] Invalid input: expected ${issue.expected}`;
    return { status: 400, code: 'VALIDATION_ERROR', message };
  }
  // Half a character makes no password too long.
  const code = [notStorable, notWhole].includes(issue.message) ? 'INVALID_FIELD' : rule.code;
  // A name that somebody made up is no text to repeat.
  const named = /^\w{1,64}$/.test(field) ? field : 'a field';
  return { status: 400, code, message: `${named} ${issue.message}.`, field: named };
}

function isWebUrl(value: string): boolean {
  return /^https?:\/\/[^/\\\s]/i.test(value) && !/\s/.test(value) && URL.canParse(value);
}
