/**
 * The mailbox of `npm run dev`: an SMTP server on loopback that keeps every mail in memory, and a page that shows them.
 * Production never loads it.
 */
import type { RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { DevPart } from '../dev-part.js';

const path = '/dev/mailbox';
const maxMails = 200;

interface ReceivedMail {
  readonly id: string;
  readonly receivedAt: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly links: readonly string[];
  /** The code to type, if the mail has one. */
  readonly code: string | null;
}

/** @returns undefined where the environment configures a transport */
export async function startDevPart(
  env: Readonly<Record<string, string | undefined>>,
): Promise<DevPart | undefined> {
  const isConfigured = ['SMTP_URL', 'RESEND_API_KEY', 'MAIL_WEBHOOK_URL'].some(
    (variable) => env[variable] !== undefined,
  );
  if (isConfigured) return undefined;
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    onData(stream, _session, done) {
      simpleParser(stream).then((mail) => {
        const { to, subject = '', text = '', html = false, messageId = '' } = mail;
        const recipients = [to ?? []].flat().map((each) => each.text);
        mails.unshift({
          id: messageId,
          receivedAt: new Date().toISOString(),
          to: recipients.join(', '),
          subject,
          text,
          html: html === false ? '' : html,
          links: [...new Set(text.match(/https?:\/\/\S+/g) ?? [])],
          code: /^\d{4,10}$/m.exec(text)?.[0] ?? null,
        });
        mails.length = Math.min(mails.length, maxMails);
        done();
      }, done);
    },
  });
  server.on('error', () => undefined); // a client that disconnects
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    environment: {
      SMTP_URL: `smtp://127.0.0.1:${port}`,
      MAIL_FROM: env.MAIL_FROM ?? 'auth-service <auth@localhost.example>',
    },
    page: { title: 'Mails arrive at', path, listener: mailboxListener(mails) },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function mailboxListener(mails: readonly ReceivedMail[]): RequestListener {
  return function serveMailbox(req, res) {
    const [requested] = (req.url ?? '').split('?');
    if (req.method !== 'GET') send(res, 405, 'text/plain', 'Only GET.\n');
    else if (requested === `${path}.json`) {
      send(res, 200, 'application/json', JSON.stringify(mails, null, 2));
    } else if (requested === path) sendPage(res, mails);
    else send(res, 404, 'text/plain', 'Not found.\n');
  };
}

function sendPage(res: ServerResponse, mails: readonly ReceivedMail[]): void {
  const style = [
    ':root{color-scheme:light dark}',
    'body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}',
    'article{border:1px solid #8888;border-radius:8px;padding:1rem;margin:1rem 0}',
    'h2{font-size:1.2rem;margin:0}',
    'p{margin:.25rem 0 .75rem}',
    'a{overflow-wrap:anywhere}',
    'pre{white-space:pre-wrap;overflow-wrap:anywhere}',
    'iframe{width:100%;height:26rem;border:1px solid #8884;border-radius:4px}',
  ].join('');
  const items = mails.map(
    (mail) => `<article>
<h2>${escapeHtml(mail.subject)}</h2>
<p>to ${escapeHtml(mail.to)}, <time>${mail.receivedAt}</time></p>
${mail.code === null ? '' : `<p>Code: <strong>${escapeHtml(mail.code)}</strong></p>`}
${mail.links.map((link) => `<p><a href="${escapeHtml(link)}" target="_blank">${escapeHtml(link)}</a></p>`).join('')}
<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="${escapeHtml(mail.subject)}" srcdoc="${escapeHtml(mail.html.replace('<head>', '<head><base target="_blank">'))}"></iframe>
<details><summary>Plain text</summary><pre>${escapeHtml(mail.text)}</pre></details>
</article>`,
  );
  res.setHeader(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; frame-src 'self'",
  );
  send(
    res,
    200,
    'text/html',
    `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>Mailbox</title><style>${style}</style></head>
<body>
<h1>Mailbox</h1>
<p>Every mail of this development service, newest first. <a href="${path}">Reload</a> · <a href="${path}.json">JSON</a></p>
${items.join('\n') || '<p>No mail yet. Request a new password, or sign up with EMAIL_VERIFICATION=optional.</p>'}
</body>
</html>
`,
  );
}

function send(res: ServerResponse, status: number, type: string, content: string): void {
  res.writeHead(status, {
    'Content-Type': `${type}; charset=utf-8`,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  });
  res.end(content);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
