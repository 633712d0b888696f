/** Reads the session reason of a response. */
import type { HttpResponse } from '../http-client.js';
import { reasonTable, type Reason } from '../service.js';
import { sanitizeForTerminal } from '../untrusted-text.js';

export const seeServiceLog = "the service's log names the cause";

/** From the header or, where a proxy removed it, from the body; `no reason` where both lack it. */
export function reasonOf({ headers, json }: HttpResponse): string {
  const [reason = json?.reason] = [headers['x-session-reason']].flat();
  return typeof reason === 'string' && reason !== '' ? sanitizeForTerminal(reason) : 'no reason';
}

/** Whether the text is a reason that this service gives. */
export function isReason(text: string): text is Reason {
  return Object.hasOwn(reasonTable, text);
}
