/** Sends one request over a real socket, the same bytes to each server, and returns the response byte for byte. */
import { Agent, request } from 'node:http';
import { text as readText } from 'node:stream/consumers';

export interface Exchange {
  readonly status: number;
  /** Name in lower case and value of each header line, in order. */
  readonly headers: readonly (readonly [string, string])[];
  /** One character per byte. */
  readonly body: string;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
}

export interface Client {
  ask(url: string, asked: Asked): Promise<Exchange>;
  close(): void;
}

/** A client with persistent connections that adds only a Host header, the same one for every server. */
export function createClient(): Client {
  const agent = new Agent({ keepAlive: true });
  return {
    async ask(url, { method, path, headers }) {
      const lines = ['Host', 'localhost:3001', ...headers.flat()];
      return new Promise((resolve, reject) => {
        const { port } = new URL(url);
        const options = { agent, port, host: '127.0.0.1', method, path, headers: lines };
        request(options, (response) => {
          readText(response.setEncoding('latin1')).then((body) => {
            const { statusCode: status = 0, rawHeaders: raw } = response;
            const names = raw.filter((_, at) => at % 2 === 0);
            resolve({
              status,
              headers: names.map((name, at) => [name.toLowerCase(), raw[2 * at + 1] ?? '']),
              body,
            });
          }, reject);
        })
          .on('error', reject)
          .end();
      });
    },
    close: () => agent.destroy(),
  };
}

/** The values of all lines of this name. */
export function valuesOf({ headers }: Exchange, name: string): string[] {
  return headers.filter(([key]) => key === name).map(([, value]) => value);
}
