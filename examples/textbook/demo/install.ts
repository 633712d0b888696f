/** Installs what the parts need, as make would: only where something is newer than the last installation. */
import { access, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../../src/config/environment.js';
import { findPython } from './find-python.js';
import { pythonFolder, type DemoSettings } from './settings.js';

/** Runs one program to its end. @throws where it fails */
export type Run = (
  sentence: string,
  command: { command: string; args: readonly string[]; cwd: string; env: Environment },
) => Promise<void>;

/**
 * The virtual environment of the API.
 * @returns its Python
 * @throws DemoError where there is no Python to make it with
 */
export async function installApi(settings: DemoSettings, run: Run): Promise<string> {
  const { repository, environment: env } = settings;
  const cwd = join(repository, 'examples/textbook/api');
  const client = join(repository, 'clients/fastapi');
  const folder = pythonFolder(settings);
  const python = join(folder, 'bin/python');
  // Written last, so that an interrupted installation is begun anew.
  const mark = join(folder, 'installed');
  const inputs = [
    join(cwd, 'requirements.txt'),
    join(client, 'pyproject.toml'),
    join(client, 'src'),
  ];
  // A link to the Python it was made with: that may have been removed.
  if ((await isNewer(mark, inputs)) && (await exists(python))) return python;
  const found = await findPython(env);
  const venv = ['-m', 'venv', '--clear', folder];
  await run(`Making a virtual environment for the API with ${found}, once`, {
    command: found,
    args: venv,
    cwd,
    env,
  });
  const pip = [
    '-m',
    'pip',
    '--disable-pip-version-check',
    'install',
    '--quiet',
    '-r',
    'requirements.txt',
  ];
  await run('Installing the FastAPI client and uvicorn there: that may take a minute', {
    command: python,
    args: pip,
    cwd,
    env,
  });
  await writeFile(mark, '');
  return python;
}

/** The plugin, then the site, which takes a copy of what the plugin's installation built. */
export async function installSite(
  { repository, environment }: DemoSettings,
  run: Run,
): Promise<void> {
  const plugin = join(repository, 'clients/docusaurus');
  const site = join(repository, 'examples/textbook/site');
  const sources = ['package.json', 'src', 'auth.css', 'theme.d.ts', 'tsconfig.build.json'];
  await npmCi('Installing the Docusaurus plugin, once', plugin, [], run, environment);
  await npmCi(
    'Installing the site, once: that may take some minutes',
    site,
    sources.map((name) => join(plugin, name)),
    run,
    environment,
  );
}

async function npmCi(
  sentence: string,
  cwd: string,
  sources: readonly string[],
  run: Run,
  env: Environment,
): Promise<void> {
  const inputs = ['package.json', 'package-lock.json'].map((name) => join(cwd, name));
  // npm writes this one last, whoever calls it.
  const mark = join(cwd, 'node_modules/.package-lock.json');
  if (await isNewer(mark, [...inputs, ...sources])) return;
  await run(sentence, { command: 'npm', args: ['ci', '--no-audit', '--no-fund'], cwd, env });
}

/** @param inputs files, or folders with everything in them */
async function isNewer(mark: string, inputs: readonly string[]): Promise<boolean> {
  if (!(await exists(mark))) return false;
  const { mtimeMs } = await stat(mark);
  for (const input of inputs) {
    const names = (await stat(input)).isDirectory()
      ? await readdir(input, { recursive: true })
      : [];
    const files = names.filter((name) => !name.includes('__pycache__'));
    for (const file of [input, ...files.map((name) => join(input, name))]) {
      if ((await stat(file)).mtimeMs > mtimeMs) return false;
    }
  }
  return true;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
