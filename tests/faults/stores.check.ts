/** The fault matrix: Redis and the read replica. */
import { runFaults } from './run-faults.js';
import { storeFaults } from './store-faults.js';

runFaults('stores', storeFaults);
