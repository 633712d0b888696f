/** The endpoint that confirms a deletion. */
import type { OpenApiPart } from '../openapi-part.js';

export const openApi: OpenApiPart = {
  endpoints: {
    '/delete-user/verify': {
      method: 'post',
      summary: 'Redeem the mailed link that deletes the account',
      isPublic: true,
      success: {
        type: 'object',
        required: ['success', 'message'],
        properties: {
          success: { type: 'boolean', const: true },
          message: { type: 'string', enum: ['User deleted', 'Deletion scheduled'] },
          deleteAfter: {
            type: 'string',
            format: 'date-time',
            description:
              'With DELETE_GRACE_DAYS: when the account is deleted unless its owner signs in.',
          },
        },
      },
    },
  },
};
