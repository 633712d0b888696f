/** Finds providers that could sign nobody in, before a visitor meets them. */
import type { Finding } from '../../config/finding.js';
import { ProviderFailure } from '../../identity-providers.js';
import type { StartupServices } from '../slots.js';
import type { ProviderSettings, SocialProvidersSettings } from './settings.js';

export async function findStartupFaults(
  { providers }: SocialProvidersSettings,
  { config, identityProviders, mailer }: StartupServices,
): Promise<readonly Finding[]> {
  const checked = providers.map(async (settings): Promise<Finding[]> => {
    try {
      await identityProviders?.find(settings.id)?.check();
      return [];
    } catch (error) {
      return error instanceof ProviderFailure ? [failed(settings, error)] : [];
    }
  });
  const findings = (await Promise.all(checked)).flat();
  // A fresh clone has neither, and nothing to correct.
  if (config.environment === 'development') return findings;
  if (Object.keys(config.sitePages).length === 0) findings.push(noPage);
  if (mailer === undefined) findings.push(noMail);
  return findings;
}

function failed({ id, kind }: ProviderSettings, { reason, detail }: ProviderFailure): Finding {
  const prefix =
    kind === 'oidc' ? `OIDC_${id.toUpperCase().replaceAll('-', '_')}` : id.toUpperCase();
  const variable =
    kind === 'oidc' || kind === 'gitlab' ? `${prefix}_ISSUER` : `${prefix}_CLIENT_ID`;
  return {
    level: 'warn',
    code:
      reason.startsWith('provider_') && reason !== 'provider_error'
        ? 'PROVIDER_UNREACHABLE'
        : 'PROVIDER_METADATA_INVALID',
    variable,
    message: `names a provider whose metadata cannot be read (${reason}: ${detail}), so nobody can sign in with it`,
    fix: 'check the issuer, character by character, and that this network may connect to it',
  };
}

const noPage: Finding = {
  level: 'info',
  code: 'PROVIDERS_WITHOUT_PAGE',
  variable: 'SITE_PAGES',
  message: 'is not set, so no page can finish a sign-in with a provider',
  fix: 'set the exact URL of the page that finishes sign-ins, one for each origin',
};

const noMail: Finding = {
  level: 'info',
  code: 'PROVIDERS_WITHOUT_MAIL',
  variable: 'SMTP_URL',
  message:
    'and the other mail transports are not set, so a visitor whose provider does not vouch for the address cannot prove it by mail',
  fix: 'set a mail transport',
};
