/** Installs what the parts need, as make would: only where something is newer than the last installation. */
import { access, cp, readdir, rm, stat, writeFile } from 'node:fs/promises';
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
 * Looks for what the API's virtual environment needs, before anything is started.
 * @returns makes that environment where it is missing or old, and gives its Python
 * @throws DemoError where there is no Python to make it with
 */
export async function planApi(settings: DemoSettings): Promise<(run: Run) => Promise<string>> {
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
  if ((await isNewer(mark, inputs)) && (await exists(python))) return () => Promise.resolve(python);
  const found = await findPython(env);
  return async function installApi(run) {
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
      '--prefer-binary',
      '-r',
      'requirements.txt',
    ];
    await run('Installing the FastAPI client and uvicorn there, once', {
      command: python,
      args: pip,
      cwd,
      env,
    });
    await writeFile(mark, '');
    return python;
  };
}

/**
 * The site with its 1,200 packages, and beside that the plugin, whose files then take their place in it. The plugin is
 * built with this repository's own compiler and without a check of its types: what that would need is 430 packages
 * more, and CI has checked them.
 */
export async function installSite(settings: DemoSettings, run: Run): Promise<void> {
  const { repository, dataDirectory, environment: env } = settings;
  const plugin = join(repository, 'clients/docusaurus');
  const site = join(repository, 'examples/textbook/site');
  // Written last, so that an interrupted installation is begun anew; npm removes it with everything else.
  const mark = join(site, 'node_modules/.demo-installed');
  const inputs = [
    ...['package.json', 'package-lock.json'].map((name) => join(site, name)),
    ...['package.json', 'src', 'auth.css', 'theme.d.ts', 'tsconfig.build.json'].map((name) =>
      join(plugin, name),
    ),
  ];
  if (await isNewer(mark, inputs)) return;
  const built = join(dataDirectory, 'demo-plugin');
  const compiler = join(repository, 'node_modules/typescript/bin/tsc');
  const compile = ['-p', 'tsconfig.build.json', '--noCheck', '--types', 'node', '--outDir', built];
  // Without the packages' scripts: they would build the plugin, for which its own packages are not there.
  const quickly = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  await Promise.all([
    run('Building the Docusaurus plugin, once', {
      command: process.execPath,
      args: [compiler, ...compile],
      cwd: plugin,
      env,
    }),
    run('Installing the site, 1,200 packages, once', {
      command: 'npm',
      args: ['ci', ...quickly, '--loglevel=error'],
      cwd: site,
      env,
    }),
  ]);
  const copy = join(site, 'node_modules/docusaurus-plugin-auth-service/dist');
  await rm(copy, { recursive: true, force: true });
  await cp(built, copy, { recursive: true });
  await writeFile(mark, '');
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
