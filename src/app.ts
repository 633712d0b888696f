/**
 * What Vercel imports. Its builder takes the first of src/app, src/index, src/server whose text imports express, so
 * this file alone among the three may name it; the default export is what it deploys.
 */
import { attachDatabasePool, waitUntil } from '@vercel/functions';
import type { Express } from 'express';
import { readConfig } from './config/config.js';
import { readEnvironment } from './config/environment.js';
import { ConfigurationError } from './config/finding.js';
import { createRefusingApp } from './create-app.js';
import { createService } from './create-service.js';
import { createLogger } from './log/logger.js';
import { logUnhandled } from './log/unhandled.js';
import { logRefusal } from './startup/startup-report.js';

function createDeployedApp(): Express {
  const now = () => new Date();
  try {
    const config = readConfig(readEnvironment(), now());
    const logger = createLogger(config.logLevel);
    logUnhandled(logger);
    const { app, database } = createService({ config, logger, now, keepAwake: waitUntil });
    // Closes idle connections before Vercel suspends the process; does nothing elsewhere.
    if (config.isVercel) attachDatabasePool(database.pool);
    return app;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    // A crash at import would show the operator a platform page; this way the log names each fault.
    const logger = createLogger('info');
    logRefusal(error.findings, logger);
    return createRefusingApp(logger);
  }
}

const app: Express = createDeployedApp();
export default app;
