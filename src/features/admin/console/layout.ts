/** The frame of every page of the console, and its Content-Security-Policy. */
import { createHash } from 'node:crypto';
import { markup, Html } from './html.js';
import { script } from './script.js';

/** Not in a template: compilers replace one with a closing tag of a script by a helper of their own. */
const scriptElement = new Html('<script>' + script + '</script>');

export const consolePath = '/console';

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; --line: #8886; --bad: #a30000; --link: #0645ad; --bar: #1f6feb; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff9a9a; --link: #9ecbff; --bar: #79b8ff; } }
* { box-sizing: border-box; }
body { margin: 0; }
header, main { max-width: 70rem; margin: 0 auto; padding: 0.75rem 1rem; }
header { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; justify-content: space-between; border-bottom: 1px solid var(--line); }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin-top: 2rem; }
a { color: var(--link); }
input, button { font: inherit; padding: 0.5rem 0.75rem; min-height: 2.75rem; max-width: 100%; border: 1px solid #888; border-radius: 0.3rem; }
form { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: end; margin: 0.5rem 0; }
label { display: grid; gap: 0.25rem; }
.actions { display: flex; flex-wrap: wrap; gap: 0 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.95rem; }
th, td { text-align: start; vertical-align: top; padding: 0.4rem 0.6rem; border-bottom: 1px solid var(--line); }
td { overflow-wrap: anywhere; min-width: 6rem; }
.box { border: 1px solid var(--line); border-inline-start: 0.4rem solid var(--bad); padding: 0.5rem 1rem; border-radius: 0.3rem; }
.bad, #status { color: var(--bad); }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: 0.25rem 1rem; } dd { margin: 0; overflow-wrap: anywhere; }
svg { width: 100%; max-width: 40rem; height: auto; } svg rect { fill: var(--bar); } svg text { fill: currentColor; font-size: 10px; }
[hidden] { display: none; }
`;

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Only this script and this style; forms and requests to this service only; no frames (ASVS 3.4.3). */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src ${hashOf(script)}`,
  `style-src ${hashOf(style)}`,
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** @param operator undefined for a page without an operator */
export function page(title: string, body: Html, operator?: string): string {
  const account =
    operator === undefined
      ? ''
      : markup`<form data-step="signOut"><span>${operator}</span> <button>Sign out</button></form>`;
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} – Console</title>
        <style>${new Html(style)}</style>
      </head>
      <body>
        <header><a href="${consolePath}">Console</a>${account}</header>
        <main>
          <h1><bdi>${title}</bdi></h1>
          <p id="status" role="status"></p>
          ${body}
        </main>
        ${scriptElement}
      </body>
    </html> `.text;
}
