/** How a start or a callback ends without a code: on the page that asked, or on a page of this service where none is known. */
import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { requestIdOf } from '../../http/request-id.js';
import { addLogFields } from '../../http/request-log.js';
import { reasons, type RedirectReasonName } from './reasons.js';
import type { FlowState } from './state.js';

/** Where errors of a flow are sent. */
export type ErrorTarget = Pick<FlowState, 'returnTo' | 'errorTo' | 'challenge'>;

/** @param fields of the request's log line, such as the provider and what it said */
export function logReason(
  res: Response,
  reason: RedirectReasonName,
  fields: Readonly<Record<string, unknown>>,
): void {
  addLogFields(res, { redirect: 'failed', reason, hint: reasons[reason].fix, ...fields });
}

/** Only the reason: what a provider wrote is never shown to a visitor. */
export function redirectWithError(
  res: Response,
  reason: RedirectReasonName,
  { returnTo, errorTo, challenge }: ErrorTarget,
): void {
  const requestId = requestIdOf(res);
  if (challenge === undefined) {
    // As stock clients read it: in the query of the page that they named.
    const url = new URL(errorTo ?? returnTo);
    url.searchParams.set('error', reason);
    redirect(res, url.href);
    return;
  }
  const fragment = new URLSearchParams({ auth_error: reason, request_id: requestId });
  redirect(res, `${returnTo}#${fragment.toString()}`);
}

export function redirect(res: Response, location: string): void {
  res.status(302).setHeader('Location', location);
  res.end();
}

const style =
  ':root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; } main { max-width: 26rem; margin: 10vh auto 0; padding: 1rem; } h1 { font-size: 1.4rem; } code { overflow-wrap: anywhere; }';
const styleHash = createHash('sha256').update(style).digest('base64');

/** Nothing of the request is part of it but the id. */
export function sendErrorPage(res: Response, reason: RedirectReasonName): void {
  const { status, message } = reasons[reason];
  res.setHeader(
    'Content-Security-Policy',
    `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
  res.status(status).type('html').send(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>Not signed in</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Not signed in</h1>
<p>${message}</p>
<p>Go back to the site that you came from.</p>
<p>Reason: <code>${reason}</code><br>Request: <code>${requestIdOf(res)}</code></p>
</main>
</body>
</html>
`);
}
