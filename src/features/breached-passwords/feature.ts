/** Breached passwords: refuses new passwords that are known from data breaches, and points them out at sign-in. */
import { z } from 'zod';
import { onOff } from '../../config/variable-types.js';
import { defineFeature } from '../definition.js';
import { InvalidListError, checkList } from './list-file.js';

export interface BreachedPasswordsSettings {
  /** Path to a file that is used instead of the API. */
  readonly list?: string | undefined;
  /** Of the API, with a slash at its end. */
  readonly rangeUrl: string;
}

const rangeUrl = 'https://api.pwnedpasswords.com/range/';

export const breachedPasswords = defineFeature({
  name: 'breached-passwords',
  summary: 'refuses new passwords that are known from data breaches',
  variables: {
    BREACHED_PASSWORDS: onOff.describe(
      '`on` refuses new passwords that are known from data breaches, and points out such a password at sign-in; asks api.pwnedpasswords.com with the first five digits of the password’s SHA-1',
    ),
    PWNED_LIST: z
      .string()
      .optional()
      .describe(
        'path to a file that `npm run pwned-list` built, to be used instead of api.pwnedpasswords.com',
      ),
  },
  readSettings(
    { BREACHED_PASSWORDS: mode, PWNED_LIST: path },
    _core,
    report,
  ): BreachedPasswordsSettings | undefined {
    if (mode === 'off') {
      if (path !== undefined) {
        report({
          level: 'warn',
          code: 'PWNED_LIST_UNUSED',
          variable: 'PWNED_LIST',
          message: 'has no effect: BREACHED_PASSWORDS is off',
          fix: 'set BREACHED_PASSWORDS=on, or remove PWNED_LIST',
        });
      }
      return undefined;
    }
    if (path === undefined) return { rangeUrl };
    try {
      checkList(path);
      return { rangeUrl, list: path };
    } catch (error) {
      report({
        level: 'error',
        code: 'PWNED_LIST_INVALID',
        variable: 'PWNED_LIST',
        message:
          error instanceof InvalidListError ? error.message : 'leads to a file that cannot be read',
        fix: 'build it with npm run pwned-list, or unset it to ask api.pwnedpasswords.com',
      });
      return undefined;
    }
  },
  startupFields: (settings) => ({
    breachedPasswords:
      settings === undefined ? 'off' : settings.list === undefined ? 'api' : 'list',
  }),
});
