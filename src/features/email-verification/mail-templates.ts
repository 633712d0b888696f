/** The mails of the e-mail verification: the link, and what the owner of a known address gets when somebody signs up. */
import type { MailTemplate } from '../../mailer.js';

const verifyEmail: MailTemplate<'link' | 'minutes'> = {
  name: 'verify-email',
  sample: {
    link: 'https://www.example.com/auth/confirm#verify_email=A-sample-that-is-not-a-valid-token-00000000',
    minutes: '10',
  },
  texts: {
    en: ({ link, minutes }) => ({
      subject: 'Confirm your e-mail address',
      paragraphs: ['Hello,', 'an account was created with this e-mail address.'],
      action: { label: 'Confirm the address', url: link },
      footer: [
        `The link is valid for ${minutes} minutes and can be used once. Open it in the browser in which you signed up.`,
        'If you did not sign up, ignore this mail: the address stays unconfirmed.',
      ],
    }),
    de: ({ link, minutes }) => ({
      subject: 'E-Mail-Adresse bestätigen',
      paragraphs: ['Guten Tag,', 'mit dieser E-Mail-Adresse wurde ein Konto angelegt.'],
      action: { label: 'Adresse bestätigen', url: link },
      footer: [
        `Der Link ist ${minutes} Minuten gültig und kann einmal verwendet werden. Öffnen Sie ihn in dem Browser, in dem Sie sich registriert haben.`,
        'Wenn Sie sich nicht registriert haben, ignorieren Sie diese Mail: Die Adresse bleibt unbestätigt.',
      ],
    }),
  },
};

const accountExists: MailTemplate<'page'> = {
  name: 'account-exists',
  sample: { page: 'https://www.example.com' },
  texts: {
    en: ({ page }) => ({
      subject: 'You already have an account',
      paragraphs: [
        'Hello,',
        'somebody tried to create an account with this e-mail address, which already has one. Nothing was changed.',
        'If this was you, sign in instead. If you have forgotten the password, request a new one there.',
      ],
      action: { label: 'Go to the site', url: page },
      footer: ['If this was not you, ignore this mail.'],
    }),
    de: ({ page }) => ({
      subject: 'Sie haben bereits ein Konto',
      paragraphs: [
        'Guten Tag,',
        'jemand wollte mit dieser E-Mail-Adresse ein Konto anlegen; es gibt bereits eines. Es wurde nichts geändert.',
        'Wenn Sie das waren, melden Sie sich stattdessen an. Wenn Sie das Passwort vergessen haben, fordern Sie dort ein neues an.',
      ],
      action: { label: 'Zur Website', url: page },
      footer: ['Wenn Sie das nicht waren, ignorieren Sie diese Mail.'],
    }),
  },
};

export const emailVerificationMails = [verifyEmail, accountExists] as const;
