/** The refusals of the captcha. */
import type { OpenApiPart } from '../openapi-part.js';
import { reasons } from './reasons.js';

export const openApi: OpenApiPart = {
  errorFields: {
    403: {
      reason: {
        type: 'string',
        description: `Where a captcha is due: ${Object.keys(reasons).join(', ')}.`,
      },
      captcha: {
        type: 'object',
        required: ['provider'],
        properties: {
          provider: { type: 'string', enum: ['altcha', 'turnstile', 'hcaptcha'] },
          siteKey: { type: 'string' },
          challenge: { type: 'object', description: 'Of ALTCHA, for its widget.' },
        },
      },
    },
  },
};
