/** Two instances that do not have the same secrets. */
import { testSecret } from '../support/test-service.js';
import type { Fault, FaultList } from './fault.js';

const otherSecret = 'another-secret-that-is-long-enough-9876543210';

/** A second instance takes part of the requests, or all of them. */
const beside =
  (secrets: Readonly<Record<string, string>>, isAlone: boolean): Fault['begin'] =>
  async (system, server, direct) => {
    const second = await system.start(secrets);
    direct(second.url, ...(isAlone ? [] : [server.url]));
    return async () => {
      direct(server.url);
      await second.process.stop();
    };
  };

export const secretFaults: FaultList = [
  {
    name: 'Two instances with different secrets',
    users: 'signed out at one instance, signed in at the other',
    todo: 'compare the fingerprints in the lines `startup`; set the same secrets for all instances',
    fails: 'some',
    causes: [],
    refuses: { reason: 'bad_signature', names: 'BETTER_AUTH_SECRET' },
    begin: beside({ BETTER_AUTH_SECRET: otherSecret }, true),
  },
  {
    name: 'Secret rotated at half of the instances',
    users: 'nothing',
    todo: 'nothing, if each has both secrets ([rotating secrets](rotating-secrets.md))',
    fails: 'nothing',
    causes: [],
    setUp: () => Promise.resolve({ env: rotating(`1:${testSecret},2:${otherSecret}`) }),
    begin: beside(rotating(`2:${otherSecret},1:${testSecret}`), false),
  },
];

function rotating(secrets: string) {
  return { BETTER_AUTH_SECRET: '', BETTER_AUTH_SECRETS: secrets };
}
