/** `GET /confirm`. The answer depends on the language only: the token is in the fragment, which no server sees. */
import type { RequestHandler } from 'express';
import { isToken } from '../../auth/link-token.js';
import { ownPagePath } from '../../config/site-pages.js';
import { responseSent } from '../../http/after-response.js';
import { auditClientOf } from '../../http/audit-client.js';
import { requestIdOf } from '../../http/request-id.js';
import type { Route } from '../../http/route.js';
import type { FeatureServices } from '../slots.js';
import { contentSecurityPolicy, renderPage } from './page.js';
import { texts, type Language } from './texts.js';

export function createRoutes(_settings: object, services: FeatureServices): readonly Route[] {
  const handlers = [recordOpenedLinks(services), confirmPage()];
  return [{ stage: 'private', path: ownPagePath, methods: ['GET', 'HEAD'], handlers }];
}

/** Who opens a link may be its owner, or a program that examines mails. */
function recordOpenedLinks({ audit, config, waitUntil }: FeatureServices): RequestHandler {
  return function recordOpenedLink(req, res, next) {
    const { link } = req.query;
    if (audit !== undefined && typeof link === 'string' && isToken(link)) {
      const recorded = responseSent(res).then(() => {
        audit.noteRepeatable({
          kind: 'link_open',
          outcome: 'success',
          linkId: link,
          requestId: requestIdOf(res),
          client: auditClientOf(req, config.clientIpHeader),
          details: { method: req.method },
        });
        return audit.flush();
      });
      waitUntil?.(recorded);
    }
    next();
  };
}

function confirmPage(): RequestHandler {
  const languages = Object.keys(texts) as Language[];

  return function handleConfirmPage(req, res) {
    const language = (req.acceptsLanguages(languages) || 'en') as Language;
    res.setHeader('Content-Security-Policy', contentSecurityPolicy);
    // No page that opened this one may navigate it or read its address.
    res.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    res.setHeader('Content-Language', language);
    res.setHeader('Vary', 'Accept-Language');
    res.type('html').send(renderPage(language));
  };
}
