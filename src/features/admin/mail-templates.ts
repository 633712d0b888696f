/** The mail to a user as whom an operator acts. */
import type { MailTemplate } from '../../mailer.js';

const accountImpersonated: MailTemplate<'when' | 'site'> = {
  name: 'account-impersonated',
  sample: { when: '2026-01-31 12:00 UTC', site: 'https://www.example.com' },
  isNotice: true,
  texts: {
    en: ({ when, site }) => ({
      subject: 'Support is looking at your account',
      paragraphs: [
        'Hello,',
        `the people who run ${site} began to use your account on ${when}, for an hour at most. They cannot change how you sign in, and do not know your password.`,
        'If you did not ask for help, contact them.',
      ],
    }),
    de: ({ when, site }) => ({
      subject: 'Der Support sieht sich Ihr Konto an',
      paragraphs: [
        'Guten Tag,',
        `die Betreiber von ${site} verwenden Ihr Konto seit dem ${when}, höchstens eine Stunde lang. Sie können nicht ändern, wie Sie sich anmelden, und kennen Ihr Passwort nicht.`,
        'Wenn Sie nicht um Hilfe gebeten haben, wenden Sie sich an sie.',
      ],
    }),
  },
};

export const adminMails = [accountImpersonated] as const;
