/** Records the deployment once the database is ready. Finds no faults. */
import type { Finding } from '../../config/finding.js';
import type { StartupServices } from '../slots.js';
import { recordDeployment } from './deployments.js';

export async function findStartupFaults(
  _settings: object,
  { config, database, now }: StartupServices,
): Promise<readonly Finding[]> {
  await recordDeployment(database.orm, config, now());
  return [];
}
