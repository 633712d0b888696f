/**
 * Whether each provider accepts the client id and the redirect URI with which this deployment sends visitors to it. Nobody
 * signs in: the provider's login page is not passed.
 */
import { z } from 'zod';
import type { DoctorContext } from '../doctor-context.js';
import { fail, unknown, type Finding, type FindingStream } from '../finding.js';
import { NoResponseError } from '../http-client.js';
import { ownPagePath } from '../service.js';
import { sanitizeForTerminal } from '../untrusted-text.js';
import { accepted, askedForLogin, describeResponse, noResponse } from './provider-findings.js';
import { openAuthorizationUrl } from './provider-response.js';
import {
  authorizationUrlFault,
  failedStart,
  startRedirect,
  type Provider,
} from './provider-start.js';
import { checkSitePage } from './site-page.js';

const featuresSchema = z.object({
  features: z.object({
    socialProviders: z
      .array(
        z.object({
          id: z.string().regex(/^[a-z0-9-]{1,64}$/),
          label: z.string().transform(sanitizeForTerminal),
          kind: z.string(),
        }),
      )
      .max(50)
      .default([]),
  }),
});

/** No provider has it registered. */
const unregisteredUri = 'https://not-registered.invalid/callback';

const ownPageNotAllowed = 'OWN_PAGE_NOT_ALLOWED';

export async function* checkSocialSignIn(context: DoctorContext): FindingStream {
  const { authUrl, request, sitePages } = context;
  const { json } = await request(`${authUrl}/api/auth/features`);
  const parsed = featuresSchema.safeParse(json);
  // Versions without providers have no such list, or no such route.
  const providers = parsed.success ? parsed.data.features.socialProviders : [];
  const [first] = providers;
  if (first === undefined) {
    if (!parsed.success && json?.features !== undefined) yield providersNotRead;
    else if (sitePages.length > 0) yield noProviders;
    return;
  }
  for (const page of sitePages) yield* checkSitePage(context, first, page);
  for (const provider of providers) {
    const finding = await checkProvider(context, provider);
    yield finding;
    if (finding.code === ownPageNotAllowed) return; // the same for all
  }
}

const providersNotRead = unknown('PROVIDERS_NOT_READ', {
  message: '/api/auth/features lists providers in an unknown form',
  fix: "use this command in the deployment's version",
});

const noProviders = unknown('SITE_PAGE_NOT_CHECKED', {
  message: '--site-page was not checked: the deployment offers no provider',
  fix: 'configure one, such as GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET, and redeploy',
});

async function checkProvider(context: DoctorContext, provider: Provider): Promise<Finding> {
  const { authUrl } = context;
  const { id, label, kind } = provider;
  const started = await startRedirect(context, provider, authUrl + ownPagePath);
  if ('reason' in started && started.reason === 'return_page_not_allowed') {
    return fail(ownPageNotAllowed, {
      message: `the service does not return to its own page ${authUrl}${ownPagePath}`,
      impact:
        'Providers return visitors to another host, where the cookie of the sign-in is missing.',
      fix: baseUrlFix(authUrl),
    });
  }
  if (!('authorizationUrl' in started)) return failedStart(provider, started);
  const { authorizationUrl: url } = started;
  const fault = authorizationUrlFault(provider, url, authUrl);
  if (fault !== undefined) return fault;
  const redirectUri = `${authUrl}/api/auth/callback/${id}`;
  const sent = url.searchParams.get('redirect_uri');
  if (sent !== redirectUri) {
    return fail('CALLBACK_OTHER_URL', {
      message: `${label}: the service asks the provider to return to ${sanitizeForTerminal(sent ?? 'no URL')}, not to ${redirectUri}`,
      impact: 'The browser keeps the cookie of the sign-in for another host, so the return fails.',
      fix: baseUrlFix(authUrl),
    });
  }
  try {
    const response = await openAuthorizationUrl(context, url, kind);
    if (response.outcome !== 'continued') return describeResponse(provider, redirectUri, response);
    const isChecked = await refusesUnregisteredUri(context, url, kind);
    return isChecked ? accepted(provider, redirectUri) : askedForLogin(provider, redirectUri);
  } catch (error) {
    if (!(error instanceof NoResponseError)) throw error;
    return noResponse(provider, url, error);
  }
}

function baseUrlFix(authUrl: string): string {
  return `set BETTER_AUTH_URL=${authUrl}, or call the URL in BETTER_AUTH_URL`;
}

/** Only then does a login page mean that the redirect URI is registered. */
async function refusesUnregisteredUri(
  context: DoctorContext,
  url: URL,
  kind: string,
): Promise<boolean> {
  const altered = new URL(url);
  altered.searchParams.set('redirect_uri', unregisteredUri);
  try {
    const { outcome } = await openAuthorizationUrl(context, altered, kind);
    return outcome === 'refused';
  } catch (error) {
    if (error instanceof NoResponseError) return false;
    throw error;
  }
}
