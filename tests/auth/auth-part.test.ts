import { expect, test } from 'vitest';
import { mergePartOptions } from '../../src/auth/auth-part.js';

const social = { options: { socialProviders: {} } };

test('options of two features are merged', () => {
  const mail = { options: { emailVerification: { expiresIn: 600 } } };
  expect(mergePartOptions([social, {}, mail])).toEqual({ ...social.options, ...mail.options });
});

test('an option set by two features is rejected, with its name', () => {
  expect(() => mergePartOptions([social, social])).toThrow('socialProviders');
});
