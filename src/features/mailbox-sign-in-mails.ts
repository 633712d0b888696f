/** Mails of the features that sign in without a password: what a visitor or an owner must know besides the link or code. */
import type { MailTemplate } from '../mailer.js';

/** Where PROFILE_SCHEMA requires fields, an address without an account cannot get one by mail. */
const accountMissing: MailTemplate<'site'> = {
  name: 'account-missing',
  sample: { site: 'https://www.example.com' },
  texts: {
    en: ({ site }) => ({
      subject: 'There is no account with this address',
      paragraphs: [
        'Hello,',
        'somebody asked to sign in with this e-mail address, which has no account. A new account needs more than the address, so create one on the site first.',
      ],
      action: { label: 'Go to the site', url: site },
      footer: ['If this was not you, ignore this mail: nothing was changed.'],
    }),
    de: ({ site }) => ({
      subject: 'Es gibt kein Konto mit dieser Adresse',
      paragraphs: [
        'Guten Tag,',
        'jemand wollte sich mit dieser E-Mail-Adresse anmelden; zu ihr gibt es kein Konto. Ein neues Konto braucht mehr als die Adresse: Legen Sie es zuerst auf der Website an.',
      ],
      action: { label: 'Zur Website', url: site },
      footer: ['Wenn Sie das nicht waren, ignorieren Sie diese Mail: Es wurde nichts geändert.'],
    }),
  },
};

/** Otherwise the owner would find the password wrong without a reason. */
const unprovenAccessRemoved: MailTemplate<never> = {
  name: 'unproven-access-removed',
  sample: {},
  isNotice: true,
  texts: {
    en: () => ({
      subject: 'The password of your account was removed',
      paragraphs: [
        'Hello,',
        'you have just confirmed the e-mail address of your account by signing in. The address had not been confirmed before, so somebody else could have created the account. The password and linked accounts from that time were removed, and all devices were signed out.',
      ],
      footer: [
        'You can keep signing in by mail. If you want a password, request a new one with “Forgot password” on the site.',
      ],
    }),
    de: () => ({
      subject: 'Das Passwort Ihres Kontos wurde entfernt',
      paragraphs: [
        'Guten Tag,',
        'Sie haben gerade mit einer Anmeldung die E-Mail-Adresse Ihres Kontos bestätigt. Bis dahin war sie nicht bestätigt; das Konto hätte auch jemand anderes anlegen können. Das Passwort und verknüpfte Konten aus dieser Zeit wurden entfernt, und alle Geräte wurden abgemeldet.',
      ],
      footer: [
        'Sie können sich weiterhin per Mail anmelden. Wenn Sie ein Passwort möchten, fordern Sie auf der Website mit „Passwort vergessen“ ein neues an.',
      ],
    }),
  },
};

export const mailboxSignInMails = [accountMissing, unprovenAccessRemoved] as const;
