/** Reads `OIDC_<NAME>_…`: any number of OpenID providers, each under a name of the operator's choice. */
import type { Finding } from '../../config/finding.js';
import type { CoreSettings } from '../definition.js';
import { isProviderUrl } from './provider-url.js';
import { isComplete, redirectUri } from './read-providers.js';
import { builtInProviders, type OpenIdSettings } from './settings.js';

export function readOpenIdProviders(
  core: CoreSettings,
  report: (finding: Finding) => void,
): OpenIdSettings[] {
  const names = ['ISSUER', 'CLIENT_ID', 'CLIENT_SECRET', 'LABEL'].flatMap((part) =>
    Object.keys(core.family(`OIDC_<NAME>_${part}`)),
  );
  return [...new Set(names)].flatMap((name) => {
    const variable = (part: string) => `OIDC_${name}_${part}`;
    const issuers = core.family('OIDC_<NAME>_ISSUER');
    const ids = core.family('OIDC_<NAME>_CLIENT_ID');
    const secrets = core.family('OIDC_<NAME>_CLIENT_SECRET');
    const values = {
      [variable('ISSUER')]: issuers[name],
      [variable('CLIENT_ID')]: ids[name],
      [variable('CLIENT_SECRET')]: secrets[name],
    };
    if (!isComplete(Object.keys(values), values, core, report, [variable('LABEL')])) return [];
    const [issuer = '', clientId = '', clientSecret = ''] = Object.values(values);
    const id = name.toLowerCase().replaceAll('_', '-');
    // `credential` is BetterAuth's name for a password.
    if ([...builtInProviders, 'credential'].includes(id)) {
      report({
        level: 'error',
        code: 'OIDC_NAME_TAKEN',
        variable: variable('ISSUER'),
        message: 'has a name that is taken: a provider with variables of its own, or the password',
        fix: `choose another name, or use ${name}_CLIENT_ID where that exists`,
      });
      return [];
    }
    if (!isProviderUrl(issuer)) {
      report({
        level: 'error',
        code: 'OIDC_ISSUER_INVALID',
        variable: variable('ISSUER'),
        message: 'is not an https URL; http is accepted for this machine only',
        fix: 'copy the issuer from the provider, without /.well-known/openid-configuration',
      });
      return [];
    }
    const label = core.family('OIDC_<NAME>_LABEL')[name] ?? name;
    return {
      kind: 'oidc',
      id,
      label,
      issuer,
      clientId,
      clientSecret,
      redirectUri: redirectUri(core, id),
    };
  });
}
