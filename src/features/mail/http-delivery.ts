/** A mail as an HTTP request, for the transports that are HTTP APIs. */
import { MailFailure, networkReason } from './mail-failure.js';
import type { MailReason } from './reasons.js';

/** Of an unexpected response, in bytes: enough for an error message. */
const maxResponseLength = 2_000;

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
  let status: number;
  let text: string;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal,
      redirect: 'manual', // a redirect would send links to a host that is not configured
    });
    ({ status } = response);
    text = response.ok ? '' : await response.text();
    if (response.ok) await response.body?.cancel();
  } catch (cause) {
    const reason = signal.aborted ? 'timed_out' : (networkReason(cause) ?? 'connection_lost');
    throw new MailFailure(reason, { cause });
  }
  if (status >= 200 && status < 300) return;
  const response = text.slice(0, maxResponseLength);
  throw new MailFailure(reasonOf(status, response), { responseCode: status, response });
}

/** The reason of a status that means the same for every HTTP API. */
export function reasonOfStatus(status: number): MailReason {
  if (status === 401 || status === 403) return 'authentication';
  if (status === 408) return 'timed_out';
  if (status === 429) return 'rate_limited';
  return status >= 500 || status < 400 ? 'provider_unavailable' : 'message_refused';
}
