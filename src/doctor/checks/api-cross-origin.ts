/** Whether pages on the given origins may read what the API answers them: its own CORS, which the service cannot send. */
import type { Examination } from '../examination.js';
import { ok, warn, type Finding, type Findings } from '../finding.js';
import { quoted } from '../foreign-text.js';
import type { Answer } from '../http-client.js';

/** A warning at most: perhaps the pages of that origin never call the API. */
export async function* examineApiCrossOrigin(
  { origins, ask }: Examination,
  apiUrl: string,
): Findings {
  const { origin: own } = new URL(apiUrl);
  for (const origin of origins.filter((given) => given !== own)) {
    // Of somebody without a session: a page must be able to read the 401 as well.
    const answer = await ask(apiUrl, { headers: { origin } });
    yield (
      complaint(origin, own, answer) ??
      ok('API_ORIGIN_ALLOWED', `pages of ${origin} may read what ${own} answers, 401 included`)
    );
  }
}

function complaint(origin: string, api: string, { status, headers }: Answer): Finding | undefined {
  const allowed = headers['access-control-allow-origin'];
  if (allowed === undefined) {
    return warn('API_CORS_MISSING', {
      seen: `${api} answers ${status} to a page of ${origin} without Access-Control-Allow-Origin`,
      why: 'The browser hides the answer, and the page sees a network error instead of a 401.',
      fix: `allow ${origin} in the API's CORS, with credentials, and on error answers too; nothing to do if no page calls it`,
    });
  }
  if (allowed === '*') {
    return warn('API_CORS_WILDCARD', {
      seen: `${api} allows * to a page of ${origin}`,
      why: 'Browsers hide the answer where cookies go along; a token alone would do.',
      fix: `allow ${origin} by name and with credentials, or send a token without credentials: 'include'`,
    });
  }
  if (allowed !== origin) {
    return warn('API_CORS_OTHER_ORIGIN', {
      seen: `${api} allows ${quoted(allowed)} to a page of ${origin}`,
      why: 'The browser hides the answer from that page.',
      fix: `allow ${origin} in the API's CORS exactly so, without a slash at its end`,
    });
  }
  if (headers['access-control-allow-credentials'] !== 'true') {
    return warn('API_CORS_WITHOUT_CREDENTIALS', {
      seen: `${api} does not allow credentials to a page of ${origin}`,
      why: 'Browsers hide the answer where cookies go along; a token alone would do.',
      fix: "let the API send Access-Control-Allow-Credentials: true (FastAPI's CORSMiddleware: allow_credentials=True)",
    });
  }
  return undefined;
}
