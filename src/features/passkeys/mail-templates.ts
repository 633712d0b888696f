/** The notices of a passkey that was added or removed. */
import type { MailTemplate } from '../../mailer.js';

const sample = {
  link: 'https://www.example.com/auth/confirm#not_me=A-sample-that-is-not-a-valid-token-00000000',
  hours: '72',
  when: '2026-01-31 12:00 UTC',
  site: 'https://www.example.com',
};

const footer = {
  en: (hours: string) =>
    `The button signs out all devices, removes the password, all linked logins and all passkeys, and asks for a new password. It works for ${hours} hours.`,
  de: (hours: string) =>
    `Die Schaltfläche meldet alle Geräte ab, entfernt das Passwort, alle verknüpften Logins und alle Passkeys und fragt nach einem neuen Passwort. Sie gilt ${hours} Stunden.`,
};

const passkeyAdded: MailTemplate<keyof typeof sample> = {
  name: 'passkey-added',
  sample,
  isNotice: true,
  texts: {
    en: ({ when, site, link, hours }) => ({
      subject: 'A passkey was added to your account',
      paragraphs: [
        'Hello,',
        `a passkey was added to your account at ${site} on ${when}. It can sign in without the password.`,
        'If you did this, there is nothing to do.',
      ],
      action: { label: 'That was not me', url: link },
      footer: [footer.en(hours)],
    }),
    de: ({ when, site, link, hours }) => ({
      subject: 'Ihrem Konto wurde ein Passkey hinzugefügt',
      paragraphs: [
        'Guten Tag,',
        `Ihrem Konto bei ${site} wurde am ${when} ein Passkey hinzugefügt. Mit ihm ist eine Anmeldung ohne Passwort möglich.`,
        'Wenn Sie das waren, ist nichts zu tun.',
      ],
      action: { label: 'Das war ich nicht', url: link },
      footer: [footer.de(hours)],
    }),
  },
};

const passkeyRemoved: typeof passkeyAdded = {
  ...passkeyAdded,
  name: 'passkey-removed',
  texts: {
    en: (data) => ({
      ...passkeyAdded.texts.en(data),
      subject: 'A passkey was removed from your account',
      paragraphs: [
        'Hello,',
        `a passkey was removed from your account at ${data.site} on ${data.when}. It can no longer sign in; you can delete it on your device as well.`,
        'If you did this, there is nothing to do.',
      ],
    }),
    de: (data) => ({
      ...passkeyAdded.texts.de(data),
      subject: 'Ein Passkey wurde aus Ihrem Konto entfernt',
      paragraphs: [
        'Guten Tag,',
        `aus Ihrem Konto bei ${data.site} wurde am ${data.when} ein Passkey entfernt. Er kann sich nicht mehr anmelden; Sie können ihn auch auf Ihrem Gerät löschen.`,
        'Wenn Sie das waren, ist nichts zu tun.',
      ],
    }),
  },
};

export const passkeyMails = [passkeyAdded, passkeyRemoved] as const;
