/** The frame of every page of the console, and its Content-Security-Policy. */
import { createHash } from 'node:crypto';
import { consolePages, consolePath } from '../api-routes.js';
import { markup, Html } from './html.js';
import { script } from './script.js';

/** Not in a template: compilers replace one with a closing tag of a script by a helper of their own. */
const scriptElement = new Html('<script>' + script + '</script>');

export const checksPath = consolePath + consolePages.checks;

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; --line: #8886; --back: #fff; --bad: #a30000; --good: #11632a; --link: #0645ad; --s0: #1f6feb; --s1: #b35900; --s2: #1a7f37; --s3: #8250df; --s4: #cf222e; --s5: #6e7781; }
@media (prefers-color-scheme: dark) { :root { --back: #16181d; --bad: #ff9a9a; --good: #7ee2a0; --link: #9ecbff; --s0: #79b8ff; --s1: #ffb15c; --s2: #56d364; --s3: #d2a8ff; --s4: #ff9a9a; --s5: #b1bac4; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: CanvasText; }
header, main { max-width: 70rem; margin: 0 auto; padding: 0.75rem 1rem; }
header { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; align-items: center; justify-content: space-between; border-bottom: 1px solid var(--line); }
header form { margin: 0; align-items: center; } header span { overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin-top: 2rem; } h3 { font-size: 1rem; margin: 1rem 0 0.25rem; }
a { color: var(--link); } :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
nav { display: flex; flex-wrap: wrap; gap: 0 1rem; } nav a, main > ul a, main > p > a { display: inline-block; padding: 0.625rem 0; min-height: 2.75rem; } summary { padding: 0.625rem 0; cursor: pointer; } li, p { overflow-wrap: anywhere; }
nav a[aria-current] { color: inherit; font-weight: 600; }
input, button { font: inherit; padding: 0.5rem 0.75rem; min-height: 2.75rem; max-width: 100%; border: 1px solid #888; border-radius: 0.3rem; }
button { cursor: pointer; } button:disabled { cursor: wait; }
form { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: end; margin: 0.5rem 0; }
label { display: grid; gap: 0.25rem; min-width: 0; } main form:not(.actions form) label { flex: 0 1 28rem; }
.actions { display: flex; flex-wrap: wrap; gap: 0 0.75rem; align-items: center; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0 2rem; } .charts section { min-width: 0; }
section > svg { display: block; width: 100%; height: 8rem; border: solid var(--line); border-width: 1px 0; }
svg .s0 { fill: var(--s0); } svg .s1 { fill: var(--s1); } svg .s2 { fill: var(--s2); } svg .s3 { fill: var(--s3); } svg .s4 { fill: var(--s4); } svg .s5 { fill: var(--s5); }
svg rect { stroke: var(--back); stroke-width: 1px; vector-effect: non-scaling-stroke; }
.axis { display: flex; justify-content: space-between; gap: 0.25rem; font-size: 0.8rem; } .axis.x::after { content: "UTC"; }
.axis.x span:nth-child(even) { display: none; } @media (min-width: 60rem) { .axis.x span:nth-child(even) { display: inline; } }
.legend { list-style: none; margin: 0.5rem 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0 1rem; font-size: 0.9rem; } .legend svg { width: 0.8rem; height: 0.8rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.95rem; }
th, td { text-align: start; vertical-align: top; padding: 0.4rem 0.6rem; border-bottom: 1px solid var(--line); } tbody th { font-weight: 400; white-space: nowrap; }
td { overflow-wrap: anywhere; min-width: 6rem; } td:first-child { min-width: 9.5rem; } td:nth-child(2) { min-width: 12rem; } td form { margin: 0; } td button { white-space: nowrap; }
.box, .done, .banner { border: 1px solid var(--line); border-inline-start: 0.4rem solid var(--bad); padding: 0.5rem 1rem; border-radius: 0.3rem; }
.done { border-inline-start-color: var(--good); }
.bad, #status { color: var(--bad); } #status:empty { display: none; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: 0.25rem 1rem; } dd { margin: 0; overflow-wrap: anywhere; }
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
      : markup`<nav aria-label="Pages"><a href="${consolePath}">Overview</a><a href="${checksPath}">Failing checks</a></nav>
          <form data-step="signOut"><span>${operator}</span> <button>Sign out</button></form>`;
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
        <header>${account === '' ? markup`<strong>Console</strong>` : account}</header>
        <main>
          <h1><bdi>${title}</bdi></h1>
          <p id="status" role="status"></p>
          ${body}
        </main>
        ${scriptElement}
      </body>
    </html> `.text;
}
