/**
 * What the service knows of e-mail: types only. The mail feature renders and sends; other features own their texts and
 * enqueue mails. Without a transport there is no mailer, and a feature that needs one stays off or says so.
 */
import type { Finding } from './config/finding.js';
import type { OrmOrTransaction } from './db/client.js';
import type { OutboxWorker } from './outbox-worker.js';

/** A mail to one person. The address and `data` are encrypted in the outbox and wiped once it was sent or has expired. */
export interface Mail {
  /** The name of a MailTemplate. */
  readonly template: string;
  /** One e-mail address. */
  readonly to: string;
  /** The account that causes the mail: there is a limit for it. */
  readonly userId?: string | undefined;
  /** The account that the mail is for, where others may cause it: so that an operator finds what became of it. */
  readonly ownerId?: string | undefined;
  /** An `Accept-Language` header or the user's choice; English by default. */
  readonly language?: string | undefined;
  /** What the template's texts use: links, codes, times. Never text that a visitor chose, such as a name. */
  readonly data: Readonly<Record<string, string>>;
  /** It is not sent after this time: a dead link would only confuse. */
  readonly expiresAt: Date;
  /** For the log line, so that it can be found from the request. */
  readonly requestId?: string | undefined;
  /**
   * The request proves that the owner of the mailbox sent it: a session of the account whose proven address this is.
   * Counted apart, so that mails which strangers ask for do not use up the owner's.
   */
  readonly isForSender?: boolean | undefined;
  /** The client's network address, for the limit by network. */
  readonly network?: string | undefined;
  /**
   * Called in the same transaction if the mail is beyond the limits and will not be sent, to undo what makes sense only
   * with the mail: a link that is never mailed must not replace one that was.
   */
  readonly whenLimited?: ((db: OrmOrTransaction) => Promise<void>) | undefined;
  /** The same statements as for a real mail, but it is never sent: for addresses without an account. */
  readonly isDecoy?: boolean | undefined;
}

/** Undefined where no transport is configured. */
export interface Mailer {
  /**
   * Writes the mail to the outbox; it is sent after the commit and the response, and retried for a day. A mail beyond the
   * limits is recorded and not sent; the caller learns nothing of it, because its response must not either.
   * @param db the transaction that the mail belongs to: what `orm.transaction` passes, or `currentTransaction(orm)`
   *   inside BetterAuth's own
   * @returns the mail's id, as in the log lines
   * @throws Error for an unknown template or missing data; what the driver throws
   */
  enqueue(db: OrmOrTransaction, mail: Mail): Promise<string>;
}

/** The sending side of the mailer, for the service itself. */
export interface MailWorker extends Mailer, OutboxWorker {
  sendDue(): Promise<MailRun>;
  /** Whether the transport accepts a connection and the credentials; sends nothing. Rejects with what failed. */
  verify(): Promise<void>;
  /** When the oldest mail that `sendDue` left unsent was written, in milliseconds since the epoch; undefined if none. */
  oldestPendingAt(): number | undefined;
  /** What the outbox holds, for an operator; without addresses and links. @throws what the driver throws */
  describe(): Promise<MailReport>;
  /** What is wrong with the operator's texts. */
  readonly templateFindings: readonly Finding[];
}

export interface MailReport {
  /** The domain of the sender's address. */
  readonly senderDomain: string;
  /** Mails of the last day. Pending ones have the reason of their last attempt, or none yet. */
  readonly outbox: readonly {
    readonly state: string;
    readonly reason: string | null;
    readonly count: number;
  }[];
  /** The newest mails first. */
  readonly recent: readonly {
    readonly mailId: string;
    readonly requestId: string | null;
    readonly template: string;
    readonly state: string;
    readonly reason: string | null;
    readonly attempts: number;
    readonly createdAt: Date;
  }[];
}

export interface MailRun {
  readonly sent: number;
  /** Failed for now; each is retried later. */
  readonly delayed: number;
  /** Failed for good. */
  readonly failed: number;
}

/** The text of a mail. Plain text: the mail feature escapes it for HTML. */
export interface MailText {
  readonly subject: string;
  /** One paragraph each. */
  readonly paragraphs: readonly string[];
  /** A button; its URL is also written out. */
  readonly action?: { readonly label: string; readonly url: string };
  /** A code to type, shown large. */
  readonly code?: string;
  /** Paragraphs after button and code. */
  readonly footer?: readonly string[];
}

/** A kind of mail that a feature sends, with its texts. */
export interface MailTemplate<Data extends string = string> {
  /** In kebab-case; `<name>.txt` in the operator's folder overrides it. */
  readonly name: string;
  /** What `data` must hold, with an example of each, for checks and previews. */
  readonly sample: Readonly<Record<Data, string>>;
  /**
   * It reports something that happened to an account, so the limits do not apply: otherwise an attacker could suppress
   * the notice by asking for other mails first.
   */
  readonly isNotice?: boolean;
  readonly texts: {
    en(data: Readonly<Record<Data, string>>): MailText;
    de(data: Readonly<Record<Data, string>>): MailText;
  };
}
