/**
 * Standard output for a process that lives until it ends by itself: lines of one turn of the event loop leave together,
 * because one write a request costs a third of all checks a second. Never waits for a reader: where none reads, lines
 * are dropped. Such a process ends with `exitAfterFlush`.
 */
import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import { pino, type DestinationStream } from 'pino';

/** What may wait to be written; lines beyond it are dropped. */
const maxBufferedBytes = 8 * 1024 * 1024;

export interface LogOutput extends DestinationStream {
  /** Calls back when everything is written that was handed over before. */
  flush(done: () => void): void;
}

/** @param fd what is written to */
export function batchedOutput(fd = 1): LogOutput {
  return isPipe(fd) ? pipeOutput(fd) : fileOutput(fd);
}

function isPipe(fd: number): boolean {
  const stats = fstatSync(fd);
  return stats.isFIFO() || stats.isSocket();
}

/**
 * By the event loop, which asks a pipe whether it takes more. A thread that writes into a full pipe would hang in it,
 * and a process with such a thread cannot end: `process.exit` waits for it.
 */
function pipeOutput(fd: number): LogOutput {
  const pipe = new Socket({ fd, readable: false, writable: true });
  pipe.on('error', () => undefined); // there is nowhere left to tell
  // A line that nobody takes is no reason to live.
  pipe.unref();
  let lines: string[] = [];
  const send = (done?: () => void) => {
    const text = lines.join('');
    lines = [];
    if (pipe.destroyed) done?.();
    else pipe.write(text, done && (() => done()));
  };
  return {
    write(line) {
      if (pipe.destroyed || pipe.writableLength > maxBufferedBytes) return;
      if (lines.push(line) === 1) setImmediate(() => lines.length > 0 && send());
    },
    flush: send,
  };
}

function fileOutput(fd: number): LogOutput {
  // A minimum of one byte: with none, a flush would not wait for the write that is under way.
  const output = pino.destination({
    dest: fd,
    sync: false,
    minLength: 1,
    maxLength: maxBufferedBytes,
  });
  output.on('error', () => undefined);
  return { write: (line) => output.write(line), flush: (done) => output.flush(() => done()) };
}
