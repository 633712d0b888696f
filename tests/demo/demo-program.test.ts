/**
 * The programs of `npm run demo`: when one counts as started, which output is kept, and that no process is left
 * running.
 */
import { expect, test } from 'vitest';
import {
  startProgram,
  untilAnswers,
  untilOneEnds,
  type Program,
} from '../../examples/textbook/demo/program.js';
import { freePort } from '../../src/dev/free-port.js';
import { isAlive } from '../support/dev-process.js';
import { until } from '../support/until.js';

function node(program: string): Program {
  const env = { PATH: process.env.PATH };
  const args = ['--eval', program];
  return startProgram({ what: 'the part', command: process.execPath, args, cwd: '/', env });
}

/** Answers 503 twice, then 200. */
const server = (port: number) => `
  let asked = 0;
  const answer = (req, res) => res.writeHead((asked += 1) < 3 ? 503 : 200).end();
  require('node:http').createServer(answer).listen(${port}, 'localhost', () => console.log('up'));`;

test('a program has started when it responds with success, and stop ends it', async () => {
  const port = await freePort();
  const part = node(server(port));
  await untilAnswers(part, `http://localhost:${port}/`, 30_000);
  expect(part.lastLines()).toEqual(['up']);
  await part.stop();
  expect(await part.ended).toBeNull();
  await expect(fetch(`http://localhost:${port}/`)).rejects.toThrow();
});

test('a program that exits before it responds is reported immediately, with its output', async () => {
  const part = node("console.error('the reason'); process.exitCode = 3");
  const url = `http://localhost:${await freePort()}/`;
  await expect(untilAnswers(part, url, 60_000)).rejects.toThrow('the part exited with status 3');
  expect(part.lastLines()).toEqual(['the reason']);
});

test('a program that never responds is reported after the timeout', async () => {
  const part = node('setInterval(() => {}, 1000)');
  const url = `http://localhost:${await freePort()}/`;
  await expect(untilAnswers(part, url, 300)).rejects.toThrow(`did not respond at ${url}`);
  await part.stop();
});

test('a command that does not exist is reported', async () => {
  const what = 'the part';
  const part = startProgram({ what, command: '/nothing/here', args: [], cwd: '/', env: {} });
  await expect(untilOneEnds([part])).rejects.toThrow('the part could not be started');
  expect(part.lastLines().join()).toContain('ENOENT');
  await part.stop();
});

test('the first of several programs that exits is reported', async () => {
  const steady = node('setInterval(() => {}, 1000)');
  await expect(untilOneEnds([steady, node('process.exitCode = 4')])).rejects.toThrow('status 4');
  await steady.stop();
});

test('stop also ends child processes of a program', async () => {
  const part = node(`
    const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    console.log(child.pid);`);
  await until(() => part.lastLines().length === 1);
  const grandchild = Number(part.lastLines()[0]);
  expect(isAlive(grandchild)).toBe(true);
  await part.stop();
  await until(() => !isAlive(grandchild));
});

test('lines are passed on as they arrive', async () => {
  const part = node("console.log('one'); console.log('two'); console.error('three')");
  const lines: string[] = [];
  part.listen((line) => lines.push(line));
  expect(await part.ended).toBe(0);
  expect(lines.sort()).toEqual(['one', 'three', 'two']);
});
