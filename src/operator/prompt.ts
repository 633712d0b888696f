/** Prompts for the operator, on standard error, so that standard output contains only the result. */
import { createInterface } from 'node:readline/promises';
import { CommandRefusedError } from './command-refused.js';

const { stdin, stderr } = process;

/** Standard input is not a terminal; the message names the option to use instead of a prompt. */
export class NoTerminalError extends CommandRefusedError {
  override readonly name = 'NoTerminalError';
}

/** @returns whether the answer is yes */
export async function confirm(question: string): Promise<boolean> {
  if (!stdin.isTTY) throw new NoTerminalError('no terminal for confirmation: add --yes');
  const lines = createInterface({ input: stdin, output: stderr });
  const answer = await lines.question(`${question} [y/N] `);
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Reads a line without echoing it. */
export async function promptSecret(question: string): Promise<string> {
  if (!stdin.isTTY) {
    throw new NoTerminalError('no terminal for the password: add --password-stdin');
  }
  stderr.write(`${question}: `);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8').resume();
  try {
    return await readLine();
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
}

function readLine(): Promise<string> {
  return new Promise((resolve) => {
    let line = '';
    const onData = (chunk: string) => {
      for (const key of chunk) {
        if (key === '\r' || key === '\n' || key === '\u0004') {
          stdin.off('data', onData);
          resolve(line);
          return;
        }
        if (key === '\u0003')
          process.kill(process.pid, 'SIGINT'); // raw mode delivers Ctrl-C as a character
        else if (key === '\u007f' || key === '\b') line = line.replace(/.$/u, '');
        else line += key;
      }
    };
    stdin.on('data', onData);
  });
}

const maxInputLength = 10_000;

/** Reads standard input, without the trailing line break that `echo` adds. */
export async function readStdin(): Promise<string> {
  let text = '';
  stdin.setEncoding('utf8');
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.length > maxInputLength) break; // the caller rejects it for its length
  }
  return text.replace(/\r?\n$/, '');
}
