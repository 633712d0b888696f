/** Mail: sends the mails of all features by SMTP, Resend or a webhook, from an outbox in the database. */
import { z } from 'zod';
import { isPrivateNetwork } from '../../config/database-url.js';
import type { Finding } from '../../config/finding.js';
import { defineFeature, type CoreSettings } from '../definition.js';
import { parseBrand, type MailBrand } from './brand.js';
import { mailTransportVariables } from './mail-transport.js';
import { parseNamedAddress, type NamedAddress } from './mail-address.js';
import { readTemplateFolder, type TemplateOverride } from './template-folder.js';

/** Features meet in their `feature.ts` only. */
export { hasMailTransport, requireMailTransport } from './mail-transport.js';

export interface SmtpSettings {
  readonly kind: 'smtp';
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; otherwise STARTTLS. */
  readonly secure: boolean;
  readonly requireTls: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

export interface ResendSettings {
  readonly kind: 'resend';
  readonly apiKey: string;
}

export interface WebhookSettings {
  readonly kind: 'webhook';
  readonly url: string;
  readonly secret: string;
}

export interface MailSettings {
  readonly transport: SmtpSettings | ResendSettings | WebhookSettings;
  /** The variable that configures the transport. */
  readonly variable: string;
  readonly from: NamedAddress;
  readonly replyTo: NamedAddress | undefined;
  readonly messageIdDomain: string;
  readonly brand: MailBrand;
  readonly overrides: readonly TemplateOverride[];
  /** The token of the cron route. */
  readonly cronSecret: string | undefined;
}

const text = z.string();
const named = text
  .refine(
    (value) => parseNamedAddress(value) !== undefined,
    'is not an address such as auth@example.com or "Example <auth@example.com>"',
  )
  .optional();

type Report = (finding: Finding) => void;
type Values = Readonly<Record<string, string | undefined>>;

export const mail = defineFeature({
  name: 'mail',
  summary: 'sends mails by SMTP, Resend or a webhook, from an outbox in the database',
  variables: {
    SMTP_URL: text
      .refine(
        (value) => parseSmtpUrl(value) !== undefined,
        'is not a URL such as smtps://user:password@smtp.example.com, or its password has @, /, ? or # without percent-encoding',
      )
      .optional()
      .describe(
        'the mail server: `smtps://user:password@host` for TLS on port 465, `smtp://` for STARTTLS on 587. Percent-encode `@ / ? #` in the password',
      ),
    RESEND_API_KEY: text
      .regex(/^re_[A-Za-z0-9_]{16,}$/, 'is not an API key of Resend, which begins with re_')
      .optional()
      .describe('sends by the HTTP API of Resend instead, for platforms that block SMTP'),
    MAIL_WEBHOOK_URL: text
      .refine(isWebhookUrl, 'is not an https:// URL')
      .optional()
      .describe(
        'posts each mail to this URL instead, signed as Standard Webhooks specifies, for any other mail provider',
      ),
    MAIL_WEBHOOK_SECRET: text
      .regex(
        /^(?:whsec_)?[A-Za-z0-9+/]{32,}={0,2}$/,
        'is not base64 of at least 24 bytes: openssl rand -base64 32',
      )
      .optional()
      .describe('signs the requests to `MAIL_WEBHOOK_URL`: base64, at least 24 bytes'),
    MAIL_FROM: named.describe(
      'the sender of every mail: `auth@example.com` or `Example <auth@example.com>`',
    ),
    MAIL_REPLY_TO: named.describe('where replies go; unset means to the sender'),
    MAIL_BRAND: text
      .refine(
        (value) => parseBrand(value) !== undefined,
        'is not a name, a color and the URL of a logo such as Example; #0a66c2; https://example.com/logo.png',
      )
      .optional()
      .describe(
        'the name shown in mails and, optionally, a color and the https URL of a logo: `Example; #0a66c2; https://example.com/logo.png`. By default the name of `MAIL_FROM`',
      ),
    MAIL_TEMPLATES: text
      .optional()
      .describe(
        'a folder of text files that replace the texts of mails or add languages; see docs/features/mail.md',
      ),
    CRON_SECRET: text
      .regex(/^[A-Za-z0-9._~+/-]{16,}=*$/, 'is not 16 or more letters, digits and -._~+/')
      .optional()
      .describe(
        'the token with which a cron job (on Vercel: its own) calls `/api/cron/mail` to send what remains',
      ),
  },
  readSettings(values, core, report): MailSettings | undefined {
    const set = mailTransportVariables.filter((variable) => core.isSet(variable));
    reportTransports(set, core, report);
    const transport = readTransport(values, core, report);
    const overrides = readTemplateFolder(values.MAIL_TEMPLATES, report);
    if (transport === undefined) return undefined;
    const { MAIL_FROM: sender, MAIL_REPLY_TO: replies, MAIL_BRAND: brand } = values;
    const from = sender === undefined ? undefined : parseNamedAddress(sender);
    if (from === undefined) {
      if (!core.isSet('MAIL_FROM')) report(senderMissing);
      return undefined;
    }
    const messageIdDomain = from.address.slice(from.address.lastIndexOf('@') + 1);
    const name = from.name === '' ? messageIdDomain : from.name;
    return {
      transport,
      variable: set[0] ?? mailTransportVariables[0],
      from,
      replyTo: replies === undefined ? undefined : parseNamedAddress(replies),
      messageIdDomain,
      brand: (brand === undefined ? undefined : parseBrand(brand)) ?? { name },
      overrides,
      cronSecret: values.CRON_SECRET,
    };
  },
  startupFields: (settings) => ({
    mailTransport: settings === undefined ? 'none' : describeTransport(settings.transport),
  }),
});

const senderMissing: Finding = {
  level: 'error',
  code: 'MAIL_FROM_MISSING',
  variable: 'MAIL_FROM',
  message: 'is not set, so mails have no sender',
  fix: 'set an address whose domain the mail provider has verified',
};

function reportTransports(
  [first, second]: readonly string[],
  { isSet }: CoreSettings,
  report: Report,
): void {
  if (second !== undefined) {
    report({
      level: 'error',
      code: 'MAIL_TRANSPORT_AMBIGUOUS',
      variable: second,
      message: `is set together with ${first ?? ''}, and only one transport can send`,
      fix: `set one of ${mailTransportVariables.join(', ')}`,
    });
  }
  if (first === undefined && isSet('MAIL_FROM')) {
    report({
      level: 'info',
      code: 'MAIL_NOT_CONFIGURED',
      variable: 'MAIL_FROM',
      message: 'is set, but no transport is, so no mail is sent',
      fix: `set one of ${mailTransportVariables.join(', ')}`,
    });
  }
}

function readTransport(
  { SMTP_URL, RESEND_API_KEY, MAIL_WEBHOOK_URL, MAIL_WEBHOOK_SECRET }: Values,
  { isSet }: CoreSettings,
  report: Report,
): MailSettings['transport'] | undefined {
  if (SMTP_URL !== undefined) return parseSmtpUrl(SMTP_URL);
  if (RESEND_API_KEY !== undefined) return { kind: 'resend', apiKey: RESEND_API_KEY };
  if (MAIL_WEBHOOK_URL === undefined) return undefined;
  if (MAIL_WEBHOOK_SECRET !== undefined) {
    return { kind: 'webhook', url: MAIL_WEBHOOK_URL, secret: MAIL_WEBHOOK_SECRET };
  }
  if (!isSet('MAIL_WEBHOOK_SECRET')) {
    report({
      level: 'error',
      code: 'MAIL_WEBHOOK_SECRET_MISSING',
      variable: 'MAIL_WEBHOOK_SECRET',
      message: 'is not set, so the receiver of mails could not know who sent them',
      fix: 'set one for both sides: openssl rand -base64 32',
    });
  }
  return undefined;
}

function parseSmtpUrl(value: string): SmtpSettings | undefined {
  if (!/^smtps?:\/\//.test(value) || !URL.canParse(value)) return undefined;
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(value);
  // An unencoded `@`, `/`, `?` or `#` of a password would end up in one of these.
  if (hostname === '' || !['', '/'].includes(pathname) || search + hash !== '') return undefined;
  const secure = protocol === 'smtps:';
  const decoded = [username, password].map(decode);
  if (decoded.includes(undefined)) return undefined;
  return {
    kind: 'smtp',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    // Links and passwords must not cross the internet unencrypted; a local relay often has no certificate.
    requireTls: !secure && !isPrivateNetwork(hostname),
    user: username === '' ? undefined : decoded[0],
    password: password === '' ? undefined : decoded[1],
  };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function isWebhookUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, username, hash } = new URL(value);
  const isAllowed = protocol === 'https:' || (protocol === 'http:' && isPrivateNetwork(hostname));
  return isAllowed && username === '' && hash === '';
}

/** Without credentials. */
function describeTransport(transport: MailSettings['transport']): string {
  switch (transport.kind) {
    case 'smtp':
      return `${transport.secure ? 'smtps' : 'smtp'}://${transport.host}:${transport.port}`;
    case 'resend':
      return 'resend';
    case 'webhook':
      return `webhook ${new URL(transport.url).host}`;
  }
}
