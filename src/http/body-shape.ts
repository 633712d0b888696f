/** From the bytes of a body to an object of bounded shape. What comes of a fault names the fault and repeats no byte. */

export type Fields = Record<string, unknown>;

/** A body that cannot be read, with the sentence for whoever sent it. */
export class BodyShapeError extends Error {
  override readonly name = 'BodyShapeError';
}

/** BetterAuth's deepest body (a provider's user inside an ID token) has four. */
const deepest = 8;
/** Of objects, lists and what they hold, together. */
const mostValues = 200;
const longestName = 64;
/** Names that mean the object itself in JavaScript. */
const reservedNames = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * @param body not empty
 * @throws BodyShapeError
 */
export function readFields(body: Buffer, isForm: boolean): Fields {
  const text = decodeText(body);
  const value: unknown = isForm ? formFields(text) : parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BodyShapeError('The body is not a JSON object.');
  }
  checkShape(value, 1, { left: mostValues });
  return value as Fields;
}

/** A later field of the same name counts, as with BetterAuth. */
function formFields(text: string): Fields {
  const pairs = [...new URLSearchParams(text)];
  if (pairs.length > mostValues) throw tooMany();
  return Object.fromEntries(pairs);
}

function decodeText(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body); // takes a byte order mark off
  } catch {
    throw new BodyShapeError('The body is not UTF-8.');
  }
}

/** Without the parser's message, which repeats a part of the body. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BodyShapeError('The body is not valid JSON.');
  }
}

function checkShape(value: unknown, depth: number, values: { left: number }): void {
  values.left -= 1;
  if (values.left < 0) throw tooMany();
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new BodyShapeError('A number of the body is too large.');
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth > deepest) throw new BodyShapeError(`The body is nested more than ${deepest} deep.`);
  for (const [name, inner] of Object.entries(value)) {
    if (name.length > longestName) {
      throw new BodyShapeError(`A name in the body has more than ${longestName} characters.`);
    }
    if (reservedNames.has(name)) throw new BodyShapeError('A name in the body is reserved.');
    if (!isStorable(name)) throw new BodyShapeError('A name in the body is none.');
    checkShape(inner, depth + 1, values);
  }
}

function tooMany(): BodyShapeError {
  return new BodyShapeError(`The body has more than ${mostValues} values.`);
}

/** Whether PostgreSQL and UTF-8 can hold it. */
export function isStorable(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text);
}
