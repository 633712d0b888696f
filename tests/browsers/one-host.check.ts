/** The textbook with site, auth service and API on one host behind a reverse proxy. */
import { oneHost } from './system/topology.js';
import { testTextbook } from './textbook.js';

testTextbook(oneHost);
