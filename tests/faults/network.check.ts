/** The fault matrix: the network between the service and its database. */
import { networkFaults } from './network-faults.js';
import { runFaults } from './run-faults.js';

runFaults('network', networkFaults);
