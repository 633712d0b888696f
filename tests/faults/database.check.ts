/** The fault matrix: the database. */
import { databaseFaults } from './database-faults.js';
import { runFaults } from './run-faults.js';

runFaults('database', databaseFaults);
