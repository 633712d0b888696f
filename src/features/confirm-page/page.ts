/** The HTML of the confirm page. Nothing of a request becomes part of it except the choice of the language. */
import { createHash } from 'node:crypto';
import { script } from './script.js';
import { texts, type Language } from './texts.js';

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; padding: 1rem; }
main { max-width: 26rem; margin: 10vh auto 0; }
h1 { font-size: 1.4rem; }
label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; }
input, button { padding: 0.6rem; margin: 0.25rem 0 1rem; min-height: 2.75rem; }
[hidden] { display: none; }
`;

/** Only this script and this style; no frames, no forms that navigate, requests to this service only (ASVS 3.4.3). */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src '${hashOf(script)}'`,
  `style-src '${hashOf(style)}'`,
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function renderPage(language: Language): string {
  const { title, noLink, noScript } = texts[language];
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1 id="title">${title}</h1>
<p id="text">${noLink}</p>
<noscript><p>${noScript}</p></noscript>
<form id="form" hidden>
<div id="passwordRow" hidden>
<label id="label" for="password"></label>
<input id="password" name="password" type="password" maxlength="128">
</div>
<button id="button"></button>
</form>
<p id="status" role="status"></p>
</main>
<script type="application/json" id="texts">${JSON.stringify(texts[language])}</script>
<script>${script}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
