/** Every file that `npm run docs` writes, whole or between markers. tests/documentation.test.ts compares them. */
import { adminAttacksTable } from './admin-attacks.js';
import { auditKindsTable } from './audit-kinds.js';
import { benchResults } from './bench-results.js';
import { benchTargetsTable } from './bench-targets.js';
import { browsersTable } from './browsers.js';
import { causesTable } from './causes.js';
import { doctorUsage } from './doctor-usage.js';
import { endpointsTable } from './endpoints.js';
import { envExample } from './env-example.js';
import { errorsTable } from './errors.js';
import { diagnosesTable, storiesTable } from './explain.js';
import { faultsTable } from './faults.js';
import { featurePages } from './feature-pages.js';
import { flowReasonsTable } from './flow-reasons.js';
import { replaceBetween } from './markdown.js';
import { openApiDocument } from './openapi/openapi.js';
import { limitReasons } from '../../src/limit-reasons.js';
import { reasonsTable } from './reasons.js';
import { variablesTable } from './variables.js';

/** File, relative to the repository → its new content, from the present one. */
type Documents = Readonly<Record<string, (current: string) => string | Promise<string>>>;

export const documents: Documents = {
  '.env.example': envExample,
  'clients/doctor/README.md': between('doctor', doctorUsage),
  'docs/browsers.md': between('browsers', browsersTable),
  'docs/causes-outside-the-request.md': between('causes', causesTable),
  'docs/configuration.md': between('variables', variablesTable),
  'docs/endpoints.md': between('endpoints', endpointsTable),
  'docs/errors-and-limits.md': between('errors', errorsTable),
  'docs/explain.md': async (current) =>
    replaceBetween(
      await between('stories', storiesTable)(current),
      'diagnoses',
      await diagnosesTable(),
    ),
  ...featurePages,
  'docs/features/admin.md': async (current) =>
    replaceBetween(
      (await featurePages['docs/features/admin.md']?.(current)) ?? current,
      'attacks',
      await adminAttacksTable(),
    ),
  'docs/features/audit.md': async (current) =>
    replaceBetween(
      (await featurePages['docs/features/audit.md']?.(current)) ?? current,
      'audit-kinds',
      await auditKindsTable(),
    ),
  'docs/limits.md': between('reasons', () => flowReasonsTable(limitReasons)),
  'docs/openapi.json': openApiDocument,
  'docs/operating.md': between('faults', faultsTable),
  'docs/performance.md': async (current) =>
    replaceBetween(
      await between('targets', benchTargetsTable)(current),
      'results',
      await benchResults(),
    ),
  'docs/why-is-my-session-null.md': between('reasons', reasonsTable),
};

/** Generates what is between the markers `<!-- name -->` and `<!-- /name -->`. */
function between(name: string, generate: () => string | Promise<string>) {
  return async (current: string) => replaceBetween(current, name, await generate());
}
