/** The environment variables as the documents show them: the only place here that imports them. */
import { variableFamilies } from '../../src/config/features.js';
import { operatorVariables } from '../../src/config/variables.js';
import { code, table } from './markdown.js';

export interface DocumentedVariable {
  readonly name: string;
  /** The default as an operator would write it; undefined where there is none. */
  readonly preset: string | undefined;
  /** Markdown, one sentence or two. */
  readonly description: string;
}

/** The service does not start without these. */
export const requiredVariables: readonly string[] = [
  'DATABASE_URL',
  'BETTER_AUTH_SECRET',
  'BETTER_AUTH_URL',
];

/** Every variable that an operator may set, in the order of the code. */
export const documentedVariables: readonly DocumentedVariable[] = [
  ...Object.entries(operatorVariables.shape).map(([name, schema]) => {
    const preset = schema.parse(undefined) as string | number | undefined;
    return {
      name,
      preset: preset === undefined ? undefined : String(preset),
      description: schema.description ?? '',
    };
  }),
  ...Object.entries(variableFamilies).map(([name, description]) => ({
    name,
    preset: undefined,
    description,
  })),
];

export const variablesTable = () => variablesTableOf(documentedVariables);

export function variablesTableOf(variables: readonly DocumentedVariable[]): Promise<string> {
  const rows = variables.map(({ name, preset, description }) => [
    code(name),
    requiredVariables.includes(name) ? 'required' : preset && code(preset),
    description,
  ]);
  return table(['Variable', 'Default', 'Meaning'], rows);
}
