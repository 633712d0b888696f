/** Reads replies of the scripts. What has another shape did not come from them. */

/** A reply that no script of this service gives. */
export class UnexpectedReplyError extends Error {
  override readonly name = 'UnexpectedReplyError';
}

/** @throws UnexpectedReplyError */
export function readNumbers(reply: unknown, length: number): number[] {
  const values = readList(reply, length);
  if (!values.every((value) => typeof value === 'number')) throw new UnexpectedReplyError();
  return values;
}

/** @throws UnexpectedReplyError */
export function readList(reply: unknown, length: number): unknown[] {
  if (!Array.isArray(reply) || reply.length !== length) throw new UnexpectedReplyError();
  return reply;
}

/** @throws UnexpectedReplyError */
export function readText(value: unknown): string {
  if (typeof value !== 'string') throw new UnexpectedReplyError();
  return value;
}

/** @throws UnexpectedReplyError */
export function readTexts(reply: unknown): string[] {
  if (!Array.isArray(reply)) throw new UnexpectedReplyError();
  return reply.map(readText);
}

/** @throws UnexpectedReplyError unless the script ran to its end */
export function ignoreReply(reply: unknown): void {
  if (reply !== 1) throw new UnexpectedReplyError();
}
