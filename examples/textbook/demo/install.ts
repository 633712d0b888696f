/** Installs the parts' dependencies, like make: only if an input is newer than the last installation. */
import { access, cp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../../src/config/environment.js';
import { findPython } from './find-python.js';
import { pythonFolder, type DemoSettings } from './settings.js';

/** Runs one program to completion. @throws if it fails */
export type Run = (
  step: string,
  command: { command: string; args: readonly string[]; cwd: string; env: Environment },
) => Promise<void>;

/**
 * Finds a Python for the API's virtual environment, before anything is started.
 * @returns a function that creates the environment if it is missing or outdated and returns its Python
 * @throws DemoError if no suitable Python is found
 */
export async function planApi(settings: DemoSettings): Promise<(run: Run) => Promise<string>> {
  const { repository, environment: env } = settings;
  const cwd = join(repository, 'examples/textbook/api');
  const client = join(repository, 'clients/fastapi');
  const folder = pythonFolder(settings);
  const python = join(folder, 'bin/python');
  // Written last, so that an interrupted installation is restarted.
  const stamp = join(folder, 'installed');
  const inputs = [
    join(cwd, 'requirements.txt'),
    join(client, 'pyproject.toml'),
    join(client, 'src'),
  ];
  // It is a symbolic link to a Python that may have been removed.
  if ((await isNewer(stamp, inputs)) && (await exists(python)))
    return () => Promise.resolve(python);
  const found = await findPython(env);
  return async function installApi(run) {
    const venv = ['-m', 'venv', '--clear', folder];
    await run(`Creating a virtual environment for the API with ${found} (once)`, {
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
      '--prefer-binary',
      '-r',
      'requirements.txt',
    ];
    await run('Installing the FastAPI client and uvicorn in it (once)', {
      command: python,
      args: pip,
      cwd,
      env,
    });
    await writeFile(stamp, '');
    return python;
  };
}

/**
 * Installs the site with its 1,200 packages, builds the plugin concurrently, and copies it into the site. The plugin is
 * built with this repository's compiler and without type checking, which would need 430 more packages and is done in
 * CI.
 */
export async function installSite(settings: DemoSettings, run: Run): Promise<void> {
  const { repository, dataDirectory, environment: env } = settings;
  const plugin = join(repository, 'clients/docusaurus');
  const site = join(repository, 'examples/textbook/site');
  // Written last, so that an interrupted installation is restarted; npm removes it with node_modules.
  const stamp = join(site, 'node_modules/.demo-installed');
  const inputs = [
    ...['package.json', 'package-lock.json'].map((name) => join(site, name)),
    ...['package.json', 'src', 'auth.css', 'theme.d.ts', 'tsconfig.build.json'].map((name) =>
      join(plugin, name),
    ),
  ];
  if (await isNewer(stamp, inputs)) return;
  const built = join(dataDirectory, 'demo-plugin');
  const compiler = join(repository, 'node_modules/typescript/bin/tsc');
  const compile = ['-p', 'tsconfig.build.json', '--noCheck', '--types', 'node', '--outDir', built];
  // Without install scripts, which would build the plugin, whose dependencies are not installed.
  const npmOptions = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  await Promise.all([
    run('Building the Docusaurus plugin (once)', {
      command: process.execPath,
      args: [compiler, ...compile],
      cwd: plugin,
      env,
    }),
    run('Installing the site, 1,200 packages (once)', {
      command: 'npm',
      args: ['ci', ...npmOptions, '--loglevel=error'],
      cwd: site,
      env,
    }),
  ]);
  const copy = join(site, 'node_modules/docusaurus-plugin-auth-service/dist');
  await rm(copy, { recursive: true, force: true });
  await cp(built, copy, { recursive: true });
  await writeFile(stamp, '');
}

/** @param inputs files, or folders including their contents */
async function isNewer(stamp: string, inputs: readonly string[]): Promise<boolean> {
  if (!(await exists(stamp))) return false;
  const { mtimeMs } = await stat(stamp);
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
