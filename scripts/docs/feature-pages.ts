/** The generated parts of docs/features/*.md: the tables of variables, errors and reasons, from the feature's folder. */
import { existsSync } from 'node:fs';
import type { ErrorEntry } from '../../src/errors.js';
import type { Feature } from '../../src/features/definition.js';
import { definitions } from '../../src/features/definitions.js';
import type { Reason } from '../../src/session/reasons.js';
import { errorsTableOf } from './errors.js';
import { flowReasonsTable, type FlowReason } from './flow-reasons.js';
import { replaceBetween } from './markdown.js';
import { reasonsTableOf } from './reasons.js';
import { documentedVariables, variablesTableOf } from './variables.js';

/** The exports of a feature's reasons.ts that its page shows. */
interface FeatureReasons {
  readonly errors?: Readonly<Record<string, ErrorEntry>>;
  /** Reasons of the session inspector that concern the feature. */
  readonly sessionReasons?: readonly Reason[];
  /** Reasons of its own flow. */
  readonly reasons?: Readonly<Record<string, FlowReason>>;
}

type Render = (current: string) => Promise<string>;

/** Page, relative to the repository → its new content, from the present one. */
export const featurePages: Readonly<Record<string, Render>> = Object.fromEntries(
  definitions.map(({ name, variables, variableFamilies = {} }: Feature) => [
    `docs/features/${name}.md`,
    async (current: string) => {
      const { errors, sessionReasons, reasons } = await readReasons(name);
      const own = documentedVariables.filter(
        (variable) => variable.name in variables || variable.name in variableFamilies,
      );
      const tables: Readonly<Record<string, string | undefined>> = {
        variables: own.length > 0 ? await variablesTableOf(own) : undefined,
        errors: errors && (await errorsTableOf(errors)),
        reasons: sessionReasons && (await reasonsTableOf(sessionReasons)),
        'flow-reasons': reasons && (await flowReasonsTable(reasons)),
      };
      return Object.entries(tables).reduce(
        (page, [marker, table]) =>
          table === undefined ? page : replaceBetween(page, marker, table),
        current,
      );
    },
  ]),
);

async function readReasons(feature: string): Promise<FeatureReasons> {
  const file = new URL(`../../src/features/${feature}/reasons.ts`, import.meta.url);
  return existsSync(file) ? ((await import(file.href)) as FeatureReasons) : {};
}
