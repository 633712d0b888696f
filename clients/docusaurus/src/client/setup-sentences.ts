/** What is wrong with the set-up of site and service: sentences that whoever runs them can act on. */
import { translate } from '@docusaurus/Translate';
import type { Fault, Place } from './fault.js';

export function originRefused(_fault: Fault, { authUrl, pageOrigin }: Place): string {
  return translate(
    {
      id: 'theme.auth.fault.originRefused',
      message:
        'The auth service at {authUrl} does not accept this site: its operator adds {pageOrigin} to BETTER_AUTH_TRUSTED_ORIGINS.',
      description: 'For whoever runs the site. The name in capitals is a setting',
    },
    { authUrl, pageOrigin },
  );
}

export function originHidden(_fault: Fault, { authUrl }: Place): string {
  return translate(
    {
      id: 'theme.auth.fault.originHidden',
      message:
        'This browser does not tell the auth service at {authUrl} which site is asking, so it refuses. Open this page in a window of its own, not in a frame or from a file.',
      description: 'Where a call came without an Origin, as from a sandboxed frame',
    },
    { authUrl },
  );
}

export function notTheService({ httpStatus }: Fault, { authUrl, pageOrigin }: Place): string {
  if (authUrl === pageOrigin) {
    return translate(
      {
        id: 'theme.auth.fault.authUrlIsThisSite',
        message:
          'authUrl is this site’s own address ({authUrl}), and no auth service answers there (HTTP {httpStatus}). Set authUrl to the auth service’s address, or let a proxy hand /api/auth to it.',
        description: 'For whoever runs the site. authUrl is an option of docusaurus.config',
      },
      { authUrl, httpStatus },
    );
  }
  return translate(
    {
      id: 'theme.auth.fault.notTheService',
      message:
        'No auth service answers at authUrl ({authUrl}, HTTP {httpStatus}): check the address in docusaurus.config.',
      description: 'For whoever runs the site. authUrl is an option of docusaurus.config',
    },
    { authUrl, httpStatus },
  );
}

export function mixedContent(_fault: Fault, { authUrl }: Place): string {
  return translate(
    {
      id: 'theme.auth.fault.mixedContent',
      message:
        'This page came over https, so the browser blocks authUrl ({authUrl}). Give the auth service https.',
      description: 'For whoever runs the site. authUrl is an option of docusaurus.config',
    },
    { authUrl },
  );
}

/** An API or the service that this site's own policy blocks. */
export function blockedSentence(url: string): string {
  return translate(
    {
      id: 'theme.auth.fault.cspRefused',
      message:
        'This site’s own Content-Security-Policy blocks calls to {url}: whoever runs the site adds that address to connect-src.',
      description: 'For whoever runs the site. connect-src is a word of the policy',
    },
    { url },
  );
}

export function unreadable(_fault: Fault, { authUrl, pageOrigin }: Place): string {
  return translate(
    {
      id: 'theme.auth.fault.unreadable',
      message:
        'The sign-in service cannot answer right now. If this lasts, its operator makes sure that {authUrl} is up and has {pageOrigin} in BETTER_AUTH_TRUSTED_ORIGINS.',
      description: 'An answer came that the page may not read. The name in capitals is a setting',
    },
    { authUrl, pageOrigin },
  );
}

export function noApiTokens(_fault: Fault, { authUrl }: Place): string {
  return translate(
    {
      id: 'theme.auth.fault.noApiTokens',
      message:
        'The auth service at {authUrl} issues no tokens for APIs: its operator sets JWT_TOKENS=on, or this site takes apiCredential out of docusaurus.config.',
      description: 'For whoever runs the site. JWT_TOKENS and apiCredential are settings',
    },
    { authUrl },
  );
}
