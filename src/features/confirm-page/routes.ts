/** `GET /confirm`. The answer depends on the language only: the token is in the fragment, which no server sees. */
import type { RequestHandler } from 'express';
import { ownPagePath } from '../../config/site-pages.js';
import type { Route } from '../../http/route.js';
import { contentSecurityPolicy, renderPage } from './page.js';
import { texts, type Language } from './texts.js';

export function createRoutes(): readonly Route[] {
  return [
    { stage: 'private', path: ownPagePath, methods: ['GET', 'HEAD'], handlers: [confirmPage()] },
  ];
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
