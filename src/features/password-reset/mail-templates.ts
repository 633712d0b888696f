/** The mails of a password reset: the link, and the notice that it was used. */
import type { MailTemplate } from '../../mailer.js';

const resetPassword: MailTemplate<'link' | 'minutes'> = {
  name: 'reset-password',
  sample: {
    link: 'https://www.example.com/auth/confirm#reset_password=A-sample-that-is-not-a-valid-token-00000000',
    minutes: '10',
  },
  texts: {
    en: ({ link, minutes }) => ({
      subject: 'Choose a new password',
      paragraphs: [
        'Hello,',
        'a new password was requested for the account with this e-mail address.',
      ],
      action: { label: 'Choose a new password', url: link },
      footer: [
        `The link is valid for ${minutes} minutes and can be used once.`,
        'If you did not request it, ignore this mail: your password stays as it is.',
      ],
    }),
    de: ({ link, minutes }) => ({
      subject: 'Neues Passwort wählen',
      paragraphs: [
        'Guten Tag,',
        'für das Konto mit dieser E-Mail-Adresse wurde ein neues Passwort angefordert.',
      ],
      action: { label: 'Neues Passwort wählen', url: link },
      footer: [
        `Der Link ist ${minutes} Minuten gültig und kann einmal verwendet werden.`,
        'Wenn Sie ihn nicht angefordert haben, ignorieren Sie diese Mail: Ihr Passwort bleibt unverändert.',
      ],
    }),
  },
};

const passwordWasReset: MailTemplate<'when'> = {
  name: 'password-was-reset',
  sample: { when: '2026-01-31 12:00 UTC' },
  isNotice: true,
  texts: {
    en: ({ when }) => ({
      subject: 'Your password was changed',
      paragraphs: [
        'Hello,',
        `the password of your account was replaced with a mailed link on ${when}. All devices were signed out.`,
      ],
      footer: [
        'If this was not you, somebody else can read your mail: change the password of your mailbox, then request a new password for this account.',
      ],
    }),
    de: ({ when }) => ({
      subject: 'Ihr Passwort wurde geändert',
      paragraphs: [
        'Guten Tag,',
        `das Passwort Ihres Kontos wurde am ${when} mit einem Link aus einer Mail ersetzt. Alle Geräte wurden abgemeldet.`,
      ],
      footer: [
        'Wenn Sie das nicht waren, kann jemand anderes Ihre Mails lesen: Ändern Sie das Passwort Ihres Postfachs und fordern Sie dann für dieses Konto ein neues Passwort an.',
      ],
    }),
  },
};

export const passwordResetMails = [resetPassword, passwordWasReset] as const;
