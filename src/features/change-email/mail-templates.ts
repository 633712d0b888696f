/** The mails of a change of address: to the new mailbox, to the owner of one that has an account, and to the old one. */
import type { MailTemplate } from '../../mailer.js';

const confirmNewEmail: MailTemplate<'link' | 'minutes'> = {
  name: 'change-email',
  sample: {
    link: 'https://www.example.com/auth/confirm#change_email=A-sample-that-is-not-a-valid-token-00000000',
    minutes: '10',
  },
  texts: {
    en: ({ link, minutes }) => ({
      subject: 'Confirm your new e-mail address',
      paragraphs: ['Hello,', 'an account is to use this e-mail address from now on.'],
      action: { label: 'Use this address', url: link },
      footer: [
        `The link is valid for ${minutes} minutes and can be used once. Until then nothing changes.`,
        'If you did not ask for it, ignore this mail and do not open the link: the account belongs to somebody else.',
      ],
    }),
    de: ({ link, minutes }) => ({
      subject: 'Neue E-Mail-Adresse bestätigen',
      paragraphs: ['Guten Tag,', 'ein Konto soll künftig diese E-Mail-Adresse verwenden.'],
      action: { label: 'Diese Adresse verwenden', url: link },
      footer: [
        `Der Link ist ${minutes} Minuten gültig und kann einmal verwendet werden. Bis dahin ändert sich nichts.`,
        'Wenn Sie das nicht angefordert haben, ignorieren Sie diese Mail und öffnen Sie den Link nicht: Das Konto gehört jemand anderem.',
      ],
    }),
  },
};

const addressInUse: MailTemplate<'page'> = {
  name: 'address-in-use',
  sample: { page: 'https://www.example.com' },
  texts: {
    en: ({ page }) => ({
      subject: 'You already have an account',
      paragraphs: [
        'Hello,',
        'somebody tried to use this e-mail address for another account, but it already has one. Nothing was changed.',
        'If this was you, sign in with this address instead, or delete the account with it first. If you have forgotten the password, request a new one there.',
      ],
      action: { label: 'Go to the site', url: page },
      footer: ['If this was not you, ignore this mail.'],
    }),
    de: ({ page }) => ({
      subject: 'Sie haben bereits ein Konto',
      paragraphs: [
        'Guten Tag,',
        'jemand wollte diese E-Mail-Adresse für ein anderes Konto verwenden; es gibt bereits eines mit ihr. Es wurde nichts geändert.',
        'Wenn Sie das waren, melden Sie sich stattdessen mit dieser Adresse an oder löschen Sie zuerst das Konto mit ihr. Wenn Sie das Passwort vergessen haben, fordern Sie dort ein neues an.',
      ],
      action: { label: 'Zur Website', url: page },
      footer: ['Wenn Sie das nicht waren, ignorieren Sie diese Mail.'],
    }),
  },
};

const emailChanged: MailTemplate<'link' | 'hours' | 'when' | 'site'> = {
  name: 'email-changed',
  sample: {
    link: 'https://www.example.com/auth/confirm#undo_change=A-sample-that-is-not-a-valid-token-00000000',
    hours: '72',
    when: '2026-01-31 12:00 UTC',
    site: 'https://www.example.com',
  },
  isNotice: true,
  texts: {
    en: ({ link, hours, when, site }) => ({
      subject: 'The e-mail address of your account was changed',
      paragraphs: [
        'Hello,',
        `your account at ${site} has used another e-mail address since ${when}. It gets no more mail at this one.`,
        'If this was you, there is nothing to do. If it was not you, undo the change.',
      ],
      action: { label: 'Undo the change', url: link },
      footer: [
        `The link is valid for ${hours} hours and can be used once. It puts this address back, signs out every device and asks you for a new password.`,
      ],
    }),
    de: ({ link, hours, when, site }) => ({
      subject: 'Die E-Mail-Adresse Ihres Kontos wurde geändert',
      paragraphs: [
        'Guten Tag,',
        `Ihr Konto bei ${site} verwendet seit ${when} eine andere E-Mail-Adresse. An diese hier gehen keine Mails mehr.`,
        'Wenn Sie das waren, ist nichts zu tun. Wenn Sie das nicht waren, machen Sie die Änderung rückgängig.',
      ],
      action: { label: 'Änderung rückgängig machen', url: link },
      footer: [
        `Der Link ist ${hours} Stunden gültig und kann einmal verwendet werden. Er setzt diese Adresse wieder ein, meldet alle Geräte ab und fragt Sie nach einem neuen Passwort.`,
      ],
    }),
  },
};

export const changeEmailMails = [confirmNewEmail, addressInUse, emailChanged] as const;
