/** One attempt to deliver a webhook. */
import type { WebhookReason } from './reasons.js';

export class WebhookFailure extends Error {
  override readonly name = 'WebhookFailure';

  constructor(
    readonly reason: WebhookReason,
    readonly responseCode: number | undefined,
    cause?: unknown,
  ) {
    super(reason, { cause });
  }
}

/** @throws WebhookFailure unless the receiver answers 2xx */
export async function postWebhook(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal,
      redirect: 'manual', // a redirect would send the event to a host that is not configured
    });
    await response.body?.cancel(); // what a receiver says is not needed, however long it is
  } catch (cause) {
    throw new WebhookFailure(signal.aborted ? 'timed_out' : 'unreachable', undefined, cause);
  }
  if (response.ok) return;
  throw new WebhookFailure(response.status === 410 ? 'gone' : 'refused', response.status);
}
