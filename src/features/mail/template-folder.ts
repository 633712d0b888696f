/**
 * `MAIL_TEMPLATES`: text files named `<template>.<language>.txt`. The first line is `Subject: …`; then paragraphs, separated
 * by blank lines. `{{name}}` is replaced with the mail's data. A paragraph `[Label]({{link}})` is a button, a paragraph
 * `# {{code}}` a code.
 */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
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

/** A text of a mail has a few hundred characters; anything much longer is another file. */
const maxBytes = 65_536;
const maxFiles = 500;

/** @returns an empty list, with a finding, if the folder or one of its files cannot be used */
export function readTemplateFolder(
  folder: string | undefined,
  report: (finding: Finding) => void,
): readonly TemplateOverride[] {
  if (folder === undefined) return [];
  const fault = (message: string) => {
    report({
      level: 'error',
      code: 'MAIL_TEMPLATES_INVALID',
      variable,
      message,
      fix: 'name a folder of files <template>.<language>.txt that begin with Subject:',
    });
    return [];
  };
  let names: string[];
  let root: string;
  try {
    root = realpathSync(folder);
    names = readdirSync(root).filter((name) => !name.startsWith('.'));
  } catch {
    return fault('is not a folder that can be read');
  }
  if (names.length > maxFiles) return fault(`has more than ${maxFiles} files`);
  return names.flatMap((name) => {
    try {
      return parseOverride(name, readInside(root, name));
    } catch (error) {
      const problem = error instanceof TemplateError ? error.message : 'cannot be read';
      return fault(`the file ${name} ${problem}`);
    }
  });
}

class TemplateError extends Error {}

/** A symbolic link may lead to another file of the folder, as Kubernetes mounts a ConfigMap, and nowhere else. */
function readInside(root: string, name: string): string {
  const path = realpathSync(join(root, name));
  if (!path.startsWith(root + sep))
    throw new TemplateError('is a link that leads out of the folder');
  const file = statSync(path);
  if (!file.isFile()) throw new TemplateError('is not a regular file');
  if (file.size > maxBytes) throw new TemplateError(`is larger than ${maxBytes / 1024} KiB`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch {
    throw new TemplateError('is not UTF-8');
  }
}

function parseOverride(name: string, content: string): TemplateOverride {
  const [, template, language] = fileName.exec(name) ?? [];
  const text = content.replace(/\r\n/g, '\n').trim();
  const [first = '', ...rest] = text.split('\n');
  const subject = /^Subject:\s*(\S.*)$/.exec(first)?.[1];
  const paragraphs = rest
    .join('\n')
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
  if (
    template === undefined ||
    language === undefined ||
    subject === undefined ||
    paragraphs.length === 0
  ) {
    throw new TemplateError('is not a template');
  }
  const placeholders = [...text.matchAll(placeholder)].map(([, found = '']) => found);
  return { template, language, subject, paragraphs, placeholders: [...new Set(placeholders)] };
}
