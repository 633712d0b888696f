/** Readable colours where a person looks; JSON lines everywhere else. */
import type { DestinationStream } from 'pino';

/** pino-pretty's stream in a terminal where it is installed; undefined otherwise. */
export async function terminalDestination(): Promise<DestinationStream | undefined> {
  if (!process.stdout.isTTY) return undefined;
  const pretty = await import('pino-pretty').catch(() => undefined); // a development dependency
  return pretty?.default({ colorize: true, translateTime: 'SYS:HH:MM:ss', sync: true });
}
