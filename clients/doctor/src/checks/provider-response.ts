/**
 * Opens a provider's authorization URL without a login, and reads whether the provider refuses the request. It follows one
 * redirect at most, to an error page of the same provider.
 */
import type { DoctorContext } from '../doctor-context.js';
import type { HttpResponse } from '../http-client.js';
import { refusedBy, type Refused } from './provider-refusals.js';

export type ProviderResponse =
  | { readonly outcome: 'refused'; readonly refused: Refused; readonly detail: string }
  /** It sent the browser back to the service, with an error code or without. */
  | { readonly outcome: 'returned'; readonly error: string | undefined }
  /** It shows a page, or redirects to one, which is not an error. */
  | { readonly outcome: 'continued' }
  /** It is overloaded, or refuses programs. */
  | { readonly outcome: 'unavailable'; readonly status: number };

/** As a browser: a provider shows its errors on pages. */
const headers = { accept: 'text/html,application/json;q=0.9,*/*;q=0.8', 'accept-language': 'en' };

/**
 * @param url the authorization URL
 * @param kind as in /api/auth/features
 * @throws NoResponseError
 */
export async function openAuthorizationUrl(
  { request }: Pick<DoctorContext, 'request'>,
  url: URL,
  kind: string,
): Promise<ProviderResponse> {
  const response = await request(url.href, { headers, cutsBody: true });
  const target = redirectTarget(response, url);
  if (target === undefined) return readPage(response, kind);
  const error = target.searchParams.get('error') ?? undefined;
  if (isSameEndpoint(target, url.searchParams.get('redirect_uri') ?? '')) {
    return { outcome: 'returned', error };
  }
  const isError = error !== undefined || /\berror\b/.test(target.pathname);
  if (!isError) return { outcome: 'continued' };
  const page =
    target.origin === url.origin
      ? await request(target.href, { headers, cutsBody: true }).catch(() => undefined)
      : undefined;
  const text = [describeParameters(target), page?.text ?? ''].join('\n');
  const refused = refusedBy(kind, page?.status ?? response.status, error, text);
  return { outcome: 'refused', refused, detail: error ?? titleOf(page?.text ?? '') };
}

function readPage(response: HttpResponse, kind: string): ProviderResponse {
  const { status, headers, text, json } = response;
  if (status >= 500 || status === 429 || headers['cf-mitigated'] === 'challenge') {
    return { outcome: 'unavailable', status };
  }
  const code = typeof json?.error === 'string' ? json.error : undefined;
  // Microsoft's error page has status 200. Other pages with 200 may contain every error's text, for their scripts.
  const microsoftError = kind === 'microsoft' ? /AADSTS\d+(?=:)/.exec(text)?.[0] : undefined;
  if (status < 400 && code === undefined && microsoftError === undefined) {
    return { outcome: 'continued' };
  }
  const detail = code ?? microsoftError ?? (titleOf(text) || `status ${status}`);
  return { outcome: 'refused', refused: refusedBy(kind, status, code, text), detail };
}

function redirectTarget({ status, headers }: HttpResponse, base: URL): URL | undefined {
  const { location } = headers;
  const isRedirect = status >= 300 && status < 400 && location !== undefined;
  return isRedirect && URL.canParse(location, base.href) ? new URL(location, base) : undefined;
}

function isSameEndpoint(target: URL, redirectUri: string): boolean {
  return target.origin + target.pathname === redirectUri;
}

/** The parameters of an error page; Google's has one in base64, with the error code as text in it. */
function describeParameters({ searchParams }: URL): string {
  const encoded = searchParams.get('authError') ?? '';
  const values = [...searchParams.values()].join('\n');
  return `${values}\n${Buffer.from(encoded, 'base64').toString('latin1')}`;
}

function titleOf(text: string): string {
  return /<title[^>]*>([^<]{1,200})/i.exec(text)?.[1]?.trim() ?? '';
}
