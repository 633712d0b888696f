/** The notice of a changed password. */
import type { MailTemplate } from '../../mailer.js';

const passwordChanged: MailTemplate<'when' | 'site'> = {
  name: 'password-changed',
  sample: { when: '2026-01-31 12:00 UTC', site: 'https://www.example.com' },
  isNotice: true,
  texts: {
    en: ({ when, site }) => ({
      subject: 'Your password was changed',
      paragraphs: ['Hello,', `the password of your account at ${site} was changed on ${when}.`],
      footer: [
        'If this was not you, request a new password on the site now: that signs out every device.',
      ],
    }),
    de: ({ when, site }) => ({
      subject: 'Ihr Passwort wurde geändert',
      paragraphs: [
        'Guten Tag,',
        `das Passwort Ihres Kontos bei ${site} wurde am ${when} geändert.`,
      ],
      footer: [
        'Wenn Sie das nicht waren, fordern Sie auf der Website sofort ein neues Passwort an: Das meldet alle Geräte ab.',
      ],
    }),
  },
};

export const securityNoticeMails = [passwordChanged] as const;
