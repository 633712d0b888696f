/** Parses a request body into an object of limited size and depth. Error messages name the fault and never echo input. */

export type Fields = Record<string, unknown>;

/** The body cannot be parsed; the message is public. */
export class BodyShapeError extends Error {
  override readonly name = 'BodyShapeError';
}

/** BetterAuth's deepest body (a provider's user inside an ID token) has four levels. */
const maxDepth = 8;
/** Objects, arrays and their values together. */
const maxValues = 200;
const maxNameLength = 64;
/** Names with a special meaning on JavaScript objects (prototype pollution). */
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
  checkShape(value, 1, { left: maxValues });
  return value as Fields;
}

/** The last field of a name counts, as in BetterAuth. */
function formFields(text: string): Fields {
  const pairs = [...new URLSearchParams(text)];
  if (pairs.length > maxValues) throw tooMany();
  return Object.fromEntries(pairs);
}

function decodeText(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body); // removes a byte order mark
  } catch {
    throw new BodyShapeError('The body is not UTF-8.');
  }
}

/** Discards the parser's message, which echoes a part of the body. */
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
    throw new BodyShapeError('A number in the body is too large.');
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth > maxDepth) {
    throw new BodyShapeError(`The body is nested more than ${maxDepth} levels deep.`);
  }
  for (const [name, inner] of Object.entries(value)) {
    if (name.length > maxNameLength) {
      throw new BodyShapeError(`A name in the body has more than ${maxNameLength} characters.`);
    }
    if (reservedNames.has(name)) throw new BodyShapeError('A name in the body is reserved.');
    if (!isStorable(name))
      throw new BodyShapeError('A name in the body is not valid Unicode text.');
    checkShape(inner, depth + 1, values);
  }
}

function tooMany(): BodyShapeError {
  return new BodyShapeError(`The body has more than ${maxValues} values.`);
}

/** Whether PostgreSQL and UTF-8 can represent the text. */
export function isStorable(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text);
}
