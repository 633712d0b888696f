/**
 * Renders a mail's text as plain text and HTML. The HTML is one table, because mail clients support little else, and
 * needs no remote image. Every value is escaped: no data can add markup, a link or a header.
 */
import { escapeHtml } from '../../escape-html.js';
import type { MailText } from '../../mailer.js';
import type { MailBrand } from './brand.js';
import type { WrittenMail } from './templates.js';

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const defaultColor = '#1f4f8f';

export function renderMail({ language, text }: WrittenMail, brand: MailBrand): RenderedMail {
  const subject = text.subject.replace(/\s+/gu, ' ').trim();
  return {
    subject,
    text: renderText(text, brand),
    html: renderHtml(text, subject, language, brand),
  };
}

function renderText(
  { paragraphs, action, code, footer = [] }: MailText,
  { name }: MailBrand,
): string {
  const button = action && `${action.label}:\n${action.url}`;
  const blocks = [...paragraphs, button, code, ...footer, `-- \n${name}`];
  return `${blocks.filter((block) => block !== undefined).join('\n\n')}\n`;
}

/** Of details: on white and, in mail clients with a dark theme, on black. Both exceed WCAG's 4.5:1. */
const detailColor = { light: '#595959', dark: '#b3b3b3' } as const;

const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

function renderHtml(
  { paragraphs, action, code, footer = [] }: MailText,
  subject: string,
  language: string,
  { name, color = defaultColor, logo }: MailBrand,
): string {
  const paragraph = (text: string) =>
    `<p style="margin:0 0 16px">${escapeHtml(text).replace(/\n/g, '<br>')}</p>`;
  const small = (text: string) =>
    `<p class="detail" style="margin:0 0 12px;font-size:14px;color:${detailColor.light}">${escapeHtml(text).replace(/\n/g, '<br>')}</p>`;
  const heading = logo
    ? `<img src="${escapeHtml(logo)}" alt="${escapeHtml(name)}" height="40" style="height:40px;border:0">`
    : escapeHtml(name);
  const blocks = [
    ...paragraphs.map(paragraph),
    ...(action ? [button(action, color)] : []),
    ...(code
      ? [
          `<p style="margin:0 0 16px;font-size:32px;font-weight:bold;letter-spacing:6px">${escapeHtml(code)}</p>`,
        ]
      : []),
    ...footer.map(small),
  ];
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no">
<style>@media (prefers-color-scheme:dark){.detail{color:${detailColor.dark}!important}}</style>
<title>${escapeHtml(subject)}</title>
</head>
<body style="margin:0;padding:0">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px;${font};font-size:16px;line-height:24px;text-align:left">
<tr><td style="padding:0 0 10px;font-size:20px;font-weight:bold;border-bottom:3px solid ${color}">${heading}</td></tr>
<tr><td style="padding:24px 0 0">
${blocks.join('\n')}
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}

/** The URL is written out too, for clients that show no links. */
function button({ label, url }: NonNullable<MailText['action']>, color: string): string {
  const href = escapeHtml(isWebUrl(url) ? url : '');
  return `<p style="margin:0 0 16px"><a href="${href}" style="display:inline-block;padding:12px 20px;background:${color};color:${textColorOn(color)};text-decoration:none;border-radius:6px;font-weight:bold">${escapeHtml(label)}</a></p>
<p class="detail" style="margin:0 0 16px;font-size:13px;color:${detailColor.light};word-break:break-all">${escapeHtml(url)}</p>`;
}

/** Black or white, whichever contrasts more with the color (WCAG 2.2, relative luminance). */
function textColorOn(color: string): '#000000' | '#ffffff' {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return (luminance + 0.05) ** 2 > 1.05 * 0.05 ? '#000000' : '#ffffff';
}

function isWebUrl(url: string): boolean {
  return /^https?:\/\//.test(url) && URL.canParse(url);
}
