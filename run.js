/**
 * Runs a command of the service: from its sources in a clone that has the development tools, from dist/ in a production
 * install. `node run.js operator/user --help` runs src/operator/user.ts or dist/operator/user.js.
 */
import { existsSync } from 'node:fs';
import process from 'node:process';
import { clearInterval, setInterval } from 'node:timers';
import { URL } from 'node:url';

const [command = ''] = process.argv.splice(2, 1);
/** The doctor is a package of its own; the service's build adds it to dist/. */
const sourceFile = command === 'doctor/doctor' ? 'clients/doctor/src/doctor' : `src/${command}`;
const source = new URL(`${sourceFile}.ts`, import.meta.url);
const built = new URL(`dist/${command}.js`, import.meta.url);

/** Sources first: what was built may be older. */
async function findProgram() {
  if (existsSync(source)) {
    const tsx = await import('tsx/esm/api').catch(() => undefined); // a development dependency
    if (tsx !== undefined) {
      tsx.register();
      return source;
    }
  }
  if (existsSync(built)) return built;
  process.stderr.write(`dist/${command}.js is missing: run npm ci, then npm run build\n`);
  process.exit(1);
}

// npm hands a signal on to its shell alone: where that ends, the command is asked to end, too.
if (process.env.npm_lifecycle_event !== undefined) {
  const parent = process.ppid;
  const poll = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(poll);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  poll.unref();
}

const program = await findProgram();
await import(program.href);
