/** The mails of the redirect flow. Labels of providers are the operator's; nothing in them is a visitor's choice. */
import type { MailTemplate } from '../../mailer.js';

const link =
  'https://www.example.com/auth/confirm#confirm_provider=A-sample-that-is-not-a-valid-token-0000';

const confirmProviderMail: MailTemplate<'link' | 'minutes' | 'provider'> = {
  name: 'confirm-provider',
  sample: { link, minutes: '10', provider: 'Google' },
  texts: {
    en: (data) => ({
      subject: 'Confirm your e-mail address',
      paragraphs: [
        'Hello,',
        `somebody signed in with ${data.provider} and gave this e-mail address. If it was you, confirm it to continue.`,
      ],
      action: { label: 'Confirm', url: data.link },
      footer: [
        `The link is valid for ${data.minutes} minutes and can be used once. Open it in the browser in which you signed in.`,
        'If this was not you, ignore this mail: nobody is signed in.',
      ],
    }),
    de: (data) => ({
      subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
      paragraphs: [
        'Guten Tag,',
        `jemand hat sich mit ${data.provider} angemeldet und diese E-Mail-Adresse angegeben. Wenn Sie das waren, bestätigen Sie sie.`,
      ],
      action: { label: 'Bestätigen', url: data.link },
      footer: [
        `Der Link ist ${data.minutes} Minuten gültig und kann einmal verwendet werden. Öffnen Sie ihn in dem Browser, in dem Sie sich angemeldet haben.`,
        'Wenn Sie das nicht waren, ignorieren Sie diese Mail: Niemand wird angemeldet.',
      ],
    }),
  },
};

const loginLinkedMail: MailTemplate<'link' | 'hours' | 'when' | 'site' | 'provider'> = {
  name: 'login-linked',
  sample: {
    link: link.replace('confirm_provider', 'not_me'),
    hours: '72',
    when: '2026-01-31 12:00 UTC',
    site: 'https://www.example.com',
    provider: 'Google',
  },
  isNotice: true,
  texts: {
    en: (data) => ({
      subject: `${data.provider} can now sign in to your account`,
      paragraphs: [
        'Hello,',
        `a login at ${data.provider} was linked to your account on ${data.site}, on ${data.when}.`,
        'If you did this, there is nothing to do.',
      ],
      action: { label: 'That was not me', url: data.link },
      footer: [
        `The button signs out all devices, removes the password and all linked logins, and asks for a new password. It works for ${data.hours} hours.`,
      ],
    }),
    de: (data) => ({
      subject: `${data.provider} kann sich jetzt in Ihrem Konto anmelden`,
      paragraphs: [
        'Guten Tag,',
        `ein Login bei ${data.provider} wurde mit Ihrem Konto auf ${data.site} verknüpft (${data.when}).`,
        'Wenn Sie das waren, ist nichts zu tun.',
      ],
      action: { label: 'Das war ich nicht', url: data.link },
      footer: [
        `Die Schaltfläche meldet alle Geräte ab, entfernt das Passwort und alle verknüpften Logins und fragt nach einem neuen Passwort. Sie gilt ${data.hours} Stunden.`,
      ],
    }),
  },
};

const loginUnlinkedMail: typeof loginLinkedMail = {
  ...loginLinkedMail,
  name: 'login-unlinked',
  texts: {
    en: (data) => ({
      ...loginLinkedMail.texts.en(data),
      subject: `${data.provider} no longer signs in to your account`,
      paragraphs: [
        'Hello,',
        `a login at ${data.provider} was unlinked from your account on ${data.site}, on ${data.when}.`,
        'If you did this, there is nothing to do.',
      ],
    }),
    de: (data) => ({
      ...loginLinkedMail.texts.de(data),
      subject: `${data.provider} meldet sich nicht mehr in Ihrem Konto an`,
      paragraphs: [
        'Guten Tag,',
        `ein Login bei ${data.provider} wurde von Ihrem Konto auf ${data.site} getrennt (${data.when}).`,
        'Wenn Sie das waren, ist nichts zu tun.',
      ],
    }),
  },
};

export const redirectMails = [confirmProviderMail, loginLinkedMail, loginUnlinkedMail] as const;
