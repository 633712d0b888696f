/** Docusaurus's texts, in the language they are written in. */
import type { ReactNode } from 'react';

type Values = Readonly<Record<string, ReactNode>>;

export function translate(
  { message }: { message: string },
  values: Readonly<Record<string, string | number>> = {},
): string {
  return message.replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}

export default function Translate({
  children,
  values = {},
}: {
  readonly children: string;
  readonly values?: Values;
}): ReactNode {
  return children.split(/\{(\w+)\}/g).map((part, index) => (index % 2 === 0 ? part : values[part]));
}
