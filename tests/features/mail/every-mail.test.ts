/** The mails of all features, as recipients get them, and that nothing a visitor types becomes part of one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../../src/config/config.js';
import { activateFeatures } from '../../../src/features/active-features.js';
import { renderMail } from '../../../src/features/mail/render.js';
import { createTemplates } from '../../../src/features/mail/templates.js';
import type { MailTemplate } from '../../../src/mailer.js';
import { testNow, validEnvironment } from '../../support/configuration.js';
import { everyFeatureOn } from '../../support/every-feature.js';
import {
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';

const { features } = readConfig({ ...validEnvironment, ...everyFeatureOn }, testNow);
/** Two features may share a template. */
const templates = [
  ...new Set(activateFeatures(features).flatMap(({ mailTemplates = [] }) => mailTemplates)),
];
const brand = { name: 'Example & Co', color: '#0a66c2' };

const mailOf = ({ name, sample }: MailTemplate, language: string) =>
  renderMail(createTemplates(templates, []).write(name, sample, language), brand);

test('there are mails, each with a name of its own', () => {
  const names = templates.map(({ name }) => name);
  expect(names).toContain('reset-password');
  expect(new Set(names).size).toBe(names.length);
});

describe.each(['en', 'de'])('%s', (language) => {
  test.each(templates)('$name', (template) => {
    const { subject, text, html } = mailOf(template, language);
    expect(`${subject}\n\n${text}\n${html}`).toMatchSnapshot();
  });

  test.each(templates)('$name shows all of its data and has a subject of one line', (template) => {
    const { subject, text } = mailOf(template, language);
    expect(subject).toMatch(/^\S.{0,76}\S$/u);
    for (const value of Object.values(template.sample)) expect(subject + text).toContain(value);
    expect(subject + text).not.toMatch(/undefined|\[object|\{\{/);
  });
});

test.each(templates)('$name has a German text', (template) => {
  expect(mailOf(template, 'de').subject).not.toBe(mailOf(template, 'en').subject);
});

describe('a visitor named "visit evil.example"', () => {
  const name = 'visit evil.example';
  let service: MailingService;
  beforeAll(async () => {
    service = await startMailingService({ EMAIL_VERIFICATION: 'optional' });
  });
  afterAll(() => service.stop());

  test('is greeted in no mail', async () => {
    const visitor = new MailVisitor(service);
    const { email, password } = visitor;
    const signUp = { name, email, password };
    const withHeader = { ...signUp, name: `${name}\r\nBcc: eve@evil.example` };
    const path = '/api/auth/sign-up/email';
    expect((await visitor.ask(path, { body: withHeader })).status).toBe(400);
    expect((await visitor.ask(path, { body: signUp })).status).toBe(200);
    await service.mailsTo(email, 1);
    const newPassword = 'another-good-password-42';
    const change = { currentPassword: password, newPassword };
    expect((await visitor.ask('/api/auth/change-password', { body: change })).status).toBe(200);
    await visitor.ask('/api/auth/request-password-reset', { body: { email } });
    const mails = await service.mailsTo(email, 3);
    for (const { headerLines, text, html } of mails) {
      expect(JSON.stringify([headerLines, text, html])).not.toContain('evil');
    }
  });
});
