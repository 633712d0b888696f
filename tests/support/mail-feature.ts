/** A feature that sends mails, for tests of the mailer. */
import type { ActiveFeature } from '../../src/features/slots.js';
import type { Mail, MailTemplate } from '../../src/mailer.js';

const link: MailTemplate<'link' | 'minutes'> = {
  name: 'test-link',
  sample: { link: 'https://www.example.com/confirm#verify_email=sample', minutes: '10' },
  texts: {
    en: ({ link, minutes }) => ({
      subject: 'Your link',
      paragraphs: ['Hello,', 'somebody asked for this link.'],
      action: { label: 'Continue', url: link },
      footer: [`It is valid for ${minutes} minutes.`],
    }),
    de: ({ link, minutes }) => ({
      subject: 'Ihr Link für die Anmeldung',
      paragraphs: ['Guten Tag,', 'jemand hat diesen Link angefordert.'],
      action: { label: 'Weiter', url: link },
      footer: [`Er gilt ${minutes} Minuten.`],
    }),
  },
};

const code: MailTemplate<'code'> = {
  name: 'test-code',
  sample: { code: '123456' },
  texts: {
    en: (data) => ({ subject: 'Your code', paragraphs: ['Type this code:'], code: data.code }),
    de: (data) => ({ subject: 'Ihr Code', paragraphs: ['Geben Sie ein:'], code: data.code }),
  },
};

const notice: MailTemplate<'when'> = {
  name: 'test-notice',
  sample: { when: '2026-01-31 12:00 UTC' },
  isNotice: true,
  texts: {
    en: ({ when }) => ({ subject: 'Password changed', paragraphs: [`Changed at ${when}.`] }),
    de: ({ when }) => ({ subject: 'Kennwort geändert', paragraphs: [`Geändert um ${when}.`] }),
  },
};

export const mailFeature: ActiveFeature = {
  name: 'test-mail',
  mailTemplates: [link, code, notice],
  loadInputRule: () => Promise.resolve(undefined),
  createRoutes: () => [],
  loadAuthPart: () => Promise.resolve(undefined),
  findStartupFaults: () => Promise.resolve([]),
};

export const secretLink = 'https://www.example.com/confirm#verify_email=SecretOfTheLink0123456789';

/** A mail with a link; valid for a day and an hour, so that the retries end first. */
export function testMail(overrides: Partial<Mail> = {}, now = new Date()): Mail {
  return {
    template: 'test-link',
    to: 'ada@recipient.example',
    data: { link: secretLink, minutes: '10' },
    expiresAt: new Date(now.getTime() + 25 * 3_600_000),
    ...overrides,
  };
}
