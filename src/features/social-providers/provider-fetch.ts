/**
 * `fetch` for calls to providers: with a deadline for the whole call, one retry where that is safe, and a limit on the
 * size of the response. Node's own has none of them, so a hanging provider would hold the visitor for minutes
 * (better-auth#4537).
 */
import { traceWork } from '../../traced-work.js';

export const providerDeadlineMs = 8_000;

/** A discovery document has a few kilobytes, a set of keys a dozen. */
const maxResponseBytes = 512 * 1024;

/** The request did not reach the provider, so a repetition cannot do something twice. */
const unsent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];

export type ProviderFetch = (url: string, options?: RequestInit) => Promise<Response>;

/** @param deadlineMs of a call, with its retry and its body */
export function createProviderFetch(
  deadlineMs = providerDeadlineMs,
  send: ProviderFetch = fetch,
): ProviderFetch {
  return async (url, options) =>
    traceWork('call provider', { 'server.address': new URL(url).hostname }, () =>
      fetchFromProvider(url, options),
    );

  async function fetchFromProvider(url: string, options: RequestInit = {}): Promise<Response> {
    const signal = AbortSignal.timeout(deadlineMs);
    const attempt = async () => {
      const response = await send(url, { ...options, redirect: 'manual', signal });
      return withLimitedBody(response);
    };
    const isSafe = (options.method ?? 'GET') === 'GET';
    try {
      const response = await attempt();
      // Read again from a provider that says it is only for a moment.
      return isSafe && [502, 503, 504].includes(response.status) ? await attempt() : response;
    } catch (error) {
      if (signal.aborted || !(isSafe || unsent.includes(codeOf(error)))) throw error;
      return attempt();
    }
  }
}

/** The response with its body read. @throws Error if it is too large */
async function withLimitedBody(response: Response): Promise<Response> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body = response.body as AsyncIterable<Uint8Array> | null;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > maxResponseBytes) throw new Error('the response is too large');
    chunks.push(chunk);
  }
  const { status, statusText, headers } = response;
  const hasBody = ![101, 204, 205, 304].includes(status);
  return new Response(hasBody ? Buffer.concat(chunks) : null, { status, statusText, headers });
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const { code } = (cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
