/** The form of Dev ID: who should be signed in. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface DevPerson {
  readonly email: string;
  readonly name: string;
  readonly isVerified: boolean;
}

const maxBodyBytes = 10_000;

/** @returns undefined if the visitor cancelled. @throws Error for anything but the form */
export async function readDevIdForm(req: IncomingMessage): Promise<DevPerson | undefined> {
  let text = '';
  for await (const chunk of req) {
    text += String(chunk);
    if (text.length > maxBodyBytes) throw new Error('the form is too large');
  }
  const form = new URLSearchParams(text);
  if (form.has('cancel')) return undefined;
  const email = form.get('email')?.trim() ?? '';
  if (!email.includes('@')) throw new Error('the form has no address');
  return { email, name: form.get('name')?.trim() ?? '', isVerified: form.has('verified') };
}

const style = [
  ':root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}',
  'main{max-width:24rem;margin:10vh auto 0;padding:1rem}',
  'h1{font-size:1.4rem}',
  'label{display:block;margin:.75rem 0 .25rem}',
  'input[type=email],input[type=text],button{width:100%;box-sizing:border-box;font:inherit;padding:.6rem;min-height:2.75rem}',
  'button{margin-top:1rem}',
].join('');

export function renderDevIdForm(res: ServerResponse): void {
  res.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'Content-Security-Policy':
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  });
  res.end(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>Dev ID</title><style>${style}</style></head>
<body>
<main>
<h1>Dev ID</h1>
<p>An identity provider of this development service. Whom should it sign in?</p>
<form method="post">
<label for="email">E-mail</label>
<input id="email" name="email" type="email" required autofocus value="ada@example.com">
<label for="name">Name</label>
<input id="name" name="name" type="text" value="Ada">
<label><input name="verified" type="checkbox" checked> Dev ID has verified the address</label>
<button>Continue</button>
<button name="cancel" value="1" formnovalidate>Cancel</button>
</form>
</main>
</body>
</html>
`);
}
