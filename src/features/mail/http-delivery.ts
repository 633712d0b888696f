/** A mail as an HTTP request, for the transports that are HTTP APIs. */
import { MailFailure, networkReason } from './mail-failure.js';
import type { MailReason } from './reasons.js';

/** Of a refusal, in bytes: enough for an error message. The rest is not read. */
const maxResponseBytes = 2_000;

/**
 * Posts JSON and resolves with a 2xx response.
 * @param reasonOf the reason of a response, by its status and body
 * @throws MailFailure
 */
export async function postMail(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
  reasonOf: (status: number, body: string) => MailReason,
): Promise<void> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal,
      redirect: 'manual', // a redirect would send the key and links to a host that is not configured
    });
    text = response.ok ? '' : await readStart(response);
    if (response.ok) await response.body?.cancel();
  } catch (cause) {
    const reason = signal.aborted ? 'timed_out' : (networkReason(cause) ?? 'connection_lost');
    throw new MailFailure(reason, { cause });
  }
  if (response.ok) return;
  const { status, headers: received } = response;
  throw new MailFailure(reasonOf(status, text), {
    responseCode: status,
    response: text,
    retryAfterMs: readRetryAfter(received.get('retry-after'), Date.now()),
  });
}

async function readStart({ body }: Response): Promise<string> {
  let read = Buffer.alloc(0);
  for await (const chunk of body ?? []) {
    read = Buffer.concat([read, chunk as Uint8Array]);
    if (read.length >= maxResponseBytes) break; // cancels the rest
  }
  return read.subarray(0, maxResponseBytes).toString('utf8');
}

/** @param value seconds or a date (RFC 9110 10.2.3). @returns milliseconds; undefined if it is neither */
function readRetryAfter(value: string | null, nowMs: number): number | undefined {
  const text = value?.trim() ?? '';
  const milliseconds = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return milliseconds > 0 ? milliseconds : undefined;
}

/** The reason of a status that means the same for every HTTP API. */
export function reasonOfStatus(status: number): MailReason {
  if (status === 401 || status === 403) return 'authentication';
  if (status === 408) return 'timed_out';
  if (status === 429) return 'rate_limited';
  return status >= 500 || status < 400 ? 'provider_unavailable' : 'message_refused';
}
