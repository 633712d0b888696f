/** Names why a call to a provider failed, from the errors of openid-client and fetch. */
import { errors } from 'jose';
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { ProviderFailure, type ProviderFailureReason } from '../../identity-providers.js';

/** RFC 6749 4.1.2.1 and 5.2, and what GitHub and others call them. */
const reasonsOfErrors: Readonly<Record<string, ProviderFailureReason>> = {
  access_denied: 'access_denied',
  user_denied: 'access_denied',
  user_cancelled_authorize: 'access_denied', // Apple
  user_cancelled_login: 'access_denied',
  consent_required: 'access_denied',
  login_required: 'access_denied',
  interaction_required: 'access_denied',
  redirect_uri_mismatch: 'redirect_uri_mismatch',
  invalid_client: 'client_secret_wrong',
  unauthorized_client: 'client_secret_wrong',
  incorrect_client_credentials: 'client_secret_wrong', // GitHub
};

/** Errors of openid-client that concern the ID token or the answer that it belongs to. */
const tokenCodes = [
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_PARSE_ERROR',
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_UNSUPPORTED_OPERATION',
];

/** What a provider answers with instead of a token. @param description for the log */
export function failureOfOAuthError(error: string, description = ''): ProviderFailure {
  const reason = reasonsOfErrors[error];
  // Some say invalid_grant and explain in prose that the redirect URI differs.
  const isUri = /redirect.?ur[il]/i.test(`${error} ${description}`);
  return new ProviderFailure(
    reason ?? (isUri ? 'redirect_uri_mismatch' : 'provider_error'),
    description === '' ? error : `${error}: ${description}`,
  );
}

export function failureOf(error: unknown): ProviderFailure {
  const [known] = causesOf(error).filter((cause) => cause instanceof ProviderFailure);
  if (known !== undefined) return known; // openid-client wraps what its fetch throws
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    return failureOfOAuthError(error.error, error.error_description);
  }
  const chain = chainOf(error);
  const cause = { cause: error };
  if (chain.some(({ name }) => name === 'TimeoutError' || name === 'AbortError')) {
    return new ProviderFailure('provider_timeout', 'no response within the deadline', cause);
  }
  // Node's codes, such as ECONNREFUSED, EAI_AGAIN and SELF_SIGNED_CERT_IN_CHAIN; not those of the libraries.
  const network = chain.find(
    ({ code }) => /^[A-Z][A-Z0-9_]+$/.test(code) && !/^(?:OAUTH|ERR_J)/.test(code),
  );

  if (network !== undefined || chain.some(({ message }) => message === 'fetch failed')) {
    return new ProviderFailure('provider_unreachable', network?.code ?? 'fetch failed', cause);
  }
  const [first] = chain;
  if (error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC') {
    return new ProviderFailure('id_token_invalid', error.message, cause);
  }
  if (error instanceof ClientError && tokenCodes.includes(error.code ?? '')) {
    const detail = describeTokenFault(error);
    // The same codes are used for an answer that is no JSON.
    const isToken =
      error.code === 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED' || !/"response"/.test(detail);
    return new ProviderFailure(isToken ? 'id_token_invalid' : 'provider_error', detail, cause);
  }
  return new ProviderFailure('provider_error', first?.message ?? 'unknown', cause);
}

interface Link {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let at = error; at instanceof Error && causes.length < 8; at = at.cause) causes.push(at);
  return causes;
}

function chainOf(error: unknown): Link[] {
  return causesOf(error).map((cause) => {
    const { code } = cause as { code?: unknown };
    return {
      name: cause.name,
      message: cause.message,
      code: typeof code === 'string' ? code : '',
    };
  });
}

/** Which claim differs, and by how much the clocks do. Names and times only: claims hold addresses. */
function describeTokenFault(error: ClientError): string {
  const inner = error.cause instanceof Error ? error.cause : error;
  const details = (inner.cause ?? {}) as {
    claim?: unknown;
    attribute?: unknown;
    now?: unknown;
    claims?: Record<string, unknown>;
  };
  const { claim, attribute, now, claims } = details;
  const at = typeof claim === 'string' ? claims?.[claim] : undefined;
  const difference =
    error.code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED' &&
    typeof at === 'number' &&
    typeof now === 'number'
      ? `; the clocks differ by ${Math.abs(now - at)} s or more`
      : '';
  const named = claim ?? attribute;
  return `${inner.message}${typeof named === 'string' ? ` (${named})` : ''}${difference}`;
}
