/** The field `profile` of requests and responses. Its own fields depend on PROFILE_SCHEMA. */
import type { JsonObject, OpenApiPart } from '../openapi-part.js';

const values: JsonObject = { type: ['string', 'number', 'boolean'] };
const valuesOrNull: JsonObject = { type: ['string', 'number', 'boolean', 'null'] };

export const openApi: OpenApiPart = {
  bodyFields: {
    '/sign-up/email': {
      profile: {
        type: 'object',
        description:
          'The fields that PROFILE_SCHEMA declares, required ones included; a field that is null is not given.',
        additionalProperties: valuesOrNull,
      },
    },
    '/update-user': {
      profile: {
        type: 'object',
        description:
          'Fields of PROFILE_SCHEMA to change; null removes one. Fields that are absent keep their value.',
        additionalProperties: valuesOrNull,
      },
    },
  },
  userFields: {
    profile: {
      type: ['object', 'null'],
      description: 'The stored fields of PROFILE_SCHEMA, except those with `x-visibility: hidden`.',
      additionalProperties: values,
    },
  },
  errorFields: {
    400: {
      fields: {
        type: 'object',
        description: 'With the code INVALID_PROFILE: each invalid field and what it must be.',
        additionalProperties: { type: 'string' },
      },
    },
  },
};
