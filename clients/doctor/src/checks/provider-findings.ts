/** What the response of a provider means for the deployment, and where to correct it. */
import { fail, ok, unknown, type Finding } from '../finding.js';
import type { NoResponseError } from '../http-client.js';
import { sanitizeForTerminal } from '../untrusted-text.js';
import { connectionProblem } from './connection-failures.js';
import { consoleOf } from './provider-refusals.js';
import type { ProviderResponse } from './provider-response.js';
import type { Provider } from './provider-start.js';

export function accepted({ label }: Provider, redirectUri: string): Finding {
  return ok('PROVIDER_ACCEPTS', `${label} accepts the client id and ${redirectUri}`);
}

export function askedForLogin({ label, kind }: Provider, redirectUri: string): Finding {
  return ok(
    'PROVIDER_ASKS_FOR_LOGIN',
    `${label} asks for a login, and does not reveal before it whether the redirect URI is registered: compare ${redirectUri} ${consoleOf(kind)}`,
  );
}

/** @param redirectUri as the service sends it */
export function describeResponse(
  provider: Provider,
  redirectUri: string,
  response: Exclude<ProviderResponse, { outcome: 'continued' }>,
): Finding {
  const { id, label, kind } = provider;
  switch (response.outcome) {
    case 'unavailable':
      return unknown('PROVIDER_NOT_CHECKED', {
        message: `${label} responded ${response.status}, which does not show whether it accepts the client id`,
        fix: "rerun later, or from another network; see the provider's status page",
      });
    case 'returned':
      if (response.error === undefined) return accepted(provider, redirectUri);
      return fail('PROVIDER_REFUSES', {
        message: `${label} accepts ${redirectUri}, but refuses the request: ${sanitizeForTerminal(response.error)}`,
        impact: 'No visitor can sign in with it.',
        fix: 'allow the authorization code flow and the scopes openid, email and profile for this client at the provider',
      });
    case 'refused':
      break;
  }
  const detail = sanitizeForTerminal(response.detail);
  const impact = 'Visitors see an error page of the provider instead of a login.';
  const prefix = (kind === 'oidc' ? `OIDC_${id}` : id).toUpperCase().replaceAll('-', '_');
  switch (response.refused) {
    case 'redirect_uri':
      return fail('REDIRECT_URI_NOT_REGISTERED', {
        message: `${label} refuses the redirect URI (${detail})`,
        impact,
        fix: `register exactly ${redirectUri} ${consoleOf(kind)}`,
      });
    case 'client_id':
      return fail('CLIENT_ID_REFUSED', {
        message: `${label} refuses the client id (${detail})`,
        impact,
        fix: `copy ${prefix}_CLIENT_ID again ${consoleOf(kind)}, and redeploy`,
      });
    case 'other':
      return fail('PROVIDER_REFUSES', {
        message: `${label} refuses the request (${detail})`,
        impact,
        fix: `compare ${prefix}_CLIENT_ID, and the redirect URI ${redirectUri}, ${consoleOf(kind)}`,
      });
  }
}

export function noResponse(
  { label, kind }: Provider,
  url: URL,
  { code }: NoResponseError,
): Finding {
  const origin = sanitizeForTerminal(url.origin);
  // The addresses of the others are public: this machine has no network.
  const problem = ['oidc', 'gitlab'].includes(kind) ? connectionProblem(code) : undefined;
  if (problem === undefined) {
    return unknown('PROVIDER_NOT_CHECKED', {
      message: `${label}: ${origin} did not respond (${code})`,
      fix: "rerun; if it persists, check this machine's network and the provider's status page",
    });
  }
  return fail('PROVIDER_UNREACHABLE', {
    message: `${label}: cannot connect to ${origin}: ${problem} (${code})`,
    impact: 'Visitors are sent to this address, and see an error of their browser.',
    fix: 'set its issuer to a URL that browsers can reach, not one of an internal network',
  });
}
