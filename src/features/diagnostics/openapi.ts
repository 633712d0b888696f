/** The routes of the diagnostics. */
import type { OpenApiPart } from '../openapi-part.js';

const security = ['diagnosticsToken'];
const errors = [401, 404, 500];

export const openApi: OpenApiPart = {
  securitySchemes: {
    diagnosticsToken: { type: 'apiKey', in: 'header', name: 'X-Diagnostics-Token' },
  },
  routes: {
    '/diagnostics': {
      get: {
        summary:
          'The startup report as it is now, and session checks and mails by reason. Needs DIAGNOSTICS_TOKEN',
        security,
        success: {
          type: 'object',
          required: ['time', 'startup', 'verdicts', 'client'],
          properties: {
            time: { type: 'string', format: 'date-time' },
            startup: { type: 'object' },
            verdicts: {
              type: 'object',
              required: ['since', 'counts'],
              properties: {
                since: { type: 'string', format: 'date-time' },
                counts: { type: 'object', additionalProperties: { type: 'integer' } },
              },
            },
            mail: {
              type: 'object',
              required: ['senderDomain', 'outbox', 'recent'],
              properties: {
                senderDomain: { type: 'string' },
                outbox: { type: 'array', items: { type: 'object' } },
                recent: { type: 'array', items: { type: 'object' } },
              },
            },
            client: { type: 'object' },
          },
        },
        errors,
      },
    },
    '/metrics': {
      get: {
        summary: 'Counters in Prometheus format. Needs DIAGNOSTICS_TOKEN',
        security,
        success: 'text',
        errors,
      },
    },
  },
};
