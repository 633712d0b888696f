/** Mails as recipients see them: text, HTML, languages, texts of the operator, and what data cannot do. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/config/finding.js';
import { chooseLanguage } from '../../../src/features/mail/language.js';
import { renderMail } from '../../../src/features/mail/render.js';
import { readTemplateFolder } from '../../../src/features/mail/template-folder.js';
import { createTemplates } from '../../../src/features/mail/templates.js';
import { mailFeature } from '../../support/mail-feature.js';

const templates = mailFeature.mailTemplates ?? [];
const name = 'test-link.en.txt';
const brand = { name: 'Example & Co', color: '#0a66c2' };
const data = { link: 'https://www.example.com/confirm#verify_email=abc', minutes: '10' };

function folderOf(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'mail-templates-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const findings: Finding[] = [];
  const overrides = readTemplateFolder(folder, (finding) => findings.push(finding));
  return { overrides, findings };
}

describe.each(['en', 'de'])('%s', (language) => {
  test.each(templates)('$name', ({ name, sample }) => {
    const written = createTemplates(templates, []).write(name, sample, language);
    const { subject, text, html } = renderMail(written, brand);
    expect(`${subject}\n\n${text}\n${html}`).toMatchSnapshot();
  });
});

test('no value can add markup, a link or a header line', () => {
  const attack = '"><a href="https://evil.example">visit</a>\r\nBcc: eve@evil.example';
  const { subject, html } = renderMail(
    {
      language: 'en',
      text: {
        subject: attack,
        paragraphs: [attack],
        action: { label: attack, url: `javascript:alert(1)//${attack}` },
        code: attack,
        footer: [attack],
      },
    },
    { name: 'Example' },
  );
  expect(subject).not.toMatch(/[\r\n]/);
  expect(html).not.toContain('<a href="https://evil');
  expect(html).not.toContain('href="javascript');
  expect(html.match(/<a /g)).toHaveLength(1);
});

test('HTML loads nothing from the network unless a logo is configured', () => {
  const written = createTemplates(templates, []).write('test-link', data, 'en');
  expect(renderMail(written, brand).html).not.toMatch(/<img|<link|url\(|src=/);
  const logo = 'https://www.example.com/logo.png';
  expect(renderMail(written, { ...brand, logo }).html).toContain(
    `<img src="${logo}" alt="Example &amp; Co"`,
  );
});

test('the URL of a logo cannot leave its attribute', () => {
  const written = createTemplates(templates, []).write('test-link', data, 'en');
  const logo = 'https://example.com/"onerror="alert(1)"><script>';
  expect(renderMail(written, { ...brand, logo }).html).toContain(
    'src="https://example.com/&quot;onerror=&quot;alert(1)&quot;&gt;&lt;script&gt;"',
  );
});

test.each([
  ['#0a66c2', '#ffffff'],
  ['#000000', '#ffffff'],
  ['#ffee00', '#000000'],
  ['#FFFFFF', '#000000'],
])('a button of the color %s has the text color %s', (color, expected) => {
  const written = createTemplates(templates, []).write('test-link', data, 'en');
  const { html } = renderMail(written, { ...brand, color });
  expect(html).toContain(`background:${color};color:${expected};`);
});

test('details are readable on a dark background', () => {
  const written = createTemplates(templates, []).write('test-link', data, 'en');
  expect(renderMail(written, brand).html).toMatch(
    /@media \(prefers-color-scheme:dark\)\{\.detail\{color:#b3b3b3!important\}\}/,
  );
});

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['de', 'de'],
  ['de-AT,en;q=0.5', 'de'],
  ['en;q=0.5,de', 'de'],
  ['ja,de;q=0.3', 'de'],
  ['de;q=0,en', 'en'],
  ['*', 'en'],
  ['FR-ca', 'fr'],
  ['xx;q=abc', 'en'],
  ['d'.repeat(100_000), 'en'],
])('the language for %s is %s', (header, expected) => {
  expect(chooseLanguage(header, ['en', 'de', 'fr'])).toBe(expected);
});

test('a file of the operator replaces a text or adds a language', () => {
  const { overrides } = folderOf({
    'test-link.fr.txt':
      'Subject: Votre lien\n\nBonjour,\n\n[Continuer]({{link}})\n\n{{minutes}} minutes.\n',
    'test-code.en.txt': 'Subject: {{code}} it is\r\n\r\nType:\r\n\r\n# {{code}}\r\n',
  });
  const all = createTemplates(templates, overrides);
  expect(all.findings).toEqual([]);
  expect(all.write('test-link', data, 'fr-FR').text).toEqual({
    subject: 'Votre lien',
    paragraphs: ['Bonjour,'],
    action: { label: 'Continuer', url: data.link },
    footer: ['10 minutes.'],
  });
  expect(all.write('test-link', data, 'en').text.subject).toBe('Your link');
  expect(all.write('test-code', { code: '123456' }, 'en').text).toMatchObject({
    subject: '123456 it is',
    code: '123456',
  });
});

test('a file that uses other data is reported, and the text of the service is sent', () => {
  const { overrides } = folderOf({
    'test-link.en.txt': 'Subject: Hello {{name}}\n\nText',
    'no-such-mail.en.txt': 'Subject: Hello\n\nText',
  });
  const all = createTemplates(templates, overrides);
  expect(all.findings).toMatchObject([
    { code: 'MAIL_TEMPLATE_UNUSED', level: 'warn' },
    { code: 'MAIL_TEMPLATE_UNUSED', level: 'warn' },
  ]);
  expect(all.write('test-link', data, 'en').text.subject).toBe('Your link');
});

test('a file without the link or code of the mail is reported, and the text of the service is sent', () => {
  const { overrides } = folderOf({ 'test-code.en.txt': 'Subject: Hello\n\nText' });
  const all = createTemplates(templates, overrides);
  expect(all.findings).toMatchObject([{ code: 'MAIL_TEMPLATE_UNUSED', level: 'warn' }]);
  expect(all.findings[0]?.message).toContain('does not use {{code}}');
  expect(all.write('test-code', { code: '123456' }, 'en').text.subject).toBe('Your code');
});

test.each<[string, (folder: string) => void]>([
  ['is larger than 64 KiB', (folder) => writeFileSync(join(folder, name), 'x'.repeat(10_000_000))],
  [
    'is a link that leads out of the folder',
    (folder) => symlinkSync('/etc/hostname', join(folder, name)),
  ],
  ['is not a regular file', (folder) => mkdirSync(join(folder, name))],
  ['is not a regular file', (folder) => execFileSync('mkfifo', [join(folder, name)])],
  [
    'is not UTF-8',
    (folder) => writeFileSync(join(folder, name), Buffer.from('Subject: \xff', 'latin1')),
  ],
  ['cannot be read', (folder) => symlinkSync('nowhere', join(folder, name))],
])('a file that %s stops the start', (problem, create) => {
  const folder = mkdtempSync(join(tmpdir(), 'mail-templates-'));
  create(folder);
  const findings: Finding[] = [];
  expect(readTemplateFolder(folder, (finding) => findings.push(finding))).toEqual([]);
  expect(findings).toMatchObject([
    { level: 'error', code: 'MAIL_TEMPLATES_INVALID', message: `the file ${name} ${problem}` },
  ]);
});

test('a link inside the folder is followed, as Kubernetes mounts a ConfigMap', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mail-templates-'));
  mkdirSync(join(folder, '..data'));
  writeFileSync(join(folder, '..data', name), 'Subject: Hello\n\n[Go]({{link}})');
  symlinkSync(join('..data', name), join(folder, name));
  expect(readTemplateFolder(folder, () => expect.unreachable())).toMatchObject([
    { template: 'test-link', language: 'en', subject: 'Hello' },
  ]);
});

test.each([
  ['no subject', { 'test-link.en.txt': 'Hello' }],
  ['no text', { 'test-link.en.txt': 'Subject: Hello' }],
  ['another name', { 'test-link.html': 'Subject: Hello\n\nText' }],
])('a file with %s stops the start by its name', (_what, files) => {
  const [name] = Object.keys(files);
  expect(folderOf(files).findings).toMatchObject([
    {
      level: 'error',
      code: 'MAIL_TEMPLATES_INVALID',
      message: `the file ${name ?? ''} is not a template`,
    },
  ]);
});
