/** Messages about a misconfiguration of site or service, for the operator to act on. */
import { translate } from '@docusaurus/Translate';
import type { AuthFailure, CallContext } from './auth-failure.js';

export function originRefused(_failure: AuthFailure, { authUrl, pageOrigin }: CallContext): string {
  return translate(
    {
      id: 'theme.auth.fault.originRefused',
      message:
        'The auth service at {authUrl} does not accept this site. For the operator: add {pageOrigin} to BETTER_AUTH_TRUSTED_ORIGINS.',
      description: 'For the operator. The name in capitals is a setting',
    },
    { authUrl, pageOrigin },
  );
}

export function originHidden(_failure: AuthFailure, { authUrl }: CallContext): string {
  return translate(
    {
      id: 'theme.auth.fault.originHidden',
      message:
        'This browser does not tell the auth service at {authUrl} which site the request comes from, so the service refuses it. Open this page in its own window, not in a frame or from a file.',
      description: 'If a request has no Origin, as from a sandboxed frame',
    },
    { authUrl },
  );
}

export function notTheService(
  { httpStatus }: AuthFailure,
  { authUrl, pageOrigin }: CallContext,
): string {
  if (authUrl === pageOrigin) {
    return translate(
      {
        id: 'theme.auth.fault.authUrlIsThisSite',
        message:
          'authUrl is this site’s own address ({authUrl}), and no auth service answers there (HTTP {httpStatus}). Set authUrl to the auth service’s address, or let a proxy forward /api/auth to it.',
        description: 'For the operator. authUrl is an option of docusaurus.config',
      },
      { authUrl, httpStatus },
    );
  }
  return translate(
    {
      id: 'theme.auth.fault.notTheService',
      message:
        'No auth service answers at authUrl ({authUrl}, HTTP {httpStatus}): check the address in docusaurus.config.',
      description: 'For the operator. authUrl is an option of docusaurus.config',
    },
    { authUrl, httpStatus },
  );
}

export function mixedContent(_failure: AuthFailure, { authUrl }: CallContext): string {
  return translate(
    {
      id: 'theme.auth.fault.mixedContent',
      message:
        'This page was loaded over https, so the browser blocks authUrl ({authUrl}). Serve the auth service over https.',
      description: 'For the operator. authUrl is an option of docusaurus.config',
    },
    { authUrl },
  );
}

/** @param url of the auth service or of an API */
export function blockedByPolicy(url: string): string {
  return translate(
    {
      id: 'theme.auth.fault.cspRefused',
      message:
        'This site’s own Content-Security-Policy blocks calls to {url}. For the operator: add that address to connect-src.',
      description: 'For the operator. connect-src is a directive of the policy',
    },
    { url },
  );
}

export function unreadable(_failure: AuthFailure, { authUrl, pageOrigin }: CallContext): string {
  return translate(
    {
      id: 'theme.auth.fault.unreadable',
      message:
        'The sign-in service cannot answer right now. For the operator: if this persists, check that {authUrl} is up and has {pageOrigin} in BETTER_AUTH_TRUSTED_ORIGINS.',
      description: 'The page may not read the response. The name in capitals is a setting',
    },
    { authUrl, pageOrigin },
  );
}

export function noApiTokens(_failure: AuthFailure, { authUrl }: CallContext): string {
  return translate(
    {
      id: 'theme.auth.fault.noApiTokens',
      message:
        'The auth service at {authUrl} issues no tokens for APIs. For the operator: set JWT_TOKENS=on there, or remove apiCredential from docusaurus.config.',
      description: 'For the operator. JWT_TOKENS and apiCredential are settings',
    },
    { authUrl },
  );
}
