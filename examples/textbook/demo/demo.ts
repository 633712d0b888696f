/** `npm run demo`: the auth service, the textbook's API and its site on this machine, begun and ended together. */
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
/** The site compiles its pages first. */
const compileTimeoutMs = 300_000;

const print = (sentence: string) => process.stdout.write(`${sentence}\n`);

const progress = createProgress(print);

/** What runs, in the order in which it was started. */
const running: Program[] = [];
let isStopping = false;

// Whoever read along has gone, as `| head` does: the parts have process groups of their own and would live on.
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
  // All at once: the API and the site are installed while the service starts.
  const service = begin(serviceProgram(settings));
  const startService = async () => {
    await progress.during('Starting the auth service', () =>
      untilAnswers(service, `${settings.service.url}/ready`, answerTimeoutMs),
    );
  };
  const isServiceReady = startService();
  const startApi = async () => {
    const python = await installApi(runToEnd);
    // Not before the service: at its start the API looks whether that answers.
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
    await progress.during('Starting the site, which compiles its pages', () =>
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
  if (isStopping) throw new Error('nothing is begun any more'); // an installation may end well on Ctrl-C
  const program = startProgram(options);
  running.push(program);
  return program;
}

/** For installations: every line is shown as it comes. */
const runToEnd: Run = (sentence, command) =>
  progress.during(sentence, async () => {
    const program = begin({ what: `“${sentence}”`, ...command });
    program.listen((line) => line.trim() !== '' && print(`  ${line}`));
    const end = await program.ended;
    if (end !== 0) throw new DemoError(`${describeEnd(program, end)}: what it said is above`);
    running.splice(running.indexOf(program), 1);
  });

/** From now on, each line with the part that wrote it; what they told while they started is left out. */
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
  // The last one first: the service answers the API until that has ended.
  for (const program of running.splice(0).reverse()) await program.stop();
}

function printFailure(error: unknown): void {
  if (error instanceof ProgramError) {
    print(`\n${error.message}. The last it said:\n`);
    for (const line of error.program.lastLines()) print(`  ${line}`);
    print(`\n${error.message}, so the others end too.`);
  } else {
    print(error instanceof DemoError ? error.message : `could not start: ${inspect(error)}`);
  }
}
