/** The texts of all mails: those of the features, and those of the operator's folder, which take precedence. */
import type { Finding } from '../../config/finding.js';
import type { MailTemplate, MailText } from '../../mailer.js';
import { chooseLanguage } from './language.js';
import { placeholder, type TemplateOverride } from './template-folder.js';

type Data = Readonly<Record<string, string>>;

export interface MailTemplates {
  /** @throws Error if there is no such template or data is missing: a fault of the feature */
  check(template: string, data: Data): { readonly isNotice: boolean };
  /** @throws Error if this version of the service does not know the template */
  write(template: string, data: Data, language: string | undefined): WrittenMail;
  /** What is wrong with the operator's folder. */
  readonly findings: readonly Finding[];
}

export interface WrittenMail {
  readonly language: string;
  readonly text: MailText;
}

export function createTemplates(
  templates: readonly MailTemplate[],
  overrides: readonly TemplateOverride[],
): MailTemplates {
  const byName = new Map(templates.map((template) => [template.name, template]));
  const find = (name: string) => {
    const template = byName.get(name);
    if (template === undefined) throw new Error(`there is no mail template ${name}`);
    return template;
  };
  const findings = overrides.flatMap((override) => checkOverride(override, byName) ?? []);
  const usable = overrides.filter((override) => checkOverride(override, byName) === undefined);
  return {
    findings,
    check(name, data) {
      const { sample, isNotice = false } = find(name);
      const missing = Object.keys(sample).find((key) => data[key] === undefined);
      if (missing !== undefined) throw new Error(`the mail ${name} has no ${missing}`);
      return { isNotice };
    },
    write(name, data, preferred) {
      const { texts } = find(name);
      const own = usable.filter(({ template }) => template === name);
      const available = ['en', 'de', ...own.map(({ language }) => language)];
      const language = chooseLanguage(preferred, available);
      const override = own.find((each) => each.language === language);
      if (override !== undefined) return { language, text: writeOverride(override, data) };
      return { language, text: language === 'de' ? texts.de(data) : texts.en(data) };
    },
  };
}

/** What a mail is sent for: without it, the recipient can do nothing with the text. */
const required = ['link', 'code'];

function checkOverride(
  { template, language, placeholders }: TemplateOverride,
  byName: ReadonlyMap<string, MailTemplate>,
): Finding | undefined {
  const problem = problemOf(placeholders, byName.get(template)?.sample);
  if (problem === undefined) return undefined;
  return {
    level: 'warn',
    code: 'MAIL_TEMPLATE_UNUSED',
    variable: 'MAIL_TEMPLATES',
    message: `${template}.${language}.txt ${problem}`,
    fix: 'see docs/features/mail.md for the mails and their data',
  };
}

function problemOf(
  placeholders: readonly string[],
  sample: MailTemplate['sample'] | undefined,
): string | undefined {
  if (sample === undefined) return 'belongs to no mail of the enabled features';
  const unknown = placeholders.find((name) => !Object.hasOwn(sample, name));
  const missing = required.find(
    (name) => Object.hasOwn(sample, name) && !placeholders.includes(name),
  );
  const problem =
    unknown !== undefined
      ? `uses {{${unknown}}}, which the mail does not have`
      : missing !== undefined && `does not use {{${missing}}}`;
  return problem === false ? undefined : `${problem}: the text of the service is sent instead`;
}

function writeOverride({ subject, paragraphs }: TemplateOverride, data: Data): MailText {
  const fill = (text: string) =>
    text.replace(placeholder, (_all, name: string) => data[name] ?? '');
  const texts: { paragraphs: string[]; footer: string[] } = { paragraphs: [], footer: [] };
  let action: MailText['action'];
  let code: string | undefined;
  for (const paragraph of paragraphs) {
    const button = /^\[([^\]]+)\]\(([^)]+)\)$/.exec(paragraph);
    const shown = /^#\s+(.+)$/.exec(paragraph)?.[1];
    if (button !== null) action = { label: fill(button[1] ?? ''), url: fill(button[2] ?? '') };
    else if (shown !== undefined) code = fill(shown);
    else texts[action || code ? 'footer' : 'paragraphs'].push(fill(paragraph));
  }
  return { subject: fill(subject), ...texts, ...(action && { action }), ...(code && { code }) };
}
