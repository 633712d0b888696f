/**
 * `GET /api/auth/redirect/start`: a top-level visit that leads to the provider. It writes no row and no session, so that a
 * foreign link to it changes nothing (login CSRF).
 */
import type { Request, RequestHandler } from 'express';
import { isToken } from '../../auth/link-token.js';
import { ownPagePath } from '../../config/site-pages.js';
import { addLogFields } from '../../http/request-log.js';
import { ProviderFailure, providerKinds } from '../../identity-providers.js';
import type { FeatureServices } from '../slots.js';
import { counterName } from './counters.js';
import { logReason, redirect, redirectWithError, sendErrorPage } from './failure-response.js';
import { expireOldFlows, writeFlowCookie } from './flow-cookie.js';
import type { RedirectReasonName } from './reasons.js';
import { flowSecrets, type States } from './state.js';

type Services = Pick<FeatureServices, 'config' | 'counters' | 'identityProviders'>;

const maxHintLength = 254;

export function startRoute(services: Services, states: States): RequestHandler {
  const { config, counters, identityProviders } = services;
  const pages = [...Object.values(config.sitePages), config.baseUrl + ownPagePath];

  return async function startRedirect(req, res) {
    const [provider = '', returnTo = '', challenge = ''] = [
      'provider',
      'return_to',
      'code_challenge',
    ].map((name) => parameter(req, name));
    const fail = (reason: RedirectReasonName, fields: Record<string, unknown> = {}) => {
      counters.count(counterName, reason);
      logReason(res, reason, fields);
      // Character by character: any normalization could lead elsewhere, and fragments follow redirects.
      if (pages.includes(returnTo)) redirectWithError(res, reason, { returnTo, challenge });
      else sendErrorPage(res, reason);
    };
    // An image or a frame of a foreign page would only collect cookies.
    if (!['document', undefined].includes(req.get('sec-fetch-dest'))) {
      fail('not_a_visit');
      return;
    }
    if (!pages.includes(returnTo)) {
      fail('return_page_not_allowed');
      return;
    }
    if (!isToken(challenge)) {
      fail('challenge_invalid');
      return;
    }
    const found = identityProviders?.find(provider);
    if (found === undefined) {
      fail(unknownReason(provider));
      return;
    }
    const ticket = parameter(req, 'ticket');
    const linkUserId = ticket === undefined ? undefined : states.readTicket(ticket, challenge);
    if (ticket !== undefined && linkUserId === undefined) {
      fail('ticket_invalid', { provider });
      return;
    }
    const { state, text, cookie } = states.begin({ provider, returnTo, challenge, linkUserId });
    try {
      const hint = parameter(req, 'login_hint')?.slice(0, maxHintLength);
      const url = await found.authorizationUrl(flowSecrets(text, state, cookie), hint);
      for (const line of expireOldFlows(req.headers.cookie, config.cookies)) {
        res.append('Set-Cookie', line);
      }
      res.append('Set-Cookie', writeFlowCookie(state, cookie, config.cookies, found.postsForm));
      counters.count(counterName, 'started');
      addLogFields(res, { redirect: 'started', provider });
      redirect(res, url.href);
    } catch (error) {
      if (!(error instanceof ProviderFailure)) throw error;
      fail(error.reason, { provider, detail: error.detail });
    }
  };
}

/** Why there is no provider of this name. */
export function unknownReason(provider: string): RedirectReasonName {
  const isKnown = provider !== 'oidc' && (providerKinds as readonly string[]).includes(provider);
  return isKnown ? 'provider_not_configured' : 'provider_unknown';
}

/** The value of a parameter that occurs once. */
function parameter({ query }: Request, name: string): string | undefined {
  const value = query[name];
  return typeof value === 'string' ? value : undefined;
}
