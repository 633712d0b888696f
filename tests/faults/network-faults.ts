/** Faults between the service and its database. */
import type { Fault, FaultList } from './fault.js';
import { nameFaults } from './name-faults.js';
import type { System } from './system.js';

const throughRelay: Fault['setUp'] = ({ network }: System) =>
  Promise.resolve({ env: { DATABASE_URL: network.url } });

const healed =
  ({ network }: System) =>
  () =>
    network.heal();

export const networkFaults: FaultList = [
  {
    name: 'Connections reset',
    users: 'errors for some requests; nobody is signed out',
    todo: 'find what closes connections: a proxy, a pooler or a firewall',
    fails: 'some',
    causes: ['DATABASE_UNREACHABLE'],
    setUp: throughRelay,
    begin(system) {
      const timer = setInterval(() => {
        system.network.cut();
      }, 20);
      return Promise.resolve(async () => {
        clearInterval(timer);
        await system.network.heal();
      });
    },
  },
  {
    name: 'Responses cut off half way',
    users: 'errors; nobody is signed out',
    todo: 'replace the proxy in front of the database',
    fails: 'reads and writes',
    causes: ['DATABASE_UNREACHABLE'],
    setUp: throughRelay,
    begin(system) {
      system.network.cutResponses();
      return Promise.resolve(healed(system));
    },
  },
  {
    name: 'Database behind a slow link',
    users: 'errors after up to ten seconds; nobody is signed out',
    todo: 'measure the link; run the service near its database',
    fails: 'reads and writes',
    causes: ['DATABASE_SLOW', 'DATABASE_NOT_ANSWERING', 'DATABASE_OVERLOADED'],
    setUp: throughRelay,
    begin(system) {
      system.network.trickle(40);
      return Promise.resolve(healed(system));
    },
  },
  {
    name: 'Packets swallowed',
    users: 'errors after up to ten seconds; nobody is signed out',
    todo: 'look for a firewall or a route that drops packets without an answer',
    fails: 'reads and writes',
    causes: ['DATABASE_SLOW', 'DATABASE_NOT_ANSWERING', 'DATABASE_OVERLOADED'],
    setUp: throughRelay,
    begin(system) {
      system.network.freeze();
      return Promise.resolve(healed(system));
    },
  },
  ...nameFaults(),
];
