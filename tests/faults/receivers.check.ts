/** The fault matrix: what the service sends to. */
import { receiverFaults } from './receiver-faults.js';
import { runFaults } from './run-faults.js';

runFaults('receivers', receiverFaults);
