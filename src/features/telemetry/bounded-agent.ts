/**
 * Connections that end after a fixed time. The exporter's own timeout only counts the time without a byte: a receiver that
 * sends one now and then would hold an export for ever, and after some of them nothing would be exported any more.
 */
import type { Agent } from 'node:http';

/** @returns for the exporter's `httpAgentOptions`: a new connection for each request, closed after `totalMs` */
export function boundedAgent(totalMs: number): (protocol: string) => Promise<Agent> {
  return async function createAgent(protocol) {
    const { Agent } = protocol === 'http:' ? await import('node:http') : await import('node:https');
    const agent = new Agent({ keepAlive: false });
    const connect = agent.createConnection.bind(agent);
    agent.createConnection = (...args) => {
      const socket = connect(...args);
      const timer = setTimeout(() => {
        socket?.destroy(new Error(`the receiver has not answered within ${totalMs} ms`));
      }, totalMs);
      timer.unref();
      socket?.once('close', () => clearTimeout(timer));
      return socket;
    };
    return agent;
  };
}
