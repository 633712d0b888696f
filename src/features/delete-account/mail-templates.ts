/** The mails of a deletion: the link that confirms it, that it is scheduled, and that it happened. */
import type { MailTemplate } from '../../mailer.js';

const confirmDeletion: MailTemplate<'link' | 'minutes' | 'graceDays'> = {
  name: 'delete-account',
  sample: {
    link: 'https://www.example.com/auth/confirm#delete_account=A-sample-that-is-not-a-valid-token-00000000',
    minutes: '10',
    graceDays: '0',
  },
  texts: {
    en: ({ link, minutes, graceDays }) => ({
      subject: 'Delete your account?',
      paragraphs: [
        'Hello,',
        'it was requested to delete the account with this e-mail address.',
        graceDays === '0'
          ? 'If you confirm, the account and everything stored with it are deleted immediately. This cannot be undone.'
          : `If you confirm, every device is signed out, and the account is deleted in ${graceDays} days. Until then you can keep it by signing in.`,
      ],
      action: { label: 'Delete the account', url: link },
      footer: [
        `The link is valid for ${minutes} minutes and can be used once.`,
        'If you did not request it, do not open the link: the account stays. Then somebody else is signed in to it; choose a new password on the site, which signs out every device.',
      ],
    }),
    de: ({ link, minutes, graceDays }) => ({
      subject: 'Konto löschen?',
      paragraphs: [
        'Guten Tag,',
        'es wurde angefordert, das Konto mit dieser E-Mail-Adresse zu löschen.',
        graceDays === '0'
          ? 'Wenn Sie das bestätigen, wird das Konto mit allem, was dazu gespeichert ist, sofort gelöscht. Das lässt sich nicht rückgängig machen.'
          : `Wenn Sie das bestätigen, werden alle Geräte abgemeldet, und das Konto wird in ${graceDays} Tagen gelöscht. Bis dahin können Sie es behalten, indem Sie sich anmelden.`,
      ],
      action: { label: 'Konto löschen', url: link },
      footer: [
        `Der Link ist ${minutes} Minuten gültig und kann einmal verwendet werden.`,
        'Wenn Sie das nicht angefordert haben, öffnen Sie den Link nicht: Das Konto bleibt bestehen. Dann ist jemand anderes darin angemeldet; wählen Sie auf der Website ein neues Passwort, das meldet alle Geräte ab.',
      ],
    }),
  },
};

const deletionScheduled: MailTemplate<'until' | 'site'> = {
  name: 'account-deletion-scheduled',
  sample: { until: '2026-01-31 12:00 UTC', site: 'https://www.example.com' },
  isNotice: true,
  texts: {
    en: ({ until, site }) => ({
      subject: 'Your account will be deleted',
      paragraphs: [
        'Hello,',
        `your account at ${site} will be deleted on ${until}. Every device was signed out.`,
        'To keep the account, sign in before that time.',
      ],
      action: { label: 'Go to the site', url: site },
      footer: [
        'If you did not request this, sign in now and change your password. If you cannot sign in, request a new password on the site.',
      ],
    }),
    de: ({ until, site }) => ({
      subject: 'Ihr Konto wird gelöscht',
      paragraphs: [
        'Guten Tag,',
        `Ihr Konto bei ${site} wird am ${until} gelöscht. Alle Geräte wurden abgemeldet.`,
        'Um das Konto zu behalten, melden Sie sich vorher an.',
      ],
      action: { label: 'Zur Website', url: site },
      footer: [
        'Wenn Sie das nicht angefordert haben, melden Sie sich jetzt an und ändern Sie Ihr Passwort. Wenn Sie sich nicht anmelden können, fordern Sie auf der Website ein neues Passwort an.',
      ],
    }),
  },
};

const accountDeleted: MailTemplate<'when' | 'site'> = {
  name: 'account-deleted',
  sample: { when: '2026-01-31 12:00 UTC', site: 'https://www.example.com' },
  isNotice: true,
  texts: {
    en: ({ when, site }) => ({
      subject: 'Your account was deleted',
      paragraphs: [
        'Hello,',
        `your account at ${site} was deleted on ${when}, with everything stored with it. You will get no more mail about it.`,
      ],
    }),
    de: ({ when, site }) => ({
      subject: 'Ihr Konto wurde gelöscht',
      paragraphs: [
        'Guten Tag,',
        `Ihr Konto bei ${site} wurde am ${when} mit allem gelöscht, was dazu gespeichert war. Sie erhalten dazu keine Mails mehr.`,
      ],
    }),
  },
};

export const deleteAccountMails = [confirmDeletion, deletionScheduled, accountDeleted] as const;
