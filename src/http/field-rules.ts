/** Validation rules per field name, for all endpoints, and the 400 that names the field and the limit. */
import { z } from 'zod';
import { isStorable, type Fields } from './body-shape.js';

/** Why a field is rejected: `message` has the field and the limit; the code is BetterAuth's if it has one. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  /** Of several faulty fields inside one: what each must be. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** A feature's check of a body sent to this path. @returns undefined if it is valid */
export type InputRule = (path: string, fields: Fields) => Refusal | undefined;

/** Control characters, line and paragraph separators, and bidirectional overrides (CVE-2021-42574). */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
export const isPrintable = (text: string) => !unprintable.test(text);
const noSurrogates = 'must not contain unpaired surrogates';
const notStorable = 'must not contain NUL characters or unpaired surrogates';
export const noControls = 'must not contain control characters';

const atMost = (length: number) => `must have at most ${length} characters`;
/** Not `max`: Zod 4 applies it to anything with a `length`, including objects that cannot be compared, and throws. */
const text = (length: number) =>
  z
    .string()
    .refine((value) => value.length <= length, atMost(length))
    .refine(isStorable, notStorable);
const line = (length: number) => text(length).refine(isPrintable, noControls);

/** RFC 5321 4.5.3.1.3 limits an address to 254 characters. */
const address = line(254);
/** ASVS 6.2.9 requires at least 64; an upper limit bounds the cost of hashing. */
const password = z
  .string()
  .refine((value) => value.length <= 128, atMost(128))
  // Hashed and never stored, so NUL is allowed; an unpaired surrogate has no UTF-8 encoding to hash.
  .refine((value) => !/\p{Surrogate}/u.test(value), noSurrogates);
const url = text(2_048);

const displayName = z
  .string()
  .refine((name) => Array.from(name).length <= 200, atMost(200))
  .refine(isPrintable, noControls);

const image = line(2_048).refine(isWebUrl, 'must be an http or https URL').nullable();

interface Rule {
  readonly schema: z.ZodType;
  /** For a value of the right type that exceeds the limit. */
  readonly code: string;
}

const rule = (schema: z.ZodType, code = 'INVALID_FIELD'): Rule => ({ schema, code });

/** Field → rule. */
const fieldRules = {
  email: rule(address, 'INVALID_EMAIL'),
  newEmail: rule(address, 'INVALID_EMAIL'),
  name: rule(displayName),
  image: rule(image),
  password: rule(password, 'PASSWORD_TOO_LONG'),
  currentPassword: rule(password, 'PASSWORD_TOO_LONG'),
  newPassword: rule(password, 'PASSWORD_TOO_LONG'),
  token: rule(line(4_096)),
  callbackURL: rule(url),
  errorCallbackURL: rule(url),
  newUserCallbackURL: rule(url),
  redirectTo: rule(url),
  provider: rule(line(100)),
  providerId: rule(line(100)),
  accountId: rule(line(255)),
  userId: rule(line(255)),
  state: rule(line(2_048)),
  rememberMe: rule(z.boolean()),
  revokeOtherSessions: rule(z.boolean()),
  disableRedirect: rule(z.boolean()),
  requestSignUp: rule(z.boolean()),
  useAccountCookie: rule(z.boolean()),
} as const satisfies Record<string, Rule>;

/** For fields that are not listed and for nested values. A provider's ID token may be that long. */
const otherText = rule(text(8_192));

/** The first field that breaks its rule; undefined if all are valid. */
export function findRefusal(fields: Fields): Refusal | undefined {
  return Object.entries(fields)
    .map(([field, value]) => {
      const known =
        Object.hasOwn(fieldRules, field) && fieldRules[field as keyof typeof fieldRules];
      return known ? refusalOf(field, value, known) : nestedRefusal(field, value);
    })
    .find((refusal) => refusal !== undefined);
}

/** Checks every text below the field; body-shape.ts has limited depth and number. */
function nestedRefusal(field: string, value: unknown): Refusal | undefined {
  if (typeof value === 'string') return refusalOf(field, value, otherText);
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.values(value)
    .map((inner) => nestedRefusal(field, inner))
    .find((refusal) => refusal !== undefined);
}

function refusalOf(field: string, value: unknown, fieldRule: Rule): Refusal | undefined {
  const issue = fieldRule.schema.safeParse(value).error?.issues[0];
  if (issue === undefined) return undefined;
  if (issue.code === 'invalid_type') {
    // In BetterAuth's wording for the fields that it validates.
    const message = `[body.${field}] Invalid input: expected ${issue.expected}`;
    return { status: 400, code: 'VALIDATION_ERROR', message };
  }
  // An unpaired surrogate does not make a password too long.
  const code = [notStorable, noSurrogates].includes(issue.message)
    ? 'INVALID_FIELD'
    : fieldRule.code;
  // Never echo an arbitrary field name.
  const named = /^\w{1,64}$/.test(field) ? field : 'a field';
  return { status: 400, code, message: `${named} ${issue.message}.`, field: named };
}

function isWebUrl(value: string): boolean {
  return /^https?:\/\/[^/\\\s]/i.test(value) && !/\s/.test(value) && URL.canParse(value);
}
