/** `npm start`, after src/server.ts has installed its signal handlers. Exits on an invalid configuration and names every fault. */
import { setTimeout as sleep } from 'node:timers/promises';
import { flushCompileCache } from './compile-cache.js';
import { readConfig, type Config } from './config/config.js';
import { readEnvironment } from './config/environment.js';
import { ConfigurationError } from './config/finding.js';
import { createService } from './create-service.js';
import { BuildIncompleteError, readMigrations } from './db/migrations.js';
import { listen, ListenError, type RunningServer } from './listen.js';
import { exitAfterFlush } from './log/exit.js';
import { createLogger } from './log/logger.js';
import { standardOutput } from './log/terminal.js';
import { logUnhandled } from './log/unhandled.js';
import { logRefusal } from './startup/startup-report.js';
import { startOutboxTimer } from './outbox-timer.js';
import { shutDownGracefully } from './graceful-shutdown.js';
import type { StopRequests } from './stop-request.js';

/** A database that does not respond never confirms closing; after this time the connections are dropped. */
const closeDatabaseMs = 2_000;

/** A mail that is being sent when the process stops usually arrives within this time; otherwise another process retries it. */
const drainOutboxesMs = 2_500;

/** What became of the last requests; an unreachable database is given up. */
const flushAuditMs = 1_000;

/** A receiver of traces that hangs loses the last ones. */
const finishMs = 1_000;

export async function serve(requests: StopRequests): Promise<void> {
  const now = () => new Date();
  const environment = readEnvironment();
  if (environment.npm_lifecycle_event !== undefined) requests.endWithParent();
  const output = standardOutput(environment);
  let config: Config;
  try {
    config = readConfig(environment, now());
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const logger = createLogger('info', output);
    logRefusal(error.findings, logger);
    exitAfterFlush(logger, 1);
    return;
  }
  const logger = createLogger(config.logLevel, output);
  logUnhandled(logger);
  const service = createService({ config, logger, now });
  let stopOutboxes: (() => Promise<void>) | undefined;
  let server: RunningServer | undefined;
  shutDownGracefully(requests, {
    logger,
    async stop() {
      const aborted = (await server?.stop()) ?? 0;
      if (aborted > 0) logger.error({ requests: aborted }, 'requests were aborted');
      await Promise.race([service.audit?.flush(), sleep(flushAuditMs)]);
      await Promise.race([stopOutboxes?.(), sleep(drainOutboxesMs)]);
      await Promise.race([service.finish(), sleep(finishMs)]);
      await Promise.race([service.database.close(), sleep(closeDatabaseMs)]);
      return aborted === 0;
    },
  });

  try {
    readMigrations(); // a build without them could never become ready
    server = await listen(service.app, config.port, config.host);
    logger.info({ port: server.port, host: config.host }, 'listening');
    stopOutboxes = startOutboxTimer(service.outboxes, now);
    await service.logStartupReport();
    // Last, because probes and session checks do not need it; a sign-in that arrives meanwhile loads it.
    await service.warmUp();
    flushCompileCache();
  } catch (err) {
    if (err instanceof ListenError) logger.fatal({ variable: err.variable }, err.message);
    else if (err instanceof BuildIncompleteError)
      logger.fatal({ code: 'BUILD_INCOMPLETE' }, err.message);
    else logger.fatal({ err }, 'cannot start');
    exitAfterFlush(logger, 1);
  }
}
