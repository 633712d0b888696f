/** A program in a separate process with only the given environment: output, signals and exit. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

export interface Spawned {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Waits until standard output contains the text. @throws if the process exits without it */
  readonly printed: (text: string) => Promise<void>;
  /** Its exit status after all output has been received; null if a signal ended it. */
  readonly exit: Promise<number | null>;
  signal(name: NodeJS.Signals): void;
}

type Variables = Readonly<Record<string, string | undefined>>;

const cwd = tmpdir(); // where no .env file adds variables

/** @param source below src/, such as `db/migrate-command.ts` */
export function spawnSource(source: string, env: Variables, args: readonly string[] = []): Spawned {
  return spawnCommand(process.execPath, [builtFrom(source), ...args], {
    cwd,
    env,
  });
}

/** @param source below src/; @returns the built file */
export function builtFrom(source: string): string {
  const part = source.startsWith('dev/') ? 'development' : 'dist';
  return join(inject('builtFolder'), part, source.replace(/\.ts$/, '.js'));
}

/** @param path below the repository */
export function spawnProgram(path: string, env: Variables, args: readonly string[] = []): Spawned {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const loaded = ['--import', import.meta.resolve('tsx'), file, ...args];
  return spawnCommand(process.execPath, loaded, { cwd, env });
}

export function spawnCommand(
  command: string,
  args: readonly string[],
  { cwd, env }: { cwd: string; env: Variables },
): Spawned {
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  let hasEnded = false;
  const exit = once(child, 'close').then(([code]) => {
    hasEnded = true;
    return code as number | null;
  });
  return {
    stdout: () => stdout,
    stderr: () => stderr,
    async printed(text) {
      while (!stdout.includes(text)) {
        if (hasEnded) throw new Error(`it ended without "${text}": ${stdout}${stderr}`);
        await Promise.race([once(child.stdout, 'data'), exit]);
      }
    },
    exit,
    signal: (name) => void child.kill(name),
  };
}
