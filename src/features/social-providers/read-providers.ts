/** Reads the providers with variables of their own, and reports incomplete ones. */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Finding } from '../../config/finding.js';
import type { CoreSettings } from '../definition.js';
import { builtInProviders, type ProviderSettings } from './settings.js';

type Values = Readonly<Record<string, string | undefined>>;
type Report = (finding: Finding) => void;

const labels = {
  google: 'Google',
  github: 'GitHub',
  microsoft: 'Microsoft',
  apple: 'Apple',
  discord: 'Discord',
  gitlab: 'GitLab',
} as const;

/** Both are needed; Apple has three others instead of a secret. */
const appleVariables = [
  'APPLE_CLIENT_ID',
  'APPLE_TEAM_ID',
  'APPLE_KEY_ID',
  'APPLE_PRIVATE_KEY',
] as const;

export function readBuiltInProviders(
  values: Values,
  core: CoreSettings,
  report: Report,
): ProviderSettings[] {
  return builtInProviders.flatMap((kind) => {
    const prefix = kind.toUpperCase();
    const needed =
      kind === 'apple' ? appleVariables : [`${prefix}_CLIENT_ID`, `${prefix}_CLIENT_SECRET`];
    if (!isComplete(needed, values, core, report)) return [];
    const [clientId = '', clientSecret = ''] = needed.map((name) => values[name]);
    const common = {
      id: kind,
      label: labels[kind],
      clientId,
      redirectUri: redirectUri(core, kind),
    };
    switch (kind) {
      case 'google':
        return { ...common, kind, clientSecret, issuer: 'https://accounts.google.com' };
      case 'microsoft': {
        const tenant = values.MICROSOFT_TENANT ?? 'common';
        const issuer = `https://login.microsoftonline.com/${tenant}/v2.0`;
        return { ...common, kind, clientSecret, issuer };
      }
      case 'gitlab':
        return { ...common, kind, clientSecret, issuer: values.GITLAB_ISSUER ?? '' };
      case 'apple': {
        const privateKey = readPrivateKey(values.APPLE_PRIVATE_KEY ?? '', report);
        if (privateKey === undefined) return [];
        const { APPLE_TEAM_ID: teamId = '', APPLE_KEY_ID: keyId = '' } = values;
        return { ...common, kind, issuer: 'https://appleid.apple.com', teamId, keyId, privateKey };
      }
      case 'github': {
        const webUrl = (values.GITHUB_URL ?? '').replace(/\/$/, '');
        const isCloud = webUrl === 'https://github.com';
        const apiUrl = isCloud ? 'https://api.github.com' : `${webUrl}/api/v3`;
        return { ...common, kind, clientSecret, webUrl, apiUrl };
      }
      case 'discord': {
        const webUrl = 'https://discord.com';
        return { ...common, kind, clientSecret, webUrl, apiUrl: `${webUrl}/api/v10` };
      }
    }
  });
}

/** The URL at which a provider returns the visitor. */
export function redirectUri({ baseUrl = '' }: CoreSettings, provider: string): string {
  return `${baseUrl}/api/auth/callback/${provider}`;
}

/**
 * Reports the variables that are missing where others of the provider are set.
 * @param optional variables that are useless without the needed ones
 */
export function isComplete(
  needed: readonly string[],
  values: Values,
  core: CoreSettings,
  report: Report,
  optional: readonly string[] = [],
): boolean {
  const given = [...needed, ...optional].find((name) => core.isSet(name));
  if (given === undefined) return false;
  const missing = needed.filter((name) => !core.isSet(name));
  for (const variable of missing) {
    report({
      level: 'error',
      code: 'PROVIDER_INCOMPLETE',
      variable,
      message: `is not set, but ${given} is: this provider cannot sign anybody in`,
      fix: `set ${needed.join(', ')}, or none of them`,
    });
  }
  // An invalid one was reported already.
  return missing.length === 0 && needed.every((name) => values[name] !== undefined);
}

/** The key, or the path of its file. Dashboards that take one line only get the line breaks as `\n`. */
function readPrivateKey(value: string, report: Report): string | undefined {
  try {
    const isKey = value.includes('-----BEGIN');
    const pem = isKey ? value.replaceAll('\\n', '\n') : readFileSync(value, 'utf8');
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return pem;
  } catch {
    // reported below
  }
  report({
    level: 'error',
    code: 'APPLE_PRIVATE_KEY_INVALID',
    variable: 'APPLE_PRIVATE_KEY',
    message: 'is neither the private key (P-256) of an Apple key file nor the path of one',
    fix: 'set the content of the .p8 file with its BEGIN and END lines; line breaks may be written as \\n',
  });
  return undefined;
}
