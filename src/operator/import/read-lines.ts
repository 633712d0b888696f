/** Reads a file line by line, without holding more than one line. */

/** Longer lines are not parsed: a user of an export has a few kilobytes. */
const maxLineBytes = 1024 * 1024;

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Undefined if the line is too long. */
  readonly bytes: Buffer | undefined;
  /** Bytes of the file that were read so far. */
  readonly position: number;
}

/** Yields every line, without its line feed. */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let length = 0;
  let number = 0;
  let position = 0;
  const take = (): Line => {
    const bytes = length > maxLineBytes ? undefined : Buffer.concat(parts);
    parts = [];
    length = 0;
    number += 1;
    return { number, bytes, position };
  };
  const add = (part: Buffer) => {
    length += part.length;
    if (length <= maxLineBytes) parts.push(part);
    else parts = [];
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      add(chunk.subarray(from, at));
      position += at + 1 - from;
      from = at + 1;
      yield take();
    }
    add(chunk.subarray(from));
    position += chunk.length - from;
  }
  if (length > 0) yield take();
}
