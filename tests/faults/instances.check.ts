/** The fault matrix: the service's own clock and secrets. */
import { clockFaults } from './clock-faults.js';
import { runFaults } from './run-faults.js';
import { secretFaults } from './secret-faults.js';

runFaults('instances', [...clockFaults, ...secretFaults]);
