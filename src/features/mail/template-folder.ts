/**
 * `MAIL_TEMPLATES`: text files named `<template>.<language>.txt`. The first line is `Subject: …`; then paragraphs, separated
 * by blank lines. `{{name}}` is replaced with the mail's data. A paragraph `[Label]({{link}})` is a button, a paragraph
 * `# {{code}}` a code.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../config/finding.js';

export interface TemplateOverride {
  readonly template: string;
  /** Lower-case, such as `fr` or `pt-br`. */
  readonly language: string;
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** The names between braces. */
  readonly placeholders: readonly string[];
}

const variable = 'MAIL_TEMPLATES';
const fileName = /^([a-z0-9-]+)\.([a-z]{2,3}(?:-[a-z0-9]{2,8})?)\.txt$/;
export const placeholder = /\{\{\s*([A-Za-z]+)\s*\}\}/g;

/** @returns an empty list, with a finding, if the folder or one of its files cannot be used */
export function readTemplateFolder(
  folder: string | undefined,
  report: (finding: Finding) => void,
): readonly TemplateOverride[] {
  if (folder === undefined) return [];
  const fault = (message: string) =>
    report({
      level: 'error',
      code: 'MAIL_TEMPLATES_INVALID',
      variable,
      message,
      fix: 'name a folder of files <template>.<language>.txt that begin with Subject:',
    });
  try {
    const names = readdirSync(folder).filter((name) => !name.startsWith('.'));
    const read = names.map((name) => ({ name, override: readOverride(folder, name) }));
    for (const { name, override } of read) {
      if (override === undefined) fault(`the file ${name} is not a template`);
    }
    return read.flatMap(({ override }) => override ?? []);
  } catch {
    fault('is not a folder that can be read');
    return [];
  }
}

function readOverride(folder: string, name: string): TemplateOverride | undefined {
  const [, template, language] = fileName.exec(name) ?? [];
  if (template === undefined || language === undefined) return undefined;
  const text = readFileSync(join(folder, name), 'utf8').replace(/\r\n/g, '\n').trim();
  const [first = '', ...rest] = text.split('\n');
  const subject = /^Subject:\s*(\S.*)$/.exec(first)?.[1];
  const paragraphs = rest
    .join('\n')
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
  if (subject === undefined || paragraphs.length === 0) return undefined;
  const placeholders = [...text.matchAll(placeholder)].map(([, found = '']) => found);
  return { template, language, subject, paragraphs, placeholders: [...new Set(placeholders)] };
}
