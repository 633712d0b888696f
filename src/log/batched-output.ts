/**
 * Standard output for a long-running process. Lines of one event loop iteration are written together, because one write
 * per request reduces throughput by a third. Never blocks on a slow reader: lines are dropped instead. The process must
 * exit with `exitAfterFlush`.
 */
import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import { pino, type DestinationStream } from 'pino';

/** Lines are dropped when more than this is buffered. */
const maxBufferedBytes = 8 * 1024 * 1024;

export interface LogOutput extends DestinationStream {
  /** Calls back when everything passed to `write` before has been written. */
  flush(done: () => void): void;
}

/** @param fd file descriptor to write to */
export function batchedOutput(fd = 1): LogOutput {
  const target = isPipe(fd) ? pipeOutput(fd) : fileOutput(fd);
  let lines: string[] = [];
  const send = () => {
    if (lines.length > 0) target.write(lines.join(''));
    lines = [];
  };
  return {
    write(line) {
      if (lines.push(line) === 1) setImmediate(send);
    },
    flush(done) {
      send();
      target.flush(done);
    },
  };
}

function isPipe(fd: number): boolean {
  const stats = fstatSync(fd);
  return stats.isFIFO() || stats.isSocket();
}

/**
 * Non-blocking, through the event loop. A pool thread would block when writing to a full pipe, and `process.exit` waits
 * for such a thread.
 */
function pipeOutput(fd: number): LogOutput {
  const pipe = new Socket({ fd, readable: false, writable: true });
  pipe.on('error', () => undefined); // there is nowhere left to report it
  // Unread lines must not keep the process alive.
  pipe.unref();
  return {
    write(text) {
      if (!pipe.destroyed && pipe.writableLength <= maxBufferedBytes) pipe.write(text);
    },
    flush(done) {
      if (pipe.destroyed) done();
      else pipe.write('', () => done());
    },
  };
}

function fileOutput(fd: number): LogOutput {
  // At least one byte: with 0, a flush would not wait for the pending write.
  const output = pino.destination({
    dest: fd,
    sync: false,
    minLength: 1,
    maxLength: maxBufferedBytes,
  });
  output.on('error', () => undefined);
  return { write: (text) => output.write(text), flush: (done) => output.flush(() => done()) };
}
