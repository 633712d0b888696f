/** `GET /api/cron/mail`: sends what remains in the outbox. For a cron job, where no process runs between requests. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Route } from '../../http/route.js';
import { sendRefusal } from '../../http/send-error.js';
import type { MailWorker } from '../../mailer.js';
import type { FeatureServices } from '../slots.js';
import type { MailSettings } from './feature.js';
import { errors } from './reasons.js';

const cronPath = '/api/cron/mail';

export function createRoutes(
  { cronSecret }: MailSettings,
  { mailer }: Pick<FeatureServices, 'mailer'>,
): readonly Route[] {
  if (cronSecret === undefined || mailer === undefined) return [];
  return [
    {
      stage: 'private',
      path: cronPath,
      methods: ['GET'],
      handlers: [requireCronSecret(cronSecret), sendDueRoute(mailer)],
    },
  ];
}

function requireCronSecret(secret: string): RequestHandler {
  return function checkCronSecret({ headers }, res, next) {
    const presented = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    if (presented !== undefined && timingSafeEqual(digest(presented), digest(secret))) {
      next();
      return;
    }
    const code = 'CRON_SECRET_REQUIRED';
    sendRefusal(res, { code, ...errors[code] });
  };
}

function sendDueRoute(mailer: MailWorker): RequestHandler {
  return async function handleCron(_req, res) {
    res.setHeader('Cache-Control', 'no-store');
    res.json(await mailer.sendDue());
  };
}

/** Digests have one length, and the time of comparing them reveals nothing. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
