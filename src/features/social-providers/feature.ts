/** Social providers: Google, GitHub, Microsoft, Apple, Discord, GitLab and any OpenID provider, each by its variables. */
import { z } from 'zod';
import { oneOf, onOff } from '../../config/variable-types.js';
import { defineFeature, type CoreSettings } from '../definition.js';
import { readOpenIdProviders } from './open-id-variables.js';
import { isProviderUrl } from './provider-url.js';
import { readBuiltInProviders } from './read-providers.js';
import { builtInProviders, type SocialProvidersSettings } from './settings.js';

/** Whether any provider is configured. */
export function hasProvider({ isSet, family }: Pick<CoreSettings, 'isSet' | 'family'>): boolean {
  const isBuiltIn = builtInProviders.some((name) => isSet(`${name.toUpperCase()}_CLIENT_ID`));
  return isBuiltIn || Object.keys(family('OIDC_<NAME>_ISSUER')).length > 0;
}

const text = z.string();
const id = (where: string) => text.optional().describe(`client id from ${where}`);
const secret = (provider: string) =>
  text.optional().describe(`client secret of \`${provider}_CLIENT_ID\``);

const domains = text.refine(
  (value) => readDomains(value).every(isDomain),
  'is not a comma-separated list of domains such as example.com,example.org',
);

export const socialProviders = defineFeature({
  name: 'social-providers',
  summary: 'signs in with Google, GitHub, Microsoft, Apple, Discord, GitLab or an OpenID provider',
  variables: {
    GOOGLE_CLIENT_ID: id('the Google Cloud console, of an OAuth client for a web application'),
    GOOGLE_CLIENT_SECRET: secret('GOOGLE'),
    GITHUB_CLIENT_ID: id(
      'GitHub, of an OAuth app, or of a GitHub app with the permission to read e-mail addresses',
    ),
    GITHUB_CLIENT_SECRET: secret('GITHUB'),
    GITHUB_URL: text
      .refine(isProviderUrl, 'is not an https URL such as https://github.example.com')
      .default('https://github.com')
      .describe('the URL of a GitHub Enterprise Server'),
    MICROSOFT_CLIENT_ID: id('Microsoft Entra, of an app registration for the web'),
    MICROSOFT_CLIENT_SECRET: secret('MICROSOFT'),
    MICROSOFT_TENANT: text
      .regex(/^[A-Za-z0-9.-]{1,100}$/, 'is not a tenant id, a domain, or common')
      .default('common')
      .describe(
        'who may sign in: `common`, `organizations`, `consumers`, or the id of a single tenant',
      ),
    APPLE_CLIENT_ID: id('Apple: the identifier of a Services ID'),
    APPLE_TEAM_ID: text
      .regex(/^[A-Z0-9]{10}$/, 'is not an id of ten capitals and digits')
      .optional()
      .describe('the team that owns the key'),
    APPLE_KEY_ID: text
      .regex(/^[A-Z0-9]{10}$/, 'is not an id of ten capitals and digits')
      .optional()
      .describe('the id of the key for Sign in with Apple'),
    APPLE_PRIVATE_KEY: text
      .optional()
      .describe(
        'the content of the key file (`.p8`), line breaks written as `\\n` or not, or its path. The service signs its client secrets with it',
      ),
    DISCORD_CLIENT_ID: id('the Discord developer portal'),
    DISCORD_CLIENT_SECRET: secret('DISCORD'),
    GITLAB_CLIENT_ID: id('GitLab, of an application with the scopes openid, email and profile'),
    GITLAB_CLIENT_SECRET: secret('GITLAB'),
    GITLAB_ISSUER: text
      .refine(isProviderUrl, 'is not an https URL such as https://gitlab.example.com')
      .default('https://gitlab.com')
      .describe('the URL of a GitLab of your own'),
    SOCIAL_SIGN_UP: oneOf(['on', 'off'])
      .default('on')
      .describe('`off` signs in only those who have an account: no provider creates one'),
    ALLOWED_EMAIL_DOMAINS: domains
      .optional()
      .describe(
        'domains, comma-separated: a provider signs up only addresses of these. Unset means any',
      ),
    KEEP_PROVIDER_TOKENS: onOff.describe(
      '`on` stores the providers’ tokens, encrypted, for a service of yours that calls their APIs; pages never get them',
    ),
  },
  variableFamilies: {
    'OIDC_<NAME>_ISSUER':
      'the URL of any other OpenID provider, below which `/.well-known/openid-configuration` is found; `<NAME>` is a name of your choice in capitals, in lower case the `provider` of the flow',
    'OIDC_<NAME>_CLIENT_ID': 'client id at that provider',
    'OIDC_<NAME>_CLIENT_SECRET': 'client secret at that provider',
    'OIDC_<NAME>_LABEL': 'the name on its button; by default the name',
  },
  readSettings(values, core, report): SocialProvidersSettings | undefined {
    const { ALLOWED_EMAIL_DOMAINS: allowed } = values;
    const providers = [
      ...readBuiltInProviders(values, core, report),
      ...readOpenIdProviders(core, report),
    ];
    if (providers.length === 0) return undefined;
    return {
      providers,
      signUp: values.SOCIAL_SIGN_UP === 'on',
      allowedDomains: allowed === undefined ? undefined : readDomains(allowed),
      keepTokens: values.KEEP_PROVIDER_TOKENS === 'on',
    };
  },
  startupFields: (settings) => ({
    // Each with the URL to register there.
    socialProviders: Object.fromEntries(
      (settings?.providers ?? []).map(({ id: name, redirectUri }) => [name, redirectUri]),
    ),
  }),
});

function readDomains(value: string): string[] {
  return value
    .split(',')
    .map((domain) => domain.trim().replace(/^@/, '').toLowerCase())
    .filter((domain) => domain !== '');
}

function isDomain(domain: string): boolean {
  return /^(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}$/.test(domain);
}
