/** Whether the API's own CORS lets pages on the given origins read its responses; the service has no part in it. */
import type { DoctorContext } from '../doctor-context.js';
import { ok, warn, type Finding, type FindingStream } from '../finding.js';
import type { HttpResponse } from '../http-client.js';
import { sanitizeForTerminal } from '../untrusted-text.js';

/** Only warns, because pages on an origin may not call the API at all. */
export async function* checkApiCors(
  { origins, request }: DoctorContext,
  apiUrl: string,
): FindingStream {
  const { origin: own } = new URL(apiUrl);
  for (const origin of origins.filter((given) => given !== own)) {
    // Without a session, because a page must be able to read the 401 too.
    const response = await request(apiUrl, { headers: { origin } });
    yield (
      corsFault(origin, own, response) ??
      ok('API_ORIGIN_ALLOWED', `pages on ${origin} may read the responses of ${own}, 401 included`)
    );
  }
}

const credentialsImpact =
  'Browsers hide responses to requests with cookies; requests with only a token would work.';

function corsFault(
  origin: string,
  api: string,
  { status, headers }: HttpResponse,
): Finding | undefined {
  const allowed = headers['access-control-allow-origin'];
  if (allowed === undefined) {
    return warn('API_CORS_MISSING', {
      message: `${api} responded ${status} to ${origin} without Access-Control-Allow-Origin`,
      impact: 'The browser hides the response, and the page sees a network error instead of a 401.',
      fix: `allow ${origin} with credentials in the API's CORS, for error responses too; ignore this if no page calls it`,
    });
  }
  if (allowed === '*') {
    return warn('API_CORS_WILDCARD', {
      message: `${api} responds with Access-Control-Allow-Origin: * to ${origin}`,
      impact: credentialsImpact,
      fix: `allow ${origin} by name and with credentials, or send a token without credentials: 'include'`,
    });
  }
  if (allowed !== origin) {
    return warn('API_CORS_OTHER_ORIGIN', {
      message: `${api} allows ${sanitizeForTerminal(allowed)}, not ${origin}`,
      impact: 'The browser hides the response from that page.',
      fix: `allow exactly ${origin} in the API's CORS, without a trailing slash`,
    });
  }
  if (headers['access-control-allow-credentials'] !== 'true') {
    return warn('API_CORS_WITHOUT_CREDENTIALS', {
      message: `${api} does not allow credentials for ${origin}`,
      impact: credentialsImpact,
      fix: "send Access-Control-Allow-Credentials: true (FastAPI's CORSMiddleware: allow_credentials=True)",
    });
  }
  return undefined;
}
