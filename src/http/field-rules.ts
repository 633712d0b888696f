/** The one table of what a field may hold, at whichever endpoint it stands, and the 400 that names field and bound. */
import { z } from 'zod';
import { isStorable, type Fields } from './body-shape.js';

/** Why a field is refused: `field` and the bound in `message`; the code is BetterAuth's own where it has one. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly field?: string;
}

/** Control characters of every kind, and those that turn the direction of what follows (CVE-2021-42574). */
const unprintable = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;
const isPrintable = (text: string) => !unprintable.test(text);
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
const password = text(128);
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

/** For what is not listed, and for what stands deeper. An ID token of a provider may be that long. */
const otherText = rule(text(8_192));

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

function refusalOf(field: string, value: unknown, { schema, code }: Rule): Refusal | undefined {
  const issue = schema.safeParse(value).error?.issues[0];
  if (issue === undefined) return undefined;
  if (issue.code === 'invalid_type') {
    // As BetterAuth says it, of the fields that it checks.
    const message = `[body.${field}] Invalid input: expected ${issue.expected}`;
    return { status: 400, code: 'VALIDATION_ERROR', message };
  }
  // A name that somebody made up is no text to repeat.
  const named = /^\w{1,64}$/.test(field) ? field : 'a field';
  return { status: 400, code, message: `${named} ${issue.message}.`, field: named };
}

function isWebUrl(value: string): boolean {
  return /^https?:\/\/[^/\\\s]/i.test(value) && !/\s/.test(value) && URL.canParse(value);
}
