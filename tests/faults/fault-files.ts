/** Every fault, by the file that makes it; in the order of the table in docs/operating.md. */
import { clockFaults } from './clock-faults.js';
import { databaseFaults } from './database-faults.js';
import type { FaultList } from './fault.js';
import { networkFaults } from './network-faults.js';
import { receiverFaults } from './receiver-faults.js';
import { secretFaults } from './secret-faults.js';
import { storeFaults } from './store-faults.js';

export const faultFiles = {
  database: databaseFaults,
  network: networkFaults,
  instances: [...clockFaults, ...secretFaults],
  stores: storeFaults,
  receivers: receiverFaults,
} as const satisfies Readonly<Record<string, FaultList>>;
