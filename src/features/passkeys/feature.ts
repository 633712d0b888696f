/** Passkeys: sign in with a key of the device, unlocked by fingerprint, face or PIN (WebAuthn), instead of a password. */
import { z } from 'zod';
import { onOff } from '../../config/variable-types.js';
import { defineFeature } from '../definition.js';
import { checkPages, defaultRpId, isRpId, pagesOf, relatedOriginsOf } from './relying-party.js';

export interface PasskeySettings {
  /** The domain that passkeys belong to, as browsers check it. */
  readonly rpId: string;
  /** Shown by browsers when a passkey is created. */
  readonly rpName: string;
  /** Trusted origins that are not below the domain: browsers read them from `https://<rpId>/.well-known/webauthn`. */
  readonly relatedOrigins: readonly string[];
}

export const passkeys = defineFeature({
  name: 'passkeys',
  summary: 'signs in with passkeys (WebAuthn) instead of a password, or as a second factor',
  variables: {
    PASSKEYS: onOff.describe('`on` lets users add passkeys and sign in with them'),
    RP_ID: z
      .string()
      .refine(isRpId, 'is not a domain such as example.com: no scheme, port, IP address or suffix')
      .optional()
      .describe(
        'the domain that passkeys belong to, such as `example.com`. A later change makes every passkey useless. By default the domain that all trusted origins share',
      ),
    RP_NAME: z
      .string()
      .refine((name) => name.length <= 64, 'has more than 64 characters')
      .optional()
      .describe('the name that browsers show when a passkey is created. By default `RP_ID`'),
  },
  readSettings(
    { PASSKEYS, RP_ID, RP_NAME },
    { baseUrl, trustedOrigins, isSet },
    report,
  ): PasskeySettings | undefined {
    if (PASSKEYS === 'off' || baseUrl === undefined) return undefined;
    if (RP_ID === undefined && isSet('RP_ID')) return undefined;
    const pages = pagesOf(baseUrl, trustedOrigins);
    const rpId = RP_ID ?? defaultRpId(pages);
    if (rpId === undefined) {
      report({
        level: 'error',
        code: 'RP_ID_MISSING',
        variable: 'RP_ID',
        message:
          'is not set, and the trusted origins share no domain that passkeys could belong to',
        fix: 'set the domain of the site where users sign in, or the host of BETTER_AUTH_URL, which lists the other sites at /.well-known/webauthn',
      });
      return undefined;
    }
    checkPages(rpId, baseUrl, pages).forEach(report);
    return {
      rpId,
      rpName: RP_NAME ?? rpId,
      relatedOrigins: relatedOriginsOf(rpId, pages),
    };
  },
  startupFields: (settings) => ({ passkeys: settings === undefined ? 'off' : settings.rpId }),
});
