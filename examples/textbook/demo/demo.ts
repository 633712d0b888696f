/** `npm run demo`: starts and stops the auth service, the textbook's API and its site together on this machine. */
import { join } from 'node:path';
import { inspect } from 'node:util';
import { prettyFactory } from 'pino-pretty';
import { readEnvironment } from '../../../src/config/environment.js';
import { installSite, planApi, type Run } from './install.js';
import { createProgress } from './progress.js';
import {
  ProgramError,
  startProgram,
  describeEnd,
  untilAnswers,
  untilOneEnds,
  type Program,
  type ProgramOptions,
} from './program.js';
import {
  clientEnvironment,
  DemoError,
  readDemoSettings,
  serviceEnvironment,
  type DemoSettings,
} from './settings.js';
import { requireFreePorts } from './ports-in-use.js';
import { instructions } from './instructions.js';

const answerTimeoutMs = 60_000;
/** The site compiles its pages before it responds. */
const compileTimeoutMs = 300_000;

const print = (message: string) => process.stdout.write(`${message}\n`);

const progress = createProgress(print);

/** Running programs, in the order in which they were started. */
const running: Program[] = [];
let isStopping = false;

// The reader closed the pipe, like `| head`: the parts have their own process groups and would keep running.
process.stdout.on('error', () => {
  if (!isStopping) void stopAll().then(() => process.exit(1));
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!isStopping) void stopAll().then(() => process.exit(0));
  });
}

run().catch(async (error: unknown) => {
  if (isStopping) return;
  printFailure(error);
  await stopAll();
  process.exitCode = 1;
});

async function run(): Promise<void> {
  const settings = readDemoSettings(readEnvironment());
  await requireFreePorts([settings.service, settings.api, settings.site]);
  const installApi = await planApi(settings);
  // Concurrently: the API and the site are installed while the service starts.
  const service = begin(serviceProgram(settings));
  const startService = async () => {
    await progress.during('Starting the auth service', () =>
      untilAnswers(service, `${settings.service.url}/ready`, answerTimeoutMs),
    );
  };
  const isServiceReady = startService();
  const startApi = async () => {
    const python = await installApi(runToEnd);
    // After the service, because the API checks at startup whether it responds.
    await isServiceReady;
    const api = begin(apiProgram(settings, python));
    await progress.during('Starting the API', () =>
      untilAnswers(api, `${settings.api.url}/public`, answerTimeoutMs),
    );
    return api;
  };
  const startSite = async () => {
    await installSite(settings, runToEnd);
    const site = begin(siteProgram(settings));
    await progress.during('Starting the site (compiling its pages)', () =>
      untilAnswers(site, settings.site.url, compileTimeoutMs),
    );
    return site;
  };
  const [api, site] = await Promise.all([startApi(), startSite(), isServiceReady]);
  progress.stop();

  print(instructions(settings));
  show([service, api, site]);
  await untilOneEnds(running);
}

function serviceProgram(settings: DemoSettings): ProgramOptions {
  return {
    what: settings.service.what,
    command: process.execPath,
    args: ['--import', 'tsx', 'src/dev/dev.ts'],
    cwd: settings.repository,
    env: serviceEnvironment(settings),
  };
}

function apiProgram(settings: DemoSettings, python: string): ProgramOptions {
  const port = String(settings.api.port);
  return {
    what: settings.api.what,
    command: python,
    args: ['-m', 'uvicorn', 'main:app', '--host', 'localhost', '--port', port],
    cwd: join(settings.repository, 'examples/textbook/api'),
    env: clientEnvironment(settings),
  };
}

function siteProgram(settings: DemoSettings): ProgramOptions {
  const docusaurus = 'node_modules/@docusaurus/core/bin/docusaurus.mjs';
  const port = String(settings.site.port);
  return {
    what: settings.site.what,
    command: process.execPath,
    args: [docusaurus, 'start', '--no-open', '--host', 'localhost', '--port', port],
    cwd: join(settings.repository, 'examples/textbook/site'),
    env: clientEnvironment(settings),
  };
}

function begin(options: ProgramOptions): Program {
  if (isStopping) throw new Error('the demo is stopping'); // an installation may still succeed on Ctrl-C
  const program = startProgram(options);
  running.push(program);
  return program;
}

/** For installations: prints every line as it arrives. */
const runToEnd: Run = (step, command) =>
  progress.during(step, async () => {
    const program = begin({ what: `“${step}”`, ...command });
    program.listen((line) => line.trim() !== '' && print(`  ${line}`));
    const end = await program.ended;
    if (end !== 0) throw new DemoError(`${describeEnd(program, end)}: see its output above`);
    running.splice(running.indexOf(program), 1);
  });

/** Prints each further line with the part that wrote it; output during startup is omitted. */
function show([service, api, site]: readonly [Program, Program, Program]): void {
  const isTerminal = process.stdout.isTTY;
  const pretty = prettyFactory({
    colorize: isTerminal,
    singleLine: true,
    translateTime: 'HH:MM:ss',
  });
  for (const [program, name] of [
    [service, 'service'],
    [api, 'api    '],
    [site, 'site   '],
  ] as const) {
    program.listen((line) => print(`${name} | ${pretty(line).trimEnd()}`));
  }
}

async function stopAll(): Promise<void> {
  isStopping = true;
  progress.stop();
  if (running.length > 0) print('Stopping …');
  // In reverse order: the API needs the service until it has stopped.
  for (const program of running.splice(0).reverse()) await program.stop();
}

function printFailure(error: unknown): void {
  if (error instanceof ProgramError) {
    print(`\n${error.message}. Its last output:\n`);
    for (const line of error.program.lastLines()) print(`  ${line}`);
    print(`\n${error.message}, so the others are stopped too.`);
  } else {
    print(error instanceof DemoError ? error.message : `could not start: ${inspect(error)}`);
  }
}
