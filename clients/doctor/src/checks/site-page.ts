/** Whether a page of the site can finish sign-ins: the service returns to it, and its URL does not redirect. */
import type { DoctorContext } from '../doctor-context.js';
import { fail, ok, unknown, type FindingStream } from '../finding.js';
import { NoResponseError, type HttpResponse } from '../http-client.js';
import { sanitizeForTerminal } from '../untrusted-text.js';
import { startRedirect, type Provider } from './provider-start.js';

export async function* checkSitePage(
  context: DoctorContext,
  provider: Provider,
  page: string,
): FindingStream {
  const started = await startRedirect(context, provider, page);
  if ('reason' in started && started.reason === 'return_page_not_allowed') {
    yield fail('SITE_PAGE_NOT_ALLOWED', {
      message: `the service does not return to ${page}`,
      impact: 'Sign-ins with a provider from this site end on an error page of the service.',
      fix: `add exactly ${page} to SITE_PAGES: scheme, host, path and trailing slash count`,
    });
    return;
  }
  // Any other fault is the provider's, and is reported with it.
  if ('unexpected' in started) return;
  let response: HttpResponse;
  try {
    response = await context.request(page, { headers: { accept: 'text/html' }, cutsBody: true });
  } catch (error) {
    if (!(error instanceof NoResponseError)) throw error;
    yield unknown('SITE_PAGE_NOT_CHECKED', {
      message: `the service returns to ${page}, which did not respond (${error.code})`,
      fix: 'start or publish the site, and rerun',
    });
    return;
  }
  const { status, headers } = response;
  if (status >= 300 && status < 400) {
    yield fail('SITE_PAGE_REDIRECTS', {
      message: `${page} redirects (${status}) to ${sanitizeForTerminal(headers.location ?? 'no URL')}`,
      impact:
        'The one-time code in the fragment follows the redirect, and the page that it reaches is not the one in SITE_PAGES.',
      fix: 'put the final URL into SITE_PAGES, mostly with or without a trailing slash',
    });
  } else if (status >= 400) {
    yield fail('SITE_PAGE_MISSING', {
      message: `${page} responds ${status}`,
      impact: 'A visitor who comes back from a provider finds no page that finishes the sign-in.',
      fix: "publish the page of your site's client at this URL, or correct SITE_PAGES",
    });
  } else yield ok('SITE_PAGE', `the service returns to ${page}, which responds ${status}`);
}
